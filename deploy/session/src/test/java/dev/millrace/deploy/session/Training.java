package dev.millrace.deploy.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.job.run.RunFolder;
import dev.millrace.job.run.RunProgress;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A training on a cluster, attended by {@code ./millrace train} in a process of its own. What the
 * job says of itself is read where it writes it, and kept.
 */
final class Training implements AutoCloseable {
  /** Within which anything should come that is to come at all. */
  static final Duration LIMIT = Duration.ofMinutes(3);

  private static final Duration PAUSE = Duration.ofMillis(300);

  private final SessionCluster cluster;
  private final Process client;
  private final Path output;
  private final RunFolder mirrored;
  private final List<RunProgress> seen = new ArrayList<>();
  private JobOnCluster job;
  private RunFolder own;

  private Training(SessionCluster cluster, Process client, Path output, RunFolder mirrored) {
    this.cluster = cluster;
    this.client = client;
    this.output = output;
    this.mirrored = mirrored;
  }

  /**
   * Starts {@code ./millrace train} and waits until the job trains.
   *
   * @param folder new: gets the run folder and what the client prints
   */
  static Training start(SessionCluster cluster, Path folder, String configuration, String... set)
      throws IOException {
    Path run = folder.resolve("run");
    Path output = folder.resolve("train.out");
    List<String> command = new ArrayList<>(List.of("./millrace", "train", configuration));
    command.addAll(List.of("--cluster", cluster.webUis(), "--run-dir", run.toString()));
    for (String setting : set) {
      command.addAll(List.of("--set", setting));
    }
    Process client =
        new ProcessBuilder(command)
            .directory(SessionCluster.ROOT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .redirectInput(new File("/dev/null"))
            .start();
    Training training = new Training(cluster, client, output, RunFolder.at(run));
    training.await("the job", training::submitted);
    Thread watching = new Thread(training::watch, "watch-progress");
    watching.setDaemon(true);
    watching.start();
    return training;
  }

  private boolean submitted() throws IOException {
    Path runs = cluster.folder().resolve("checkpoints/millrace-runs");
    JsonNode jobs = cluster.rest("/jobs").get("jobs");
    if (jobs.isEmpty() || !Files.isDirectory(runs)) {
      return false;
    }
    job = new JobOnCluster(cluster, jobs.get(0).get("id").asText());
    try (Stream<Path> folders = Files.list(runs)) {
      own = RunFolder.at(folders.findFirst().orElseThrow());
    }
    return Files.exists(own.progress());
  }

  private void watch() {
    while (client.isAlive()) {
      try {
        RunProgress.read(own).ifPresent(this::note);
        Thread.sleep(10);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private synchronized void note(RunProgress progress) {
    if (seen.isEmpty() || seen.get(seen.size() - 1).atMillis() != progress.atMillis()) {
      seen.add(progress);
    }
  }

  synchronized RunProgress latest() {
    return seen.isEmpty() ? RunProgress.read(own).orElseThrow() : seen.get(seen.size() - 1);
  }

  /** What the job said of itself between two times. */
  synchronized List<RunProgress> between(long fromMillis, long toMillis) {
    return seen.stream()
        .filter(each -> each.atMillis() >= fromMillis && each.atMillis() < toMillis)
        .toList();
  }

  JobOnCluster job() {
    return job;
  }

  /** Where the job itself writes the run down. */
  RunFolder own() {
    return own;
  }

  /** The client's copy of {@link #own}. */
  RunFolder mirrored() {
    return mirrored;
  }

  /**
   * A signal to the client, as by Ctrl-C: it stops the job with a savepoint. Returns what it
   * printed.
   */
  String stop() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-TERM", Long.toString(client.pid())).start().waitFor();
    if (!client.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the client has not ended: " + Files.readString(output));
    }
    return "status " + client.exitValue() + "\n" + Files.readString(output);
  }

  /** Something to wait for; while nobody answers, it is not there yet. */
  @FunctionalInterface
  interface Awaited {
    boolean isThere() throws IOException, InterruptedException;
  }

  /** Something to wait for and have. */
  @FunctionalInterface
  interface Sought<T> {
    Optional<T> look() throws IOException, InterruptedException;
  }

  /** Waits for something and returns it. */
  <T> T find(String what, Sought<T> sought) {
    AtomicReference<T> found = new AtomicReference<>();
    await(
        what,
        () -> {
          found.set(sought.look().orElse(null));
          return found.get() != null;
        });
    return found.get();
  }

  /**
   * Waits for something.
   *
   * @throws AssertionError if it does not come in time, or the client has ended
   */
  void await(String what, Awaited condition) {
    List<String> last = new ArrayList<>();
    try {
      SessionCluster.await(
          what,
          LIMIT,
          () -> {
            if (!client.isAlive()) {
              throw new AssertionError("the client has ended");
            }
            try {
              return condition.isThere();
            } catch (IOException | IllegalStateException e) {
              last.add(0, e.toString()); // While a JobManager takes over, nobody answers.
              return rest();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
              throw new AssertionError(e);
            }
          });
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + ", " + last + ": " + printed(), e);
    }
  }

  /** Questions that cannot be answered yet take time from what they ask for. */
  private static boolean rest() {
    LockSupport.parkNanos(PAUSE.toNanos());
    return false;
  }

  private String printed() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    client.destroyForcibly();
  }
}
