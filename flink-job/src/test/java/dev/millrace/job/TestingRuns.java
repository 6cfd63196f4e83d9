package dev.millrace.job;

import dev.millrace.job.config.Experiment;
import dev.millrace.job.config.ExperimentReader;
import dev.millrace.job.run.RunFolder;
import dev.millrace.job.run.RunProgress;
import dev.millrace.job.run.Runner.Cluster;
import dev.millrace.job.run.Runner.Launch;
import dev.millrace.job.run.StopRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Small runs of CartPole, and what they leave. */
final class TestingRuns {
  static final ClassLoader LOADER = TestingRuns.class.getClassLoader();

  private static final String CARTPOLE =
      """
      environment: {name: CartPole-v1, count: 8, group-size: 2}
      actor: {parallelism: 2}
      algorithm: {name: dqn}
      replay: {shards: 2, parallelism: 2, capacity: 200000}
      checkpoint: {interval: 1s}
      """;

  private TestingRuns() {}

  /** Distributed CartPole with checkpoints every second. */
  static Experiment experiment(String... overrides) {
    return new ExperimentReader(LOADER).read("test", CARTPOLE, "test", Arrays.asList(overrides));
  }

  static Launch launch(Experiment experiment, Path folder, URI resumeFrom) {
    return new Launch(
        experiment,
        RunFolder.at(folder),
        resumeFrom,
        System.currentTimeMillis(),
        LOADER,
        List.of(),
        false,
        Cluster.NONE,
        new StopRequest());
  }

  /** Waits until the run's progress is as wanted, or {@code over} says that it never will be. */
  static RunProgress await(RunFolder folder, Predicate<RunProgress> wanted, BooleanSupplier over)
      throws InterruptedException {
    while (true) {
      boolean last = over.getAsBoolean();
      RunProgress progress = RunProgress.read(folder).orElse(null);
      if (progress != null && wanted.test(progress)) {
        return progress;
      }
      if (last) {
        throw new AssertionError("the run is over, and its progress was " + progress);
      }
      Thread.sleep(20);
    }
  }

  /** Sum of the lengths of each environment's episodes, as recorded. */
  static Map<Integer, Long> recordedSteps(RunFolder folder) throws IOException {
    Map<Integer, Long> steps = new TreeMap<>();
    for (List<String> row : rows(folder.episodes())) {
      steps.merge(Integer.parseInt(row.get(1)), Long.parseLong(row.get(3)), Long::sum);
    }
    return steps;
  }

  /** The rows of a CSV file without its heading. */
  static List<List<String>> rows(Path csv) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    List<String> lines = Files.readAllLines(csv);
    for (String line : lines.subList(1, lines.size())) {
      rows.add(Arrays.asList(line.split(",", -1)));
    }
    return rows;
  }
}
