package org.allclose.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.NpyFile;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArraySamplesTest {
  @TempDir private Path folder;

  @Test
  void mappedRows_areThoseInMemory_dividedAsNumpyDivides() throws IOException {
    byte[] pixels = new byte[5 * 6];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) i;
    }
    Path file = folder.resolve("x.npy");
    Npy.write(file, NpyArray.of(pixels, 5, 2, 3));
    try (NpyFile mapped = Npy.open(file)) {
      ArraySamples samples = new ArraySamples(mapped.array(), Shape.of(6), 255);
      assertEquals(5, samples.size());
      Tensor batch = Tensor.zeros(3, 6);
      samples.copy(3, batch, 1);
      double[] row = {18 / 255.0, 19 / 255.0, 20 / 255.0, 21 / 255.0, 22 / 255.0, 23 / 255.0};
      assertEquals(Tensor.matrix(new double[6], row, new double[6]), batch);
    }
  }

  @Test
  void divisionByZero_isRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new ArraySamples(NpyArray.of(new double[6], 2, 3), Shape.of(3), 0));
    assertEquals("divideBy: expected a finite number other than 0 but got 0.0", e.getMessage());
  }
}
