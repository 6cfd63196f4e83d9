package dev.millrace.job.cli;

import dev.millrace.job.config.TestingProviders;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** Jars as a user would bring them; the classes they name are on the test's class path. */
final class TestingJar {
  private TestingJar() {}

  /** A jar that provides the testing algorithm and environments. */
  static Path providing(Path folder) throws IOException {
    Path services = Files.createDirectories(folder.resolve("services"));
    TestingProviders.loader(services);
    try (Stream<Path> files = Files.walk(services)) {
      return jar(folder.resolve("own.jar"), services, files.filter(Files::isRegularFile).toList());
    }
  }

  /** A jar in which nothing is provided. */
  static Path empty(Path folder) throws IOException {
    Path note = Files.writeString(folder.resolve("note.txt"), "nothing here");
    return jar(folder.resolve("empty.jar"), folder, List.of(note));
  }

  private static Path jar(Path jar, Path root, List<Path> files) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      for (Path file : files) {
        entries.putNextEntry(new ZipEntry(root.relativize(file).toString()));
        Files.copy(file, entries);
        entries.closeEntry();
      }
    }
    return jar;
  }
}
