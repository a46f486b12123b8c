package org.allclose.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;

class LossesTest {

  @Test
  void losses_sayWhatTheyAre() {
    assertLoss("softmax", "softmax", new SoftmaxLoss());
    assertLoss("hinge", "hinge(2.5)", new HingeLoss(2.5));
    assertLoss("meanSquaredError", "meanSquaredError", new MeanSquaredError());
    assertLoss("binaryCrossEntropy", "binaryCrossEntropy", new BinaryCrossEntropy());
  }

  private static void assertLoss(String type, String text, Loss loss) {
    assertEquals(type, loss.type().name());
    assertEquals(text, loss.toString());
  }

  @Test
  void lossesOfClasses_refuseScoresOfMoreAxes() {
    for (Loss loss : new Loss[] {new SoftmaxLoss(), new HingeLoss()}) {
      ShapeMismatchException e =
          assertThrows(ShapeMismatchException.class, () -> loss.checkScores(Shape.of(2, 3)));
      assertEquals("expected scores of shape (classes,) but got (2, 3)", e.getMessage());
    }
  }

  @Test
  void values_areGathered_rowByRow() {
    Targets all =
        Targets.values(
            Tensor.matrix(new double[] {1, 2, 3}, new double[] {4, 5, 6}, new double[] {7, 8, 9}));
    Targets some = all.room(2);
    all.gather(new int[] {0, 2, 1}, 1, some);
    assertEquals(2, some.size());
    assertArrayEquals(new double[] {7, 8, 9, 4, 5, 6}, some.values(Shape.of(2, 3)).toArray());
  }

  @Test
  void labels_areGathered_andReadFromNumbers() {
    Targets all = Targets.labels(Tensor.vector(0, 2, 1));
    Targets some = all.room(2);
    all.gather(new int[] {2, 0}, 0, some);
    assertArrayEquals(new int[] {1, 0}, some.classes(2, 3));
  }
}
