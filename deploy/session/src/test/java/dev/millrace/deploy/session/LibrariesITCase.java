package dev.millrace.deploy.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What goes to a cluster: Flink's own libraries, deploy/lib, and the job jar. */
class LibrariesITCase {
  private static final Path FLINK = SessionCluster.ROOT.resolve("deploy/session/target/flink/lib");
  private static final Path LEARNERS = SessionCluster.ROOT.resolve("deploy/lib/target/lib");
  private static final Path JOB = SessionCluster.ROOT.resolve("flink-job/target/millrace-job.jar");

  @Test
  void togetherTheyHaveAllThatTheCommandLineRunsWith() throws IOException {
    Set<String> atHand =
        Stream.concat(jars(FLINK).stream(), jars(LEARNERS).stream())
            .map(jar -> jar.getFileName().toString())
            .collect(Collectors.toSet());
    Set<String> job = classes(JOB);
    String classPath =
        Files.readString(SessionCluster.ROOT.resolve("flink-job/target/classpath.txt")).strip();
    for (String entry : classPath.split(":")) {
      Path jar = Path.of(entry);
      if (!atHand.contains(jar.getFileName().toString()) && Files.isRegularFile(jar)) {
        assertThat(job).as(entry).containsAll(classes(jar));
      }
    }
  }

  @Test
  void nothingThatFlinkHasComesASecondTime() throws IOException {
    Map<String, Path> flink = new HashMap<>();
    for (Path jar : jars(FLINK)) {
      classes(jar).forEach(name -> flink.put(name, jar));
    }
    List<String> twice = new ArrayList<>();
    for (Path jar : jars(LEARNERS)) {
      for (String name : classes(jar)) {
        // Annotations for checkers, which nobody reads at run time.
        if (flink.containsKey(name) && !name.startsWith("javax/annotation/")) {
          twice.add(name + " in " + jar.getFileName() + " and " + flink.get(name).getFileName());
        }
      }
    }
    assertThat(twice).isEmpty();
  }

  @Test
  void nothingIsBothInTheJobJarAndInLib() throws IOException {
    Set<String> job = classes(JOB);
    assertThat(job).anyMatch(name -> name.startsWith("dev/millrace/"));
    assertThat(job).noneMatch(name -> name.startsWith("org/apache/flink/"));
    for (Path jar : jars(LEARNERS)) {
      assertThat(classes(jar)).as(jar.getFileName().toString()).noneMatch(job::contains);
    }
  }

  @Test
  void thereIsOneSetOfNativesAndNoneInTheJobJar() throws IOException {
    assertThat(jars(LEARNERS))
        .filteredOn(jar -> holds(jar, "libnd4jcpu.so"))
        .singleElement()
        .satisfies(jar -> assertThat(jar.getFileName().toString()).startsWith("nd4j-native-"));
    assertThat(holds(JOB, ".so")).isFalse();
    assertThat(jars(LEARNERS).stream().map(jar -> jar.getFileName().toString()))
        .noneMatch(name -> name.startsWith("flink") || name.matches(".*(slf4j|log4j).*"));
  }

  private static List<Path> jars(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private static boolean holds(Path jar, String suffix) {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream().anyMatch(entry -> entry.getName().endsWith(suffix));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Set<String> classes(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .map(JarEntry::getName)
          .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
          .filter(name -> !name.startsWith("META-INF/"))
          .collect(Collectors.toSet());
    }
  }
}
