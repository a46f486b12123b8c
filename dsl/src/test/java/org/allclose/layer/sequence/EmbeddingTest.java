package org.allclose.layer.sequence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.allclose.Evaluation;
import org.allclose.Network;
import org.allclose.Parameters;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;

class EmbeddingTest {
  private static final Tensor TABLE = Tensor.of(Shape.of(3, 2), 0, 1, 10, 11, 20, 21);

  private static Network network(Embedding layer) {
    return Network.inputs(in -> in.tokens("ids", 3))
        .layer("vectors", layer)
        .build()
        .bind(Parameters.of(Map.of("vectors/W", TABLE)));
  }

  @Test
  void vectors_areRows_andTheirGradientsAreAdded() {
    Tensor ids = Tensor.matrix(new double[] {2, 0, 2});
    Tensor upstream = Tensor.of(Shape.of(1, 3, 2), 1, 2, 3, 4, 5, 6);
    Evaluation plain = network(new Embedding(3, 2)).backward(ids, upstream);
    assertEquals(Tensor.of(Shape.of(1, 3, 2), 20, 21, 0, 1, 20, 21), plain.scores());
    assertEquals(Tensor.of(Shape.of(3, 2), 3, 4, 0, 0, 6, 8), plain.gradient("vectors/W"));
    Evaluation padded = network(new Embedding(3, 2).padding(2)).backward(ids, upstream);
    assertEquals(plain.scores(), padded.scores());
    assertEquals(Tensor.of(Shape.of(3, 2), 3, 4, 0, 0, 0, 0), padded.gradient("vectors/W"));
  }

  @Test
  void settings_outOfRange_areRefused() {
    assertEquals("embedding(vocabulary 3, features 2)", new Embedding(3, 2).toString());
    assertEquals(
        "embedding(vocabulary 3, features 2, padding 0)",
        new Embedding(3, 2).padding(0).toString());
    assertEquals(
        "vocabulary: expected at least 1 but got 0",
        assertThrows(IllegalArgumentException.class, () -> new Embedding(0, 2)).getMessage());
    assertEquals(
        "padding: expected a token below 3 but got 3",
        assertThrows(IllegalArgumentException.class, () -> new Embedding(3, 2).padding(3))
            .getMessage());
  }

  @Test
  void tokens_outOfTheVocabulary_areRefusedWithTheirPlace() {
    Network network = network(new Embedding(3, 2));
    Tensor ids = Tensor.matrix(new double[] {2, 0, 1}, new double[] {1, 7, 1});
    assertEquals(
        "layer 'vectors': expected tokens below 3 but got 7 at [1, 1]",
        assertThrows(IllegalArgumentException.class, () -> network.predict(ids)).getMessage());
  }
}
