package org.allclose.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.allclose.layer.Layer;
import org.allclose.layer.image.Conv1d;
import org.allclose.layer.image.Conv2d;
import org.allclose.layer.image.ConvTranspose1d;
import org.allclose.layer.image.ConvTranspose2d;
import org.allclose.layer.image.PaddingMode;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;

/** Runs convolutions forward in exact arithmetic, each by its definition, an output at a time. */
final class ExactConvolutions {

  /** The layers that are defined here. */
  static final Set<Class<?>> KNOWN =
      Set.of(Conv1d.class, Conv2d.class, ConvTranspose1d.class, ConvTranspose2d.class);

  private final Tape tape;
  private final Map<String, Values> parameters;
  private final String name;

  /**
   * @param name of the layer, with the slash that parameters have behind it
   */
  ExactConvolutions(Tape tape, Map<String, Values> parameters, String name) {
    this.tape = tape;
    this.parameters = parameters;
    this.name = name;
  }

  /** Along one axis: how windows are laid. */
  private record Along(int stride, int padding, int dilation) {

    /** As much padding as makes ceil(length / stride) windows. */
    static Along same(int kernel, int stride, int dilation, int length, int outputs) {
      int padding = Math.max((outputs - 1) * stride + dilation * (kernel - 1) + 1 - length, 0);
      return new Along(stride, padding / 2, dilation);
    }

    int place(int output, int k) {
      return output * stride - padding + k * dilation;
    }
  }

  Values run(Layer layer, Values x, Shape out) {
    if (layer instanceof Conv2d conv) {
      return conv(conv, x, out);
    } else if (layer instanceof ConvTranspose2d conv) {
      return transposed(conv, x, out);
    }
    // Sequences are images of one row.
    Shape ofRows = Shape.of(out.axis(0), out.axis(1), 1, out.axis(2));
    Values images = x.reshape(Shape.of(x.shape().axis(0), x.shape().axis(1), 1, x.shape().axis(2)));
    Values y =
        layer instanceof Conv1d conv
            ? conv(ofImages(conv), images, ofRows)
            : transposed(ofImages((ConvTranspose1d) layer), images, ofRows);
    return y.reshape(out);
  }

  private static Conv2d ofImages(Conv1d conv) {
    return new Conv2d(conv.filters())
        .kernel(1, conv.kernel())
        .stride(1, conv.stride())
        .padding(0, conv.padding())
        .dilation(1, conv.dilation())
        .groups(conv.groups())
        .same(conv.same())
        .paddingMode(conv.paddingMode())
        .bias(conv.bias());
  }

  private static ConvTranspose2d ofImages(ConvTranspose1d conv) {
    return new ConvTranspose2d(conv.filters())
        .kernel(1, conv.kernel())
        .stride(1, conv.stride())
        .padding(0, conv.padding())
        .dilation(1, conv.dilation())
        .outputPadding(0, conv.outputPadding())
        .groups(conv.groups())
        .bias(conv.bias());
  }

  private Values conv(Conv2d conv, Values x, Shape out) {
    int height = x.shape().axis(2);
    int width = x.shape().axis(3);
    Extent2d kernel = conv.kernel();
    Along rows =
        conv.same()
            ? Along.same(
                kernel.height(),
                conv.stride().height(),
                conv.dilation().height(),
                height,
                out.axis(2))
            : new Along(conv.stride().height(), conv.padding().height(), conv.dilation().height());
    Along columns =
        conv.same()
            ? Along.same(
                kernel.width(), conv.stride().width(), conv.dilation().width(), width, out.axis(3))
            : new Along(conv.stride().width(), conv.padding().width(), conv.dilation().width());
    Values w = weights(kernel);
    int channels = w.shape().axis(1);
    List<Node> y = new ArrayList<>();
    for (int[] at : ExactLayers.indices(out)) {
      int first = at[1] / (conv.filters() / conv.groups()) * channels;
      List<Node> pixels = new ArrayList<>();
      List<Node> weights = new ArrayList<>();
      for (int[] k : ExactLayers.indices(w.shape().dropFirst())) {
        int row = source(conv.paddingMode(), rows.place(at[2], k[1]), height);
        int column = source(conv.paddingMode(), columns.place(at[3], k[2]), width);
        if (row >= 0 && column >= 0) {
          pixels.add(x.at(at[0], first + k[0], row, column));
          weights.add(w.at(at[1], k[0], k[1], k[2]));
        }
      }
      y.add(biased(conv.bias(), tape.dot(pixels, weights), at[1]));
    }
    return new Values(out, y);
  }

  /** Returns where a place within or around an image is taken from; -1 if it is 0. */
  private static int source(PaddingMode mode, int place, int length) {
    if (place >= 0 && place < length) {
      return place;
    }
    return switch (mode) {
      case ZEROS -> -1;
      case REFLECT -> place < 0 ? -place : 2 * length - 2 - place;
      case REPLICATE -> place < 0 ? 0 : length - 1;
      case CIRCULAR -> place < 0 ? place + length : place - length;
    };
  }

  /** Each output is the sum over all inputs and places of windows that reach it. */
  private Values transposed(ConvTranspose2d conv, Values x, Shape out) {
    Along rows =
        new Along(conv.stride().height(), conv.padding().height(), conv.dilation().height());
    Along columns =
        new Along(conv.stride().width(), conv.padding().width(), conv.dilation().width());
    Values w = weights(conv.kernel());
    int channels = w.shape().axis(0) / conv.groups();
    int filters = w.shape().axis(1);
    List<Node> y = new ArrayList<>();
    for (int[] at : ExactLayers.indices(out)) {
      int group = at[1] / filters;
      List<Node> pixels = new ArrayList<>();
      List<Node> weights = new ArrayList<>();
      for (int[] k : ExactLayers.indices(w.shape().dropFirst().dropFirst())) {
        for (int row = 0; row < x.shape().axis(2); row++) {
          for (int column = 0; column < x.shape().axis(3); column++) {
            boolean reaches =
                rows.place(row, k[0]) == at[2] && columns.place(column, k[1]) == at[3];
            for (int c = group * channels; reaches && c < (group + 1) * channels; c++) {
              pixels.add(x.at(at[0], c, row, column));
              weights.add(w.at(c, at[1] % filters, k[0], k[1]));
            }
          }
        }
      }
      y.add(biased(conv.bias(), tape.dot(pixels, weights), at[1]));
    }
    return new Values(out, y);
  }

  /** Returns W, of sequences as that of images of one row. */
  private Values weights(Extent2d kernel) {
    Values w = ExactWeights.of(tape, parameters, name, 0);
    return w.reshape(
        Shape.of(w.shape().axis(0), w.shape().axis(1), kernel.height(), kernel.width()));
  }

  private Node biased(boolean bias, Node product, int filter) {
    return bias ? tape.plus(product, parameters.get(name + "b").at(filter)) : product;
  }
}
