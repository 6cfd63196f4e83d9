package dev.millrace.job.cli;

import dev.millrace.core.agent.Algorithm;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.job.config.ConfigurationException;
import dev.millrace.replay.SamplerProvider;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The option {@code --jars}: a user's own algorithms, environments and samplers. */
final class UserJars {
  private static final List<Class<?>> PROVIDERS =
      List.of(Algorithm.class, EnvironmentProvider.class, SamplerProvider.class);

  @Option(
      names = "--jars",
      arity = "1..*",
      paramLabel = "FILE",
      split = ",",
      description = "Jars with algorithms, environments or samplers of your own.")
  private List<Path> jars = List.of();

  List<Path> files() {
    return jars.stream().map(jar -> jar.toAbsolutePath().normalize()).toList();
  }

  /**
   * A class loader that sees the jars and everything else.
   *
   * @throws ConfigurationException if one is no jar, provides nothing, or what cannot be loaded
   */
  ClassLoader loader() {
    ClassLoader parent = UserJars.class.getClassLoader();
    if (jars.isEmpty()) {
      return parent;
    }
    List<String> problems = new ArrayList<>();
    jars.forEach(jar -> check(jar, problems));
    if (!problems.isEmpty()) {
      throw new ConfigurationException("--jars", problems);
    }
    ClassLoader loader =
        new URLClassLoader(
            "user-jars", files().stream().map(UserJars::url).toArray(URL[]::new), parent);
    checkProviders(loader);
    return loader;
  }

  private static void checkProviders(ClassLoader loader) {
    try {
      Algorithm.catalogue(loader);
      EnvironmentProvider.catalogue(loader);
      SamplerProvider.catalogue(loader);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("--jars", List.of(e.getMessage()));
    }
  }

  private static void check(Path jar, List<String> problems) {
    if (!Files.isRegularFile(jar)) {
      problems.add("%s: there is no such file".formatted(jar));
      return;
    }
    try (JarFile contents = new JarFile(jar.toFile())) {
      if (services().noneMatch(service -> contents.getEntry(service) != null)) {
        problems.add(
            "%s: provides nothing; name your classes in %s"
                .formatted(jar, String.join(" or ", services().toList())));
      }
    } catch (IOException e) {
      problems.add("%s: is not a jar: %s".formatted(jar, e.getMessage()));
    }
  }

  private static Stream<String> services() {
    return PROVIDERS.stream().map(type -> "META-INF/services/" + type.getName());
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("--jars %s: has no address".formatted(jar), e);
    }
  }
}
