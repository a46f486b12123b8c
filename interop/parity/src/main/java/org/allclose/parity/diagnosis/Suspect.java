package org.allclose.parity.diagnosis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.allclose.Parameters;
import org.allclose.layer.Layer;
import org.allclose.layer.Mode;
import org.allclose.layer.NamedLayer;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.random.MersenneTwisterState;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * A layer that may be the first to give other numbers than were recorded.
 *
 * <p>What was recorded is its own output, or that of a layer behind it: then whatever is tried here
 * runs through the layers between.
 *
 * @param stretch where the layer lies
 * @param index which of the network's layers it is
 * @param input what the layer is given
 * @param random where the network's random stream is then, if it has one
 */
record Suspect(Stretch stretch, int index, Tensor input, Optional<MersenneTwisterState> random) {

  /** Returns the layer in its network. */
  NamedLayer place() {
    return layers().get(index);
  }

  Layer layer() {
    return place().layer();
  }

  /** Returns the layers before it, first layer first. */
  List<NamedLayer> before() {
    return layers().subList(0, index);
  }

  RecordedCase recorded() {
    return stretch.recorded();
  }

  /** Returns what was recorded. */
  Tensor expected() {
    return stretch.expected();
  }

  /** Returns what Java gives for the same. */
  Tensor actual() {
    return stretch.actual();
  }

  /** Returns whether what was recorded is this layer's own output, from which one can conclude. */
  boolean isDirect() {
    return index == stretch.last();
  }

  /** Returns one of the layer's parameters. */
  Tensor parameter(String name) {
    return parameters().get(fullName(name));
  }

  /** Returns those of the whole network. */
  Parameters parameters() {
    return stretch.network().parameters();
  }

  /** Returns the name of one of the layer's parameters within the network. */
  String fullName(String parameter) {
    return place().name() + "/" + parameter;
  }

  /** Returns how many numbers the layer's parameters are. */
  int parameterCount() {
    return place().parameters().stream().mapToInt(parameter -> parameter.shape().size()).sum();
  }

  /** Returns what comes of other settings. */
  Tensor with(Layer other) {
    return run(other, parameters(), recorded().mode(), input);
  }

  /** Returns what comes of other settings for another input, which may have another shape. */
  Tensor with(Layer other, Tensor otherInput) {
    return run(other, parameters(), recorded().mode(), otherInput);
  }

  /** Returns what comes of other settings and another value of one of the layer's parameters. */
  Tensor with(Layer other, String parameter, Tensor value) {
    return run(other, replaced(Map.of(fullName(parameter), value)), recorded().mode(), input);
  }

  /** Returns what comes of another value of one of the layer's parameters. */
  Tensor with(String parameter, Tensor value) {
    return with(layer(), parameter, value);
  }

  /** Returns what comes of other parameters, given by their names in the network. */
  Tensor with(Map<String, Tensor> values) {
    return run(layer(), replaced(values), recorded().mode(), input);
  }

  /** Returns what comes of another input. */
  Tensor withInput(Tensor other) {
    return with(layer(), other);
  }

  /** Returns what comes of another mode for this layer. */
  Tensor in(Mode mode) {
    return run(layer(), parameters(), mode, input);
  }

  /** Returns what comes of another output of this layer. */
  Tensor withOutput(Tensor output) {
    return behind(output, parameters(), stream());
  }

  /** Returns the layer's own output. */
  Tensor output() {
    return output(layer(), parameters(), recorded().mode(), input, stream());
  }

  private Parameters replaced(Map<String, Tensor> values) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(parameters().asMap());
    tensors.putAll(values);
    return Parameters.wrap(tensors);
  }

  private Tensor run(Layer other, Parameters values, Mode mode, Tensor x) {
    Optional<NumpyRandomState> stream = stream();
    return behind(output(other, values, mode, x, stream), values, stream);
  }

  private Tensor output(
      Layer other, Parameters values, Mode mode, Tensor x, Optional<NumpyRandomState> stream) {
    Shape sample = x.shape().dropFirst();
    NamedLayer changed = new NamedLayer(place().name(), other, sample, other.outputShape(sample));
    return Stretch.run(changed, values, mode, x, stream);
  }

  private Tensor behind(Tensor output, Parameters values, Optional<NumpyRandomState> stream) {
    Tensor out = output;
    for (NamedLayer layer : layers().subList(index + 1, stretch.last() + 1)) {
      if (!out.shape().isBatchOf(layer.input())) {
        return out; // No cause: it does not even have the shape of what was recorded.
      }
      out = Stretch.run(layer, values, recorded().mode(), out, stream);
    }
    return out;
  }

  private Optional<NumpyRandomState> stream() {
    return random.map(NumpyRandomState::of);
  }

  private List<NamedLayer> layers() {
    return stretch.network().spec().layers();
  }
}
