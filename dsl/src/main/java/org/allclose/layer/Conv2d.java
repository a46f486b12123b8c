package org.allclose.layer;

import java.util.List;
import java.util.Optional;
import org.allclose.init.Initializer;
import org.allclose.internal.kernel.elementwise.Elementwise;
import org.allclose.internal.kernel.image.ConvolutionKernel;
import org.allclose.internal.kernel.image.PooledConvolution;
import org.allclose.internal.kernel.image.Windows;
import org.allclose.internal.kernel.product.Epilogue;
import org.allclose.internal.kernel.reduce.Sums;
import org.allclose.internal.kernel.runtime.Parallel;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * Convolution of images, as cross-correlation: {@code y[n, f] = sum over (c, i, j) of W[f, c, i, j]
 * * window(n, c, i, j) + b[f]}.
 *
 * <p>Shapes: x (n, C, H, W), W (F, C, KH, KW), b (F), result (n, F, OH, OW) with {@code OH = (H + 2
 * * padding - KH) / stride + 1}, rounded down: rows and columns that a last window does not cover
 * are not read, unless {@link #exact} refuses such settings.
 *
 * <p>Computed as the matrix product of the filters (F, C * KH * KW) and the unfolded input, in
 * numpy's order. {@code db} is numpy's {@code dout.sum(axis=(0, 2, 3))}.
 *
 * <p>Source: the reference's {@code conv2d_forward} and {@code conv2d_backward}; cs231n {@code
 * conv_forward_naive}.
 *
 * @param filters the number of output channels
 * @param kernel rows and columns of a filter
 * @param stride rows and columns from a window to the next
 * @param padding rows and columns of zeros on each side
 * @param bias whether b is added
 * @param exact whether windows must cover the padded input without rest
 * @param initializer how W starts; empty if as all weights of the network. It is no part of a
 *     network file
 */
public record Conv2d(
    int filters,
    Extent2d kernel,
    Extent2d stride,
    Extent2d padding,
    boolean bias,
    boolean exact,
    Optional<Initializer> initializer)
    implements Layer {

  /** Rows and columns of a filter where nothing is said. */
  public static final Extent2d DEFAULT_KERNEL = Extent2d.of(3);

  /** The stride where nothing is said. */
  public static final Extent2d DEFAULT_STRIDE = Extent2d.of(1);

  /** The padding where nothing is said: none. */
  public static final Extent2d DEFAULT_PADDING = Extent2d.of(0);

  /** Whether a layer has a bias where nothing is said. */
  public static final boolean DEFAULT_BIAS = true;

  /** Whether windows must cover the padded input without rest where nothing is said. */
  public static final boolean DEFAULT_EXACT = false;

  /**
   * @throws IllegalArgumentException if a number is too small
   */
  public Conv2d {
    if (filters < 1) {
      throw new IllegalArgumentException("expected at least 1 filter but got " + filters);
    }
    kernel.atLeast(1, "kernel");
    stride.atLeast(1, "stride");
    padding.atLeast(0, "padding");
  }

  /** A layer with the given number of filters and the defaults. */
  public Conv2d(int filters) {
    this(
        filters,
        DEFAULT_KERNEL,
        DEFAULT_STRIDE,
        DEFAULT_PADDING,
        DEFAULT_BIAS,
        DEFAULT_EXACT,
        Optional.empty());
  }

  /** Returns the same layer with square filters. */
  public Conv2d kernel(int both) {
    return kernel(both, both);
  }

  /** Returns the same layer with filters of other rows and columns. */
  public Conv2d kernel(int height, int width) {
    return new Conv2d(
        filters, new Extent2d(height, width), stride, padding, bias, exact, initializer);
  }

  /** Returns the same layer with another stride in both directions. */
  public Conv2d stride(int both) {
    return stride(both, both);
  }

  /** Returns the same layer with another stride. */
  public Conv2d stride(int height, int width) {
    return new Conv2d(
        filters, kernel, new Extent2d(height, width), padding, bias, exact, initializer);
  }

  /** Returns the same layer with another padding in both directions. */
  public Conv2d padding(int both) {
    return padding(both, both);
  }

  /** Returns the same layer with another padding. */
  public Conv2d padding(int height, int width) {
    return new Conv2d(
        filters, kernel, stride, new Extent2d(height, width), bias, exact, initializer);
  }

  /** Returns the same layer with or without a bias. */
  public Conv2d bias(boolean present) {
    return new Conv2d(filters, kernel, stride, padding, present, exact, initializer);
  }

  /** Returns the same layer that refuses inputs which its windows do not cover without rest. */
  public Conv2d exact(boolean required) {
    return new Conv2d(filters, kernel, stride, padding, bias, required, initializer);
  }

  /** Returns the same layer whose weights start in their own way. */
  public Conv2d initializer(Initializer own) {
    return new Conv2d(filters, kernel, stride, padding, bias, exact, Optional.of(own));
  }

  @Override
  public String type() {
    return "conv2d";
  }

  @Override
  public String namePrefix() {
    return "conv";
  }

  @Override
  public Shape outputShape(Shape input) {
    Windows windows = windows(input);
    return Shape.of(filters, windows.outputHeight(), windows.outputWidth());
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    ParameterSpec weights =
        ParameterSpec.weight("W", Shape.of(filters, input.axis(0), kernel.height(), kernel.width()))
            .startingWith(initializer);
    return bias ? List.of(weights, ParameterSpec.bias("b", Shape.of(filters))) : List.of(weights);
  }

  @Override
  public Pass pass(LayerContext binding) {
    return new ConvPass(this, binding, false);
  }

  /** ReLU is done to the output while it is at hand. */
  @Override
  public Optional<Pass> passWith(Layer next, LayerContext binding) {
    return next instanceof Relu ? Optional.of(new ConvPass(this, binding, true)) : Optional.empty();
  }

  /** With ReLU and a pool of two by two, outputs and their gradients stay in the cache. */
  @Override
  public Optional<Pass> passWith(Layer next, Layer afterNext, LayerContext binding) {
    Windows windows = windows(binding.input());
    return next instanceof Relu
            && afterNext instanceof MaxPool2d pool
            && PooledConvolution.fits(
                windows,
                filters,
                pool.windows(outputShape(binding.input())),
                binding.batch(),
                binding.parallel())
        ? Optional.of(new ConvPoolPass(this, windows, binding))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "conv2d("
        + filters
        + ", kernel "
        + kernel
        + (stride.equals(DEFAULT_STRIDE) ? "" : ", stride " + stride)
        + (padding.equals(DEFAULT_PADDING) ? "" : ", padding " + padding)
        + (bias ? "" : ", no bias")
        + (exact ? ", exact" : "")
        + ")";
  }

  private Windows windows(Shape input) {
    return Images.windows(input, kernel, stride, padding, exact);
  }

  private static final class ConvPass implements Pass {
    private final Conv2d layer;
    private final LayerContext binding;
    private final Windows windows;
    private final int filters;
    private final boolean bias;
    private final boolean relu;
    private final ConvolutionKernel kernel;
    private final Tensor out;
    private Tensor input = Tensor.EMPTY;
    private Tensor dx = Tensor.EMPTY;
    private Tensor masked = Tensor.EMPTY;
    private Tensor upstream = Tensor.EMPTY;
    private final Parallel.Task maskImage = this::maskImage;

    ConvPass(Conv2d layer, LayerContext binding, boolean relu) {
      this.layer = layer;
      this.binding = binding;
      this.relu = relu;
      windows = layer.windows(binding.input());
      filters = layer.filters;
      bias = layer.bias;
      Epilogue affine = bias ? Epilogue.rowBias(binding.parameter("b").unwrap(), 0) : Epilogue.NONE;
      kernel =
          ConvolutionKernel.of(
              windows,
              filters,
              binding.batch(),
              relu ? affine.withRelu() : affine,
              binding.parallel());
      out = binding.newBatch(layer.outputShape(binding.input()));
    }

    @Override
    public Tensor forward(Tensor x) {
      input = x;
      kernel.forward(x.unwrap(), weights(), out.unwrap());
      return out;
    }

    @Override
    public Tensor backward(Tensor dout) {
      if (dx.size() == 0) {
        dx = binding.newInputBatch();
      }
      Tensor daffine = backwardToParameters(dout);
      kernel.inputGradient(daffine.unwrap(), weights(), dx.unwrap());
      return dx;
    }

    @Override
    public void backwardParameters(Tensor dout) {
      backwardToParameters(dout);
    }

    @Override
    public Terms terms() {
      return new LinearTerms(layer, binding);
    }

    /** Returns the gradient of the convolution's own output, from which dx follows. */
    private Tensor backwardToParameters(Tensor dout) {
      Tensor daffine = relu ? mask(dout) : dout;
      kernel.weightGradient(input.unwrap(), daffine.unwrap(), binding.gradient("W").unwrap());
      if (bias) {
        Sums.ofChannels(
            daffine.unwrap(),
            binding.batch(),
            filters,
            windows.outputs(),
            binding.gradient("b").unwrap());
      }
      return daffine;
    }

    private Tensor mask(Tensor dout) {
      if (masked.size() == 0) {
        masked = Tensor.zeros(out.shape());
      }
      upstream = dout;
      binding.parallel().forRange(binding.batch(), maskImage);
      upstream = Tensor.EMPTY;
      return masked;
    }

    private void maskImage(int image) {
      int size = out.size() / binding.batch();
      Elementwise.reluGradient(
          upstream.unwrap(), out.unwrap(), masked.unwrap(), image * size, (image + 1) * size);
    }

    @Override
    public void release() {
      input = Tensor.EMPTY;
    }

    private double[] weights() {
      return binding.parameter("W").unwrap();
    }
  }

  /** The layer, ReLU and a pool of two by two. */
  private static final class ConvPoolPass implements Pass {
    private static final double[] NO_BIAS = {};

    private final LayerContext binding;
    private final boolean bias;
    private final PooledConvolution kernel;
    private final Tensor out;
    private Tensor input = Tensor.EMPTY;
    private Tensor dx = Tensor.EMPTY;

    ConvPoolPass(Conv2d layer, Windows windows, LayerContext binding) {
      this.binding = binding;
      bias = layer.bias;
      Epilogue affine = bias ? Epilogue.rowBias(binding.parameter("b").unwrap(), 0) : Epilogue.NONE;
      kernel =
          new PooledConvolution(
              windows, layer.filters, binding.batch(), affine.withRelu(), binding.parallel());
      out =
          binding.newBatch(
              Shape.of(layer.filters, windows.outputHeight() / 2, windows.outputWidth() / 2));
    }

    @Override
    public Tensor forward(Tensor x) {
      input = x;
      kernel.forward(x.unwrap(), weights(), out.unwrap());
      return out;
    }

    @Override
    public Tensor backward(Tensor dout) {
      if (dx.size() == 0) {
        dx = binding.newInputBatch();
      }
      backwardParameters(dout);
      kernel.inputGradient(dout.unwrap(), weights(), dx.unwrap());
      return dx;
    }

    @Override
    public void backwardParameters(Tensor dout) {
      kernel.weightGradient(
          input.unwrap(),
          dout.unwrap(),
          binding.gradient("W").unwrap(),
          bias ? binding.gradient("b").unwrap() : NO_BIAS);
    }

    @Override
    public void release() {
      input = Tensor.EMPTY;
    }

    private double[] weights() {
      return binding.parameter("W").unwrap();
    }
  }
}
