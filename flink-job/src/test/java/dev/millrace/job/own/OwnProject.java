package dev.millrace.job.own;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The separate project under {@code docs/examples}, built as its owner would build it. */
final class OwnProject {
  static final Path ROOT = Path.of("..", "docs", "examples", "own-parts");
  static final Path CONFIGURATION = ROOT.resolve("sluice.yaml");

  private OwnProject() {}

  /** Compiles it against this test's class path, and packs it with its resources. */
  static Path jar(Path folder) throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes"));
    compile(files(ROOT.resolve("src/main/java")), classes);
    for (Path resource : files(ROOT.resolve("src/main/resources"))) {
      Path copy = classes.resolve(ROOT.resolve("src/main/resources").relativize(resource));
      Files.createDirectories(copy.getParent());
      Files.copy(resource, copy);
    }
    return pack(classes, folder.resolve("own-parts.jar"));
  }

  private static void compile(List<Path> sources, Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    List<String> options =
        List.of(
            "--release",
            "17",
            "-Xlint:all,-processing,-serial,-classfile,-try,-path",
            "-Werror",
            "-d",
            classes.toString(),
            "-classpath",
            System.getProperty("java.class.path"));
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      boolean good =
          compiler
              .getTask(
                  messages,
                  manager,
                  null,
                  options,
                  null,
                  manager.getJavaFileObjectsFromPaths(sources))
              .call();
      assertThat(good).as(messages.toString()).isTrue();
    }
  }

  /** Makes a jar of everything under {@code root}. */
  static Path pack(Path root, Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream packed = new JarOutputStream(out)) {
      for (Path file : files(root)) {
        packed.putNextEntry(new JarEntry(root.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, packed);
        packed.closeEntry();
      }
    }
    return jar;
  }

  /** Every file under {@code root}. */
  static List<Path> files(Path root) throws IOException {
    try (Stream<Path> found = Files.walk(root)) {
      return found.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Sees the jar as well as what this test sees. */
  static URLClassLoader loader(Path jar) throws IOException {
    return new URLClassLoader(new URL[] {jar.toUri().toURL()}, OwnProject.class.getClassLoader());
  }
}
