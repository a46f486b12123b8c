/** Reads and writes numpy's {@code .npy} and {@code .npz} files; needs nothing but the JDK. */
module org.allclose.jnpy {
  // Maps files such that they can be unmapped before Java 22.
  requires jdk.unsupported;

  exports org.allclose.jnpy;
}
