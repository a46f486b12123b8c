package org.allclose.kernel;

/** The loops over images that have a scalar and a Vector API implementation, of the same bits. */
interface ImageFunctions {

  /** The implementation of this JVM. */
  ImageFunctions CHOSEN =
      KernelChoice.implementation(
          ImageFunctions.class,
          ScalarImageFunctions::new,
          ScalarImageFunctions::new,
          "VectorImageFunctions");

  /**
   * Copies the elements of images that lie under some outputs.
   *
   * @param from images; not modified
   * @param place what to add to the runs' sources
   * @param stride elements from one output's to the next's
   * @param to modified: an element for each output, from {@code start} on
   */
  void copyRuns(Runs runs, double[] from, int place, int stride, double[] to, int start);

  /**
   * Adds an element for each output to the elements of images that lie under it.
   *
   * @param from an element for each output, from {@code start} on; not modified
   * @param to images; modified
   * @param place what to add to the runs' sources
   * @param stride elements from one output's to the next's
   */
  void addRuns(Runs runs, double[] from, int start, double[] to, int place, int stride);
}
