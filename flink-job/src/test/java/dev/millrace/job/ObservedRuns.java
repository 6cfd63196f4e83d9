package dev.millrace.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.Algorithm;
import dev.millrace.job.config.Experiment;
import dev.millrace.job.config.ExperimentReader;
import dev.millrace.job.run.Recording;
import dev.millrace.job.run.RunFolder;
import dev.millrace.job.run.RunProgress;
import dev.millrace.job.run.Runner.Cluster;
import dev.millrace.job.run.Runner.Launch;
import dev.millrace.job.run.StopRequest;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.util.TestStreamEnvironment;

/**
 * Runs of an {@link ObservedAlgorithm} until their budget is spent, in one thread or on a cluster
 * of two TaskManagers, so that what is sent is serialized.
 */
final class ObservedRuns implements AutoCloseable {
  private final Path folder;
  private final URL registration;
  private final ClassLoader loader;
  private final MiniCluster cluster;
  private int count;

  /**
   * @param folder where runs are written down
   */
  ObservedRuns(Path folder) throws Exception {
    this.folder = folder;
    registration = ObservedAlgorithm.registeredIn(folder.resolve("registration"));
    loader = new URLClassLoader(new URL[] {registration}, TestingRuns.LOADER);
    cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setNumTaskManagers(2)
                .setNumSlotsPerTaskManager(2)
                .build());
    cluster.start();
  }

  /**
   * What is to be run.
   *
   * @param algorithm its name, which takes the place of the one in {@code yaml}
   * @param environments the number in {@code yaml}
   */
  record Subject(String algorithm, int environments, String yaml, List<String> options) {

    /** The same with more options. */
    Subject with(String... more) {
      List<String> all = new ArrayList<>(options);
      all.addAll(List.of(more));
      return new Subject(algorithm, environments, yaml, all);
    }

    private Algorithm observed() {
      return Algorithm.catalogue(TestingRuns.LOADER).get(algorithm);
    }

    /** The agent itself, which nobody observes. */
    Agent agent(Experiment experiment) {
      return observed()
          .bind(experiment.spec(TestingRuns.LOADER), environments, experiment.settings());
    }

    @Override
    public String toString() {
      return algorithm;
    }
  }

  /**
   * What a run came to.
   *
   * @param episodes of each environment, in order
   */
  record Run(
      Experiment experiment,
      Witness witness,
      RunProgress progress,
      Map<String, List<String>> episodes) {

    /** Requires that the same was learned from the same, step by step, to the bit. */
    void requireSame(Run other) {
      assertThat(witness.contradictions()).as("steps made again, not as before").isEmpty();
      other
          .witness
          .learned()
          .forEach(
              (step, seen) ->
                  assertThat(witness.learned().get(step))
                      .as("what step %d learned, digested", step)
                      .isEqualTo(seen));
      assertThat(witness.learned()).hasSameSizeAs(other.witness.learned());
      assertThat(witness.published())
          .as("the parameters published last")
          .isEqualTo(other.witness.published());
      assertThat(episodes).as("every environment's episodes").isEqualTo(other.episodes);
      assertThat(progress.environmentSteps()).isEqualTo(other.progress.environmentSteps());
      assertThat(progress.updates()).isEqualTo(other.progress.updates());
    }
  }

  /** Runs in one thread. */
  Run inOneThread(Subject subject) throws Exception {
    return inOneThread(subject, 0);
  }

  /** Runs in one thread; another learner goes on after {@code step}. */
  Run inOneThread(Subject subject, long step) throws Exception {
    RunFolder at = next();
    Witness witness = Witness.next(subject.observed(), at, subject.environments, List.of());
    witness.replaceLearnerAt(step);
    Launch launch = launch(subject, at);
    new LocalRunner().run(launch);
    return finished(launch, witness);
  }

  /** Runs on the cluster, failing at {@code moments}, one after the other. */
  Run onTheCluster(Subject subject, List<Moment> moments) throws Exception {
    RunFolder at = next();
    Witness witness = Witness.next(subject.observed(), at, subject.environments, moments);
    Launch launch = launch(subject, at);
    try (TestStreamEnvironment env =
        new TestStreamEnvironment(
            cluster, FlinkOptions.job(launch), 1, List.of(), List.of(registration))) {
      Recording recording =
          Recording.of(launch.experiment(), at, launch.startedAtMillis(), false, loader);
      TrainingJob.build(env, launch.experiment(), recording, loader);
      env.execute();
    }
    assertThat(witness.left()).as("moments that did not come").isEmpty();
    return finished(launch, witness);
  }

  private RunFolder next() {
    return RunFolder.at(folder.resolve("run-" + ++count));
  }

  private Launch launch(Subject subject, RunFolder at) {
    Subject observed = subject.with("algorithm.name=" + ObservedAlgorithm.NAME);
    Experiment experiment =
        new ExperimentReader(loader).read("test", observed.yaml, "test", observed.options);
    return new Launch(
        experiment,
        at,
        null,
        System.currentTimeMillis(),
        loader,
        List.of(),
        false,
        Cluster.NONE,
        new StopRequest());
  }

  private static Run finished(Launch launch, Witness witness) throws IOException {
    Map<String, List<String>> episodes =
        TestingRuns.rows(launch.folder().episodes()).stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.get(1),
                    TreeMap::new,
                    Collectors.mapping(
                        row -> String.join(",", row.subList(2, row.size())), Collectors.toList())));
    return new Run(
        launch.experiment(), witness, RunProgress.read(launch.folder()).orElseThrow(), episodes);
  }

  @Override
  public void close() throws Exception {
    cluster.close();
  }
}
