/**
 * Reads and writes numpy's {@code .npy} and {@code .npz} files; needs nothing but the JDK.
 *
 * <p>Texts and files are internal: allclose itself uses them, too.
 */
@SuppressWarnings("module") // The modules of allclose are not there when this one is compiled.
module org.allclose.jnpy {
  // Maps files such that they can be unmapped before Java 22.
  requires jdk.unsupported;

  exports org.allclose.jnpy;
  exports org.allclose.internal.file to
      org.allclose.parity,
      org.allclose.cli;
  exports org.allclose.internal.text to
      org.allclose.parity,
      org.allclose.cli;
}
