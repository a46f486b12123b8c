package org.allclose.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.json.JsonFormatException;
import org.allclose.layer.Graph;
import org.allclose.layer.Layer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.layer.activation.Function;
import org.allclose.layer.combine.Add;
import org.allclose.loss.HingeLoss;
import org.allclose.loss.Loss;
import org.allclose.loss.Targets;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Type;
import org.allclose.type.Types;
import org.apache.commons.math3.analysis.function.Sinc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkFileTest {
  private static final int LISTED = 25;

  private static final NetworkSpec SPEC =
      Network.input(2, 3)
          .flatten()
          .dense("fc1", 100, d -> d.bias(false))
          .relu()
          .dense("fc2", 10)
          .softmaxLoss()
          .l2(0.001)
          .build();

  private static final String TEXT =
      """
      {"format": "allclose-network/1", "input": [2, 3],
       "layers": [{"type": "flatten"},
                  {"type": "dense", "name": "fc1", "units": 100, "bias": false},
                  {"type": "relu"},
                  {"type": "dense", "name": "fc2", "units": 10}],
       "loss": {"type": "softmax"}, "l2": 0.001}
      """;

  @Test
  void severalLosses_areReadAndPrinted() throws JsonFormatException {
    String text =
        """
        {"format": "allclose-network/2", "input": [4],
         "layers": [{"type": "dense", "name": "policy", "units": 3},
                    {"type": "dense", "name": "value", "inputs": ["input"], "units": 1}],
         "outputs": ["policy", "value"],
         "losses": [{"type": "softmax"}, {"type": "huber", "input": "value", "weight": 0.5, "delta": 2}],
         "l2": 0.25}
        """;
    NetworkSpec spec = NetworkFile.parse("n.json", text);
    assertEquals(
        "input(4,) -> policy:dense(3) -> value:dense(1) of input -> outputs policy, value -> softmax"
            + " loss of policy + 0.5 * huber(2.0) loss of value + l2(0.25)",
        spec.toString());
    assertEquals(spec, NetworkFile.parse("printed", NetworkFile.print(spec)));
    assertLossesRefused(
        "n.json: line 5, column 12: losses: expected no 'loss' beside it but got one",
        text.replace("\"l2\"", "\"loss\": {\"type\": \"softmax\"}, \"l2\""));
    assertLossesRefused(
        "n.json: loss 'huber': expected an output without a loss but got 'policy' again",
        text.replace("\"input\": \"value\", ", ""));
  }

  private static void assertLossesRefused(String message, String text) {
    assertEquals(
        message,
        assertThrows(JsonFormatException.class, () -> NetworkFile.parse("n.json", text))
            .getMessage());
  }

  @Test
  void parse_isWhatTheBuilderBuilds() throws JsonFormatException {
    assertEquals(SPEC, NetworkFile.parse("network.json", TEXT));
  }

  @Test
  void print_andParse_areInverse() throws JsonFormatException {
    assertEquals(SPEC, NetworkFile.parse("network.json", NetworkFile.print(SPEC)));
    NetworkSpec plain = Network.input(4).dense(3).build();
    assertEquals(plain, NetworkFile.parse("network.json", NetworkFile.print(plain)));
  }

  @Test
  void print_andParse_ofEveryLayer_areInverse() throws JsonFormatException {
    NetworkSpec images =
        Network.input(4, 9, 8)
            .conv2d("c1", 6, c -> c.kernel(3, 2).stride(2, 1).padding(1, 0).bias(false))
            .batchNorm("bn", b -> b.epsilon(1e-3).momentum(0.75).runningVariance(0))
            .leakyRelu(0.125)
            .residual("block", r -> r.conv2d(6, c -> c.kernel(3).padding(1)).groupNorm(3).elu())
            .maxPool2d("m", 2, p -> p.stride(1))
            .averagePool2d("a", 2)
            .layerNorm()
            .sigmoid()
            .tanh()
            .softplus()
            .reshape(3, 2, 6)
            .gelu()
            .geluTanh()
            .dropout(0.625)
            .dropout(0.75, d -> d.seed(4294967295L))
            .flatten()
            .dense(5)
            .relu()
            .softmax()
            .meanSquaredError()
            .build();
    assertEquals(images, NetworkFile.parse("network.json", NetworkFile.print(images)));
    NetworkSpec hinge = Network.input(2).dense(3).loss(new HingeLoss(2.5)).build();
    assertEquals(hinge, NetworkFile.parse("network.json", NetworkFile.print(hinge)));
    NetworkSpec binary = Network.input(2).dense(1).binaryCrossEntropy().build();
    assertEquals(binary, NetworkFile.parse("network.json", NetworkFile.print(binary)));
  }

  static Stream<Arguments> samples() {
    return Types.of(Layer.class).all().stream()
        .flatMap(type -> type.samples().stream())
        .map(Arguments::of);
  }

  /** Every sample of every type of layer: its settings are all of it. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void parse_isTheInverseOfPrint(Sample<? extends Layer> sample) throws JsonFormatException {
    List<Graph.Input> inputs = new ArrayList<>();
    if (sample.inputs().isEmpty()) {
      inputs.add(new Graph.Input("x0", sample.value().outputShape(List.of()), false));
      Graph graph =
          Graph.of(inputs)
              .append(Optional.of("layer"), sample::value)
              .append(Optional.of("sum"), List.of("layer", "x0"), Add::new);
      assertEquals(
          NetworkSpec.of(graph),
          NetworkFile.parse("network.json", NetworkFile.print(NetworkSpec.of(graph))));
      return;
    }
    for (Shape shape : sample.inputs()) {
      int number = inputs.size();
      boolean isTokens = sample.value().takesTokens(number, sample.inputs().size());
      inputs.add(new Graph.Input("x" + number, shape, isTokens));
    }
    List<String> names = inputs.stream().map(Graph.Input::name).toList();
    NetworkSpec spec =
        NetworkSpec.of(Graph.of(inputs).append(Optional.of("layer"), names, sample::value));
    assertEquals(spec, NetworkFile.parse("network.json", NetworkFile.print(spec)));
  }

  @Test
  void print_ofAFunctionThatAProgramGave_isRefused() {
    NetworkSpec spec = Network.input(2).layer("f", new Function(new Sinc())).build();
    assertEquals(
        "layer 1 'f': type: expected one of "
            + Types.of(Layer.class).byName().keySet()
            + " but got 'function'",
        assertThrows(IllegalArgumentException.class, () -> NetworkFile.print(spec)).getMessage());
  }

  static Stream<Arguments> lossSamples() {
    return Types.of(Loss.class).all().stream()
        .flatMap(type -> type.samples().stream())
        .map(Arguments::of);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lossSamples")
  void parse_isTheInverseOfPrint_ofLosses(Sample<? extends Loss> sample)
      throws JsonFormatException {
    NetworkSpec spec =
        Network.input(sample.inputs().get(0).toArray()).tanh().loss(sample.value()).build();
    assertEquals(spec, NetworkFile.parse("network.json", NetworkFile.print(spec)));
  }

  /** Types of layers as errors list them: the first ones, if there are many. */
  private static String types() {
    List<String> names = new ArrayList<>(Types.of(Layer.class).byName().keySet());
    names.add("residual");
    return String.join(", ", names.subList(0, LISTED)) + ", ... " + names.size() + " in all";
  }

  private static String losses() {
    return Types.of(Loss.class).byName().keySet().toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "network/1 | network/9 | line 1, column 12: format: expected one of [allclose-network/1,"
            + " allclose-network/2] but got 'allclose-network/9'; did you mean"
            + " 'allclose-network/1'?",
        "\"flatten\" | \"dens\" | line 2, column 22: layers[0].type: expected one of [$TYPES] but"
            + " got 'dens'; did you mean 'dense'?",
        "\"units\": 100 | \"unit\": 100 | line 3, column 46: layers[1]: expected key 'units' but"
            + " got 'unit'; did you mean 'units'?",
        "\"units\": 10} | \"units\": 10, \"bia\": true} | line 5, column 59: layers[3]: expected"
            + " keys [type, units, bias, last, weightNorm, name] but got 'bia'; did you mean"
            + " 'bias'?",
        "\"units\": 10} | \"units\": 1.5} | line 5, column 55: layers[3].units: expected a whole"
            + " number but got 1.5",
        "\"units\": 10} | \"units\": 1e999999999} | line 5, column 55: layers[3].units: expected a"
            + " whole number of at most 2147483647 but got 1e999999999",
        "\"units\": 10} | \"units\": \"10\"} | line 5, column 55: layers[3].units: expected a whole"
            + " number but got \"10\"",
        "\"units\": 10} | \"units\": 0} | line 5, column 55: layers[3].units: expected at least 1"
            + " but got 0",
        "\"bias\": false | \"bias\": 0 | line 3, column 68: layers[1].bias: expected true or false"
            + " but got 0",
        "\"name\": \"fc2\" | \"name\": \"fc1\" | line 5, column 13: layers[3]: layer 4 'fc1':"
            + " expected a name not used yet but layer 2 has it",
        "[2, 3] | [2, 0] | line 1, column 47: input[1]: expected a whole number of at least 1 but"
            + " got 0",
        "[2, 3] | 6 | line 1, column 43: input: expected an array but got 6",
        "\"softmax\" | \"svm\" | line 6, column 19: loss.type: expected one of $LOSSES "
            + "but got 'svm'; did you mean 'hinge'?",
        "\"l2\": 0.001 | \"l2\": -1 | l2: expected a finite strength of at least 0 but got -1.0",
        "\"l2\": 0.001 | \"l3\": 0.001 | line 6, column 31: expected keys [format, input, layers,"
            + " loss, l2] but got 'l3'",
        "\"loss\": {\"type\": \"softmax\"}, |  | line 6, column 9: l2: expected a loss beside it"
            + " but got none",
        "\"l2\": 0.001 | \"loss\": 1 | line 6, column 31: expected each key once but got 'loss'"
            + " twice",
      })
  void parse_ofABadFile_saysWhere(String from, String to, String message) {
    String text = TEXT.replace(from, to == null ? "" : to);
    JsonFormatException e =
        assertThrows(JsonFormatException.class, () -> NetworkFile.parse("network.json", text));
    assertEquals(
        "network.json: " + message.replace("$TYPES", types()).replace("$LOSSES", losses()),
        e.getMessage());
  }

  @Test
  void parse_ofSettingsOutOfRange_saysWhere() {
    assertLayer(
        "54: layers[0].runningVariance: expected a finite number of at least 0 but got -1",
        "\"batchNorm\", \"runningVariance\": -1");
    assertLayer(
        "54: layers[0].seed: expected a number of 0 to 2^32 - 1 but got 4294967296",
        "\"dropout\", \"keep\": 0.5, \"seed\": 4294967296");
    assertLayer(
        "54: layers[0].seed: expected a whole number but got 0.5",
        "\"dropout\", \"keep\": 0.5, \"seed\": 0.5");
    assertLayer(
        "33: layers[0]: expected key 'keep' but got 'p'; did you mean 'keep'?; dropout keeps: keep"
            + " = 1 - p",
        "\"dropout\", \"p\": 0.5");
  }

  private static void assertLayer(String message, String layer) {
    JsonFormatException e =
        assertThrows(
            JsonFormatException.class,
            () -> NetworkFile.parse("network.json", TEXT.replace("\"flatten\"", layer)));
    assertEquals("network.json: line 2, column " + message, e.getMessage());
  }

  @Test
  void parse_withoutLayers_isRefused() {
    JsonFormatException e =
        assertThrows(
            JsonFormatException.class,
            () ->
                NetworkFile.parse(
                    "network.json",
                    "{\"format\": \"allclose-network/1\", \"input\": [2], \"layers\": []}"));
    assertEquals(
        "network.json: line 1, column 58: layers: expected at least one layer but got none",
        e.getMessage());
  }

  /** A layer and a loss that network files do not know. */
  private record Swish() implements UnaryLayer {
    @Override
    public Type<Swish> type() {
      return Type.plain("swish", Swish.class, Swish::new);
    }

    @Override
    public Shape outputShape(Shape input) {
      return input;
    }

    @Override
    public Pass pass(LayerContext binding) {
      throw new UnsupportedOperationException();
    }
  }

  private record Huber() implements Loss {
    @Override
    public Type<Huber> type() {
      return Type.plain("huber", Huber.class, Huber::new);
    }

    @Override
    public boolean takesLabels() {
      return false;
    }

    @Override
    public void checkScores(Shape scores) {}

    @Override
    public double evaluate(Tensor scores, Targets targets, Tensor gradient) {
      throw new UnsupportedOperationException();
    }

    @Override
    public double terms(Tensor scores, Targets targets, Tensor gradient) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void print_ofALossOfOnesOwn_isRefused() {
    NetworkSpec spec = Network.input(3).dense(2).loss(new Huber()).build();
    assertEquals(
        "loss: type: expected one of " + losses() + " but got 'huber'",
        assertThrows(IllegalArgumentException.class, () -> NetworkFile.print(spec)).getMessage());
  }

  @Test
  void print_ofALayerOfOnesOwn_isRefused() {
    NetworkSpec spec =
        Network.input(3)
            .dense(3)
            .residual("block", f -> f.dense(3).layer("s", new Swish()))
            .build();
    String types = Types.of(Layer.class).byName().keySet().toString();
    assertEquals(
        "layer 3 'block/s': type: expected one of " + types + " but got 'swish'",
        assertThrows(IllegalArgumentException.class, () -> NetworkFile.print(spec)).getMessage());
  }

  @Test
  void parse_ofTheFirstVersion_mayCallALayerInput() throws JsonFormatException {
    NetworkSpec spec =
        NetworkFile.parse(
            "network.json",
            "{\"format\": \"allclose-network/1\", \"input\": [4],"
                + " \"layers\": [{\"type\": \"dense\", \"name\": \"input\", \"units\": 3}]}");
    assertEquals("inputs x(4,) -> input:dense(3)", spec.toString());
  }

  @Test
  void blocksOfTheFirstVersion_takeWhatStandsBeforeThem() throws JsonFormatException {
    String inner =
        "{\"type\": \"residual\", \"name\": \"r\", \"layers\": [{\"type\": \"relu\", \"name\":"
            + " \"x\"}]}";
    NetworkSpec spec =
        NetworkFile.parse(
            "network.json",
            "{\"format\": \"allclose-network/1\", \"input\": [4], \"layers\": ["
                + "{\"type\": \"dense\", \"name\": \"a/f\", \"units\": 4},"
                + "{\"type\": \"dense\", \"name\": \"f\", \"units\": 4},"
                + "{\"type\": \"residual\", \"name\": \"a\", \"layers\": ["
                + inner
                + "]}]}");
    assertEquals(
        "input(4,) -> a/f:dense(4) -> f:dense(4) -> a/r/x:relu -> a/r:add of f and a/r/x -> a:add"
            + " of f and a/r",
        spec.toString());
  }

  @Test
  void parse_ofPrintedTokens_isOfTokens() throws JsonFormatException {
    NetworkSpec spec = Network.inputs(in -> in.tokens("input", 5)).embedding(2, 3).build();
    assertEquals(spec, NetworkFile.parse("network.json", NetworkFile.print(spec)));
  }
}
