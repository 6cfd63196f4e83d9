package dev.millrace.learner.network;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.NetworkSpec.Head;
import dev.millrace.core.network.Networks;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.flink.util.TemporaryClassLoaderContext;
import org.junit.jupiter.api.Test;

/** A JVM in whose class path something of ND4J's is missing. */
class NoBackendTest {
  private static final NetworkSpec SPEC = new NetworkSpec(1, List.of(), Head.LINEAR, 1);

  /** What this package loads anew, from fewer jars; all else is the test's own. */
  private static final class Poorer extends URLClassLoader {
    private Poorer(URL[] jars) {
      super(jars, NoBackendTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.matches("(dev\\.millrace\\.learner\\.network|org\\.nd4j|org\\.bytedeco)\\..*")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }

    @Override
    public URL getResource(String name) {
      return findResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return findResources(name);
    }
  }

  private static Poorer without(Predicate<String> missing) throws IOException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new Poorer(
        Stream.of(classPath.split(File.pathSeparator))
            .filter(entry -> !missing.test(new File(entry).getName()))
            .map(NoBackendTest::url)
            .toArray(URL[]::new));
  }

  private static URL url(String entry) {
    try {
      return new File(entry).toURI().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static void create(Poorer loader) throws Exception {
    create(loader, loader);
  }

  private static void create(Poorer loader, ClassLoader ofThread) throws Exception {
    Networks networks =
        (Networks) loader.loadClass(Nd4jNetworks.class.getName()).getConstructor().newInstance();
    try (TemporaryClassLoaderContext ignored = TemporaryClassLoaderContext.of(ofThread)) {
      networks.create(SPEC, 1).close();
    }
  }

  @Test
  void itsClasses() throws Exception {
    try (Poorer loader = without(jar -> jar.matches("(nd4j|javacpp|openblas).*"))) {
      assertThatThrownBy(() -> create(loader))
          .hasMessageContaining("ND4J cannot run here")
          .hasMessageContaining("ClassNotFoundException: org.nd4j")
          .hasMessageContaining("put the jars of deploy/lib")
          .hasMessageContaining("into the lib/ of every TaskManager");
    }
  }

  @Test
  void itsNativeCode() throws Exception {
    try (Poorer loader = without(jar -> jar.matches("(nd4j-native|javacpp|openblas).*-linux.*"))) {
      assertThatThrownBy(() -> create(loader))
          .hasMessageContaining("ND4J cannot run here")
          .hasMessageContaining("put the jars of deploy/lib");
    }
  }

  /** ND4J asks the thread's loader for its backends. */
  @Test
  void itsBackendWhereItIsLookedFor() throws Exception {
    try (Poorer loader = without(jar -> false)) {
      assertThatThrownBy(() -> create(loader, NoBackendTest.class.getClassLoader()))
          .hasMessageContaining("ND4J cannot run here (java.lang.ClassNotFoundException");
    }
  }

  @Test
  void nothingThatIsNeeded() throws Exception {
    try (Poorer loader = without(jar -> false)) {
      create(loader);
    }
  }
}
