package org.allclose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.allclose.init.Gaussian;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** An application server can load the library, let it work, and unload it. */
class ClassLoaderTest {

  @Test
  void classLoader_isCollected_afterWorkInSeveralThreads() throws Exception {
    WeakReference<ClassLoader> loader = work();
    for (int round = 0; round < 300 && loader.get() != null; round++) {
      System.gc();
      TimeUnit.MILLISECONDS.sleep(50);
    }
    assertNull(loader.get(), "the class loader is alive");
  }

  private static WeakReference<ClassLoader> work() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      urls.add(new File(entry).toURI().toURL());
    }
    try (URLClassLoader loader =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> work = Class.forName(Work.class.getName(), true, loader);
      Thread.currentThread().setContextClassLoader(loader);
      try {
        ((Runnable) work.getConstructor().newInstance()).run();
      } finally {
        Thread.currentThread().setContextClassLoader(ClassLoaderTest.class.getClassLoader());
      }
      assertEquals(loader, work.getClassLoader());
      return new WeakReference<>(loader);
    }
  }

  /** Uses products, functions and logs, in the calling thread and in helpers. */
  public static final class Work implements Runnable {
    @Override
    public void run() {
      Network network =
          Network.input(200)
              .dense(300)
              .tanh()
              .dense(300)
              .softplus()
              .dense(10)
              .softmaxLoss()
              .build()
              .initialize(NumpyRandomState.seed(1), Gaussian.std(0.1))
              .withThreads(3);
      network.evaluate(Tensor.zeros(100, 200), new int[100]);
    }
  }
}
