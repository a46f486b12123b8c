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
        residual.py: recorded
        shared.py: recorded
        softplus.py: recorded
        sure.py: recorded
        tokens.py: recorded
        wn.py: layer '0': expected plain parameters but got a weight_norm; take it off with \
        torch.nn.utils.remove_weight_norm
        """,
        output);
  }
}
