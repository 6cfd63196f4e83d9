package dev.millrace.deploy.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Millrace's own files, which the manifests are checked against. */
record Repository(Path root) {
  /** The repository that this test belongs to. */
  static Repository here() {
    return new Repository(Path.of("").toAbsolutePath().getParent().getParent());
  }

  Path manifests() {
    return root.resolve("deploy/kubernetes");
  }

  Path dockerfile() {
    return root.resolve("deploy/docker/Dockerfile");
  }

  Path page() {
    return root.resolve("docs/kubernetes.md");
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }
}
