package org.allclose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.allclose.layer.Node;
import org.allclose.layer.activation.Gelu;
import org.allclose.layer.dense.Dense;
import org.allclose.layer.norm.LayerNorm;
import org.allclose.layer.sequence.MultiHeadAttention;
import org.junit.jupiter.api.Test;

/** Blocks, and the layers that a Transformer's layer is made of. */
class TransformerLayerTest {
  @Test
  void encoderLayer_isWhatOneWouldWrite() {
    NetworkSpec written =
        Network.input(5, 4)
            .layer("l/self_attn", new MultiHeadAttention(2))
            .layer("l/add1", new org.allclose.layer.combine.Add(), "input", "l/self_attn")
            .layer("l/norm1", new LayerNorm().axes(1))
            .layer("l/linear1", new Dense(7).last(true))
            .relu("l/activation")
            .layer("l/linear2", new Dense(4).last(true))
            .layer("l/add2", new org.allclose.layer.combine.Add(), "l/norm1", "l/linear2")
            .layer("l/norm2", new LayerNorm().axes(1))
            .build();
    assertEquals(written, Network.input(5, 4).block("l", TransformerLayer.encoder(2, 7)).build());
  }

  @Test
  void decoderLayer_attendsToItsMemory_inPyTorchsNames() {
    NetworkSpec spec =
        Network.inputs(in -> in.values("x", 5, 4).values("memory", 3, 6))
            .block(
                "layers.0",
                TransformerLayer.decoder(2, 7, "memory")
                    .normFirst(true)
                    .causal(false)
                    .keep(0.5)
                    .activation(new Gelu()))
            .build();
    assertEquals(
        List.of(
            "norm1 [x]",
            "self_attn [norm1]",
            "dropout1 [self_attn]",
            "add1 [x, dropout1]",
            "norm2 [add1]",
            "multihead_attn [norm2, memory, memory]",
            "dropout2 [multihead_attn]",
            "add2 [add1, dropout2]",
            "norm3 [add2]",
            "linear1 [norm3]",
            "activation [linear1]",
            "dropout [activation]",
            "linear2 [dropout]",
            "dropout3 [linear2]",
            "add3 [add2, dropout3]"),
        spec.layers().stream()
            .map(node -> (node.name() + " " + node.inputs()).replace("layers.0/", ""))
            .toList());
    assertEquals("multiHeadAttention(2, keep 0.5)", spec.layers().get(1).layer().toString());
    assertEquals("gelu", spec.layers().get(10).layer().toString());
  }

  /** A layer behind a block takes its last one; a block in a block has the names of both. */
  @Test
  void block_namesItsLayers() {
    NetworkSpec spec =
        Network.input(4)
            .block("a", b -> b.dense(3).block("b", c -> c.relu().add("a/dense1", "relu1")).dense(2))
            .dense(1)
            .build();
    assertEquals(
        List.of("a/dense1", "a/b/relu1", "a/b/add1", "a/dense2", "dense1"),
        spec.layers().stream().map(Node::name).toList());
    assertEquals(List.of("a/dense2"), spec.layers().get(4).inputs());
  }

  @Test
  void misfits_areRefused() {
    assertMessage("heads: expected at least 1 but got 0", () -> TransformerLayer.encoder(0, 7));
    assertMessage(
        "keep: expected a probability above 0 and at most 1 but got 0.0",
        () -> TransformerLayer.encoder(2, 7).keep(0));
    assertMessage(
        "layer 1 'l/self_attn': expected heads that divide the 4 features but got 3",
        () -> Network.input(5, 4).block("l", TransformerLayer.encoder(3, 7)));
    assertMessage(
        "layer 4 'l/multihead_attn': expected an input or a layer before, one of [input,"
            + " l/self_attn, l/add1, l/norm1], but got 'memory'",
        () -> Network.input(5, 4).block("l", TransformerLayer.decoder(2, 7, "memory")));
    assertMessage(
        "block: expected layers that were added to the block's own builder but got others",
        () -> Network.input(3).block("z", b -> Network.input(3).dense("w", 3)));
  }

  private static void assertMessage(
      String message, org.junit.jupiter.api.function.Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
