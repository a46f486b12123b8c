package org.allclose.internal.ops;

import java.util.Optional;
import org.allclose.internal.kernel.elementwise.Activations;
import org.allclose.internal.kernel.elementwise.Elementwise;
import org.allclose.internal.kernel.elementwise.Losses;
import org.allclose.internal.kernel.elementwise.Normalization;
import org.allclose.internal.kernel.elementwise.Softmax;
import org.allclose.internal.kernel.image.PooledConvolution;
import org.allclose.internal.kernel.image.Upsampling;
import org.allclose.internal.kernel.image.Windows;
import org.allclose.internal.kernel.reduce.Sums;
import org.allclose.internal.kernel.runtime.Parallel;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.random.RandomGenerator;

/** The operations in double precision: each is a call of the kernels. */
final class Float64Ops implements Ops {
  private final Parallel parallel;

  Float64Ops(Parallel parallel) {
    this.parallel = parallel;
  }

  @Override
  public LinearMap affine(int batch, Tensor w, Optional<Tensor> b, boolean relu) {
    return new Float64Affine(batch, w, b, relu, parallel);
  }

  @Override
  public LinearMap convolution(
      Windows windows, int batch, Tensor w, Optional<Tensor> b, boolean relu) {
    return new Float64Convolution(windows, batch, w, b, relu, parallel);
  }

  @Override
  public boolean fitsPooledConvolution(Windows windows, int filters, Windows pool, int batch) {
    return PooledConvolution.fits(windows, filters, pool, batch, parallel);
  }

  @Override
  public LinearMap pooledConvolution(Windows windows, int batch, Tensor w, Optional<Tensor> b) {
    return new Float64PooledConvolution(windows, batch, w, b, parallel);
  }

  @Override
  public Pool pool(Windows windows, int batch) {
    return new Float64Pool(windows, batch, parallel);
  }

  @Override
  public Masking masking(int batch) {
    return new Float64Masking(batch, parallel);
  }

  @Override
  public void add(Tensor a, Tensor b, Tensor out) {
    Elementwise.add(a.unwrap(), b.unwrap(), out.unwrap(), out.size());
  }

  @Override
  public void subtract(Tensor a, Tensor b, Tensor out) {
    Elementwise.subtract(a.unwrap(), b.unwrap(), out.unwrap(), out.size());
  }

  @Override
  public void multiply(Tensor a, Tensor b, Tensor out) {
    Elementwise.multiply(a.unwrap(), b.unwrap(), out.unwrap(), out.size());
  }

  @Override
  public void negate(Tensor x, Tensor out) {
    Elementwise.negate(x.unwrap(), out.unwrap(), out.size());
  }

  @Override
  public void scale(Tensor x, double factor, Tensor out) {
    Elementwise.scale(x.unwrap(), factor, out.unwrap(), out.size());
  }

  @Override
  public void addScaled(Tensor y, double factor, Tensor x) {
    Elementwise.addScaled(y.unwrap(), factor, x.unwrap(), y.size());
  }

  @Override
  public void relu(Tensor x, Tensor y) {
    Elementwise.relu(x.unwrap(), y.unwrap(), y.size());
  }

  @Override
  public void reluGradient(Tensor dout, Tensor y, Tensor dx) {
    Elementwise.reluGradient(dout.unwrap(), y.unwrap(), dx.unwrap(), dx.size());
  }

  @Override
  public void leakyRelu(Tensor x, double alpha, Tensor y) {
    Activations.leakyRelu(x.unwrap(), alpha, y.unwrap(), y.size());
  }

  @Override
  public void leakyReluGradient(Tensor dout, Tensor x, double alpha, Tensor dx) {
    Activations.leakyReluGradient(dout.unwrap(), x.unwrap(), alpha, dx.unwrap(), dx.size());
  }

  @Override
  public void sigmoid(Tensor x, Tensor y) {
    Activations.sigmoid(x.unwrap(), y.unwrap(), y.size());
  }

  @Override
  public void sigmoidGradient(Tensor dout, Tensor y, Tensor dx) {
    Activations.sigmoidGradient(dout.unwrap(), y.unwrap(), dx.unwrap(), dx.size());
  }

  @Override
  public void tanh(Tensor x, Tensor y) {
    Activations.tanh(x.unwrap(), y.unwrap(), y.size());
  }

  @Override
  public void tanhGradient(Tensor dout, Tensor y, Tensor dx) {
    Activations.tanhGradient(dout.unwrap(), y.unwrap(), dx.unwrap(), dx.size());
  }

  @Override
  public void gelu(Tensor x, Tensor y) {
    Activations.gelu(x.unwrap(), y.unwrap(), y.size());
  }

  @Override
  public void geluGradient(Tensor dout, Tensor x, Tensor dx) {
    Activations.geluGradient(dout.unwrap(), x.unwrap(), dx.unwrap(), dx.size());
  }

  @Override
  public void geluTanh(Tensor x, Tensor tangent, Tensor y) {
    Activations.geluTangent(x.unwrap(), tangent.unwrap(), y.size());
    Activations.geluTanh(x.unwrap(), tangent.unwrap(), y.unwrap(), y.size());
  }

  @Override
  public void geluTanhGradient(Tensor dout, Tensor x, Tensor tangent, Tensor dx) {
    Activations.geluTanhGradient(
        dout.unwrap(), x.unwrap(), tangent.unwrap(), dx.unwrap(), dx.size());
  }

  @Override
  public void putBlocks(Tensor x, int block, Tensor out, int start, int row) {
    for (int from = 0, to = start; from < x.size(); from += block, to += row) {
      System.arraycopy(x.unwrap(), from, out.unwrap(), to, block);
    }
  }

  @Override
  public void upsample(Tensor x, Extent2d factor, Tensor y) {
    Upsampling.forward(
        x.unwrap(),
        y.shape().axis(3) / factor.width(),
        factor.height(),
        factor.width(),
        y.unwrap());
  }

  @Override
  public void upsampleGradient(Tensor dy, Extent2d factor, Tensor dx) {
    Upsampling.gradient(
        dy.unwrap(), dx.shape().axis(3), factor.height(), factor.width(), dx.unwrap());
  }

  @Override
  public void softmax(Tensor x, Tensor y) {
    Softmax.probabilities(x.unwrap(), rows(y), columns(y), y.unwrap());
  }

  @Override
  public void softmaxGradient(Tensor dout, Tensor y, Tensor products, Tensor dx) {
    Activations.softmaxGradient(
        dout.unwrap(), y.unwrap(), rows(y), columns(y), products.unwrap(), dx.unwrap());
  }

  @Override
  public double sum(Tensor x) {
    return Sums.of(x.unwrap(), 0, x.size());
  }

  @Override
  public double sumOfSquares(Tensor x) {
    return Sums.ofSquares(x.unwrap(), x.size());
  }

  @Override
  public void sumOverRows(Tensor x, Groups columns, Tensor out) {
    Sums.overRows(x.unwrap(), columns.outer(), columns.groups(), out.unwrap());
  }

  @Override
  public void sumOfRows(Tensor x, Groups rows, Tensor out) {
    Sums.ofRows(x.unwrap(), rows.groups(), rows.inner(), out.unwrap());
  }

  @Override
  public void sumOfChannels(Tensor x, Groups g, Tensor out) {
    Sums.ofChannels(x.unwrap(), g.outer(), g.groups(), g.inner(), out.unwrap());
  }

  @Override
  public void momentsOverRows(Tensor x, Groups columns, Tensor mean, Tensor variance) {
    Sums.momentsOverRows(
        x.unwrap(), columns.outer(), columns.groups(), mean.unwrap(), variance.unwrap());
  }

  @Override
  public void momentsOfRows(Tensor x, Groups rows, Tensor mean, Tensor variance) {
    Sums.momentsOfRows(x.unwrap(), rows.groups(), rows.inner(), mean.unwrap(), variance.unwrap());
  }

  @Override
  public void momentsOfChannels(Tensor x, Groups g, Tensor mean, Tensor variance) {
    Sums.momentsOfChannels(
        x.unwrap(), g.outer(), g.groups(), g.inner(), mean.unwrap(), variance.unwrap());
  }

  @Override
  public void deviation(Tensor variance, double epsilon, Tensor deviation) {
    Normalization.deviation(variance.unwrap(), epsilon, deviation.unwrap(), deviation.size());
  }

  @Override
  public void normalize(Tensor x, Groups g, Tensor mean, Tensor deviation, Tensor out) {
    Normalization.normalize(
        x.unwrap(),
        g.outer(),
        g.groups(),
        g.inner(),
        mean.unwrap(),
        deviation.unwrap(),
        out.unwrap());
  }

  @Override
  public void scaleAndShift(Tensor x, Groups g, Tensor gamma, Tensor beta, Tensor out) {
    Normalization.scaleAndShift(
        x.unwrap(), g.outer(), g.groups(), g.inner(), gamma.unwrap(), beta.unwrap(), out.unwrap());
  }

  @Override
  public void scaleGroups(Tensor x, Groups g, Tensor gamma, Tensor out) {
    Normalization.scale(x.unwrap(), g.outer(), g.groups(), g.inner(), gamma.unwrap(), out.unwrap());
  }

  @Override
  public void divideGroups(Tensor x, Groups g, Tensor deviation, Tensor out) {
    Normalization.divide(
        x.unwrap(), g.outer(), g.groups(), g.inner(), deviation.unwrap(), out.unwrap());
  }

  @Override
  public void throughMoments(
      Tensor gradient,
      Tensor normalized,
      Groups g,
      Tensor sums,
      Tensor products,
      Tensor deviation) {
    Elementwise.divide(sums.unwrap(), g.count(), sums.size());
    Elementwise.divide(products.unwrap(), g.count(), products.size());
    Normalization.gradient(
        gradient.unwrap(),
        normalized.unwrap(),
        g.outer(),
        g.groups(),
        g.inner(),
        sums.unwrap(),
        products.unwrap(),
        deviation.unwrap(),
        gradient.unwrap());
  }

  @Override
  public void movingAverage(Tensor running, Tensor sample, double momentum, Tensor out) {
    Normalization.average(running.unwrap(), sample.unwrap(), momentum, out.unwrap(), out.size());
  }

  @Override
  public void dropoutMask(RandomGenerator random, double keep, Tensor mask) {
    Elementwise.dropoutMask(random, keep, mask.unwrap(), mask.size());
  }

  @Override
  public double softmaxLoss(Tensor scores, int[] labels, Tensor gradient) {
    return Softmax.loss(scores.unwrap(), labels, rows(scores), columns(scores), gradient.unwrap());
  }

  @Override
  public double crossEntropy(Tensor scores, Tensor probabilities, Tensor gradient) {
    return Losses.softmax(
        scores.unwrap(), probabilities.unwrap(), rows(scores), columns(scores), gradient.unwrap());
  }

  @Override
  public double hingeLoss(Tensor scores, int[] labels, double margin, Tensor gradient) {
    return Losses.hinge(
        scores.unwrap(), labels, rows(scores), columns(scores), margin, gradient.unwrap());
  }

  private static int rows(Tensor matrix) {
    return matrix.shape().axis(0);
  }

  private static int columns(Tensor matrix) {
    return matrix.shape().axis(1);
  }
}
