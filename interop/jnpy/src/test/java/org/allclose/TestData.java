package org.allclose;

import java.nio.file.Path;

/** Where the recorded data is; Maven says it. */
public final class TestData {
  private TestData() {}

  /** Returns the folder {@code testdata} of the project. */
  public static Path folder() {
    return Path.of(System.getProperty("allclose.testdata", "../../testdata"));
  }

  /** Returns the folder of the recorded cases. */
  public static Path fixtures() {
    return folder().resolve("fixtures");
  }
}
