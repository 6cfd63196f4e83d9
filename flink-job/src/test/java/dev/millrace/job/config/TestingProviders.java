package dev.millrace.job.config;

import dev.millrace.core.agent.Algorithm;
import dev.millrace.core.env.EnvironmentProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A class loader that finds the testing parts as a user's jar would bring them. */
public final class TestingProviders {
  private TestingProviders() {}

  /**
   * @param folder where the registrations are written
   */
  public static ClassLoader loader(Path folder) {
    try {
      Path services = Files.createDirectories(folder.resolve("META-INF/services"));
      Files.write(
          services.resolve(Algorithm.class.getName()), List.of(TestingAlgorithm.class.getName()));
      Files.write(
          services.resolve(EnvironmentProvider.class.getName()),
          List.of(
              TestingEnvironment.class.getName(), TestingEnvironment.Continuous.class.getName()));
      return new URLClassLoader(
          new URL[] {folder.toUri().toURL()}, TestingProviders.class.getClassLoader());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
