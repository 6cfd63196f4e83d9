package dev.millrace.job.run;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where everything of a run lies. Names only; nothing is created until it is written.
 *
 * @param path the folder, absolute
 */
public record RunFolder(String path) implements Serializable {

  public static RunFolder at(Path path) {
    return new RunFolder(path.toAbsolutePath().normalize().toString());
  }

  public Path root() {
    return Path.of(path);
  }

  /** The configuration as resolved. */
  public Path config() {
    return root().resolve("config.yaml");
  }

  public Path summary() {
    return root().resolve("summary.json");
  }

  /** Where the run stands, replaced about once a second: see {@link RunProgress}. */
  public Path progress() {
    return root().resolve("progress.json");
  }

  public Path metrics() {
    return root().resolve("metrics.csv");
  }

  /** A row for each episode. */
  public Path episodes() {
    return root().resolve("episodes.csv");
  }

  /** A row for each evaluation. */
  public Path evaluations() {
    return root().resolve("evaluations.csv");
  }

  public Path learningCurve() {
    return root().resolve("learning-curve.png");
  }

  /** The best policy in Millrace's own form. */
  public Path bestPolicy() {
    return root().resolve("best-policy.millrace");
  }

  /** The best policy as a DeepLearning4J model. */
  public Path bestModel() {
    return root().resolve("best-policy-dl4j.zip");
  }

  /** The folder of TensorBoard's event file. */
  public Path tensorBoard() {
    return root().resolve("tensorboard");
  }

  /** What is known of the job on a cluster: see {@link SubmittedJob}. */
  Path job() {
    return root().resolve("job.json");
  }

  public Path savepoints() {
    return root().resolve("savepoints");
  }

  public Path checkpoints() {
    return root().resolve("checkpoints");
  }

  public Path log() {
    return root().resolve("millrace.log");
  }

  /** The event file that TensorBoard reads. */
  public Path tensorBoardEvents() {
    return tensorBoard().resolve("events.out.tfevents.millrace");
  }

  /** Writes the configuration as resolved. */
  public void writeConfig(String yaml) throws IOException {
    Files.createDirectories(root());
    replace(config(), yaml.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Moves an earlier run out of the way, to the first free {@code <name>.<n>} beside it.
   *
   * @return where it lies now; empty if there was none
   * @throws IllegalStateException if the folder holds something else
   */
  public Optional<Path> makeRoom() throws IOException {
    if (!Files.exists(root()) || Files.isDirectory(root()) && isEmpty()) {
      return Optional.empty();
    }
    if (!holdsRun()) {
      throw new IllegalStateException(
          "%s holds something that is no run; name another folder".formatted(root()));
    }
    int number = 1;
    while (Files.exists(root().resolveSibling(root().getFileName() + "." + number))) {
      number++;
    }
    return Optional.of(
        Files.move(root(), root().resolveSibling(root().getFileName() + "." + number)));
  }

  private boolean isEmpty() throws IOException {
    try (Stream<Path> entries = Files.list(root())) {
      return entries.findAny().isEmpty();
    }
  }

  /** Writes where the run stands. */
  public void writeProgress(byte[] progress) throws IOException {
    Files.createDirectories(root());
    replace(progress(), progress);
  }

  /**
   * Replaces a file at once.
   *
   * @param name relative to this folder
   */
  public void replace(String name, byte[] bytes) throws IOException {
    Path file = root().resolve(name);
    Files.createDirectories(file.getParent());
    replace(file, bytes);
  }

  /** Replaces a file at once: who reads it sees the old bytes or the new. */
  static void replace(Path file, byte[] bytes) throws IOException {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    Files.write(partial, bytes);
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Whether a run lies here. */
  public boolean holdsRun() {
    return Files.isRegularFile(config());
  }

  /** The newest complete savepoint or retained checkpoint. */
  public Optional<Path> newestSavepoint() {
    return Stream.of(savepoints(), checkpoints())
        .flatMap(RunFolder::complete)
        .max(Comparator.comparing(RunFolder::modified));
  }

  private static Stream<Path> complete(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Stream.empty();
    }
    try (Stream<Path> found = Files.find(folder, 3, (p, a) -> p.endsWith("_metadata"))) {
      return found.map(Path::getParent).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long modified(Path savepoint) {
    return savepoint.resolve("_metadata").toFile().lastModified();
  }
}
