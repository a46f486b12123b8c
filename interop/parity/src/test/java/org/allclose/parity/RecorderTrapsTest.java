package org.allclose.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.allclose.TestPython;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models that are recorded right or refused in one line; skipped where no Python has PyTorch or
 * Keras.
 */
@Tag("slow")
class RecorderTrapsTest {
  /** At least ten traps, and what else was printed before. */
  private static final String ALL_RIGHT = "(?s).*[1-9][0-9]+ traps, 0 not as they should be\n";

  @TempDir Path folder;

  @Test
  void noModelOfPyTorch_isRecordedWrong() throws Exception {
    String output = TestPython.with("torch").succeed(folder, "recorder_traps.py");
    assertTrue(output.matches(ALL_RIGHT), output);
  }

  @Test
  void noModelOfKeras_isRecordedWrong() throws Exception {
    String output = TestPython.with("keras", "tensorflow").succeed(folder, "keras_traps.py");
    assertTrue(output.matches(ALL_RIGHT), output);
  }

  @Test
  void smallModels_areRecordedOrRefused() throws Exception {
    String output = TestPython.with("torch").succeed(folder, "record_models.py", folder.toString());
    assertEquals(
        """
        bn.py: recorded
        frozen.py: recorded
        head.py: recorded
        leaky32.py: recorded
        ln.py: recorded
        residual.py: layer '2': Linear: expected its input to be the output of layer '1.1' as it is: \
        a network file is a chain of layers
        shared.py: recorded
        softplus.py: layer '0': Softplus: expected inputs of at most its threshold, above which torch \
        gives the input itself but got Softplus(beta=1.0, threshold=20.0)
        sure.py: recorded
        tokens.py: layer '0': Linear: expected a batch with 2 axes but got shape (2, 5, 8)
        wn.py: layer '0': expected plain parameters but got a weight_norm; take it off with \
        torch.nn.utils.remove_weight_norm
        """,
        output);
  }
}
