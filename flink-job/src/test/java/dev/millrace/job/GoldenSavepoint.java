package dev.millrace.job;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.env.SavedActors;
import dev.millrace.job.config.Experiment;
import dev.millrace.job.config.ExperimentReader;
import dev.millrace.job.run.Recorder;
import dev.millrace.job.run.Recording;
import dev.millrace.job.run.RunFolder;
import dev.millrace.job.run.RunProgress;
import dev.millrace.learner.SavedLearner;
import dev.millrace.replay.SavedReplay;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.streaming.api.operators.StreamMap;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;

/**
 * A savepoint with its configuration and what was read of it when it was made.
 *
 * @param folder holds config.yaml, savepoint/ and recorded.txt
 */
record GoldenSavepoint(Path folder) {

  Experiment experiment(String... overrides) {
    return new ExperimentReader(TestingRuns.LOADER)
        .read(folder.resolve("config.yaml"), List.of(overrides));
  }

  URI savepoint() {
    return folder.resolve("savepoint").toUri();
  }

  List<String> recorded() throws IOException {
    return Files.readAllLines(folder.resolve("recorded.txt"));
  }

  /** Makes one of {@code experiment} and of what a run of it has left. */
  static void keep(Path folder, Experiment experiment, Path savepoint, Path scratch)
      throws Exception {
    copy(savepoint, folder.resolve("savepoint"));
    Files.writeString(
        folder.resolve("config.yaml"),
        new ExperimentReader(TestingRuns.LOADER).resolved(experiment));
    Files.write(folder.resolve("recorded.txt"), new GoldenSavepoint(folder).read(scratch));
  }

  /** The same in another place. */
  GoldenSavepoint movedTo(Path elsewhere) throws IOException {
    copy(folder, elsewhere);
    return new GoldenSavepoint(elsewhere);
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      }
    }
  }

  SavedReplay replay() throws Exception {
    return SavedReplay.read(Path.of(savepoint()), experiment().replay().shards());
  }

  /** The learner's parameters, and the step and the environment steps they come of. */
  PolicyParameters learned() throws Exception {
    Experiment experiment = experiment();
    Agent agent = experiment.agent(TestingRuns.LOADER);
    byte[] saved = saved("learner");
    return agent instanceof ReplayAgent sampling
        ? SavedLearner.published(sampling, TrainingJob.learner(experiment, 1), saved)
        : SavedLearner.published(
            (TrajectoryAgent) agent,
            TrainingJob.rollouts(experiment, TrainingJob.actors(experiment, TestingRuns.LOADER)),
            saved);
  }

  /** What it holds, one thing in a line: read by the code of today, whoever wrote it. */
  List<String> read(Path scratch) throws Exception {
    Experiment experiment = experiment();
    Agent agent = experiment.agent(TestingRuns.LOADER);
    Stream.Builder<String> lines = Stream.builder();
    SavedActors actors =
        SavedActors.read(
            SavedReplay.state(Path.of(savepoint()), "actors"),
            TrainingJob.actors(experiment, TestingRuns.LOADER),
            experiment.environments(TestingRuns.LOADER),
            agent);
    actors.groups().forEach(group -> lines.add("actors: " + group));
    lines.add("actors: " + text(actors.acting()));
    if (agent instanceof ReplayAgent) {
      SavedReplay replay = replay();
      replay.counters().forEach(shard -> lines.add("replay: " + shard));
      lines.add("replay: %d transitions, %s".formatted(replay.weights().size(), replay.digest()));
    } else {
      long waiting =
          SavedLearner.waiting(
              (TrajectoryAgent) agent,
              TrainingJob.rollouts(experiment, TrainingJob.actors(experiment, TestingRuns.LOADER)),
              saved("learner"));
      lines.add("learner: %d transitions wait".formatted(waiting));
    }
    lines.add("learner: " + text(learned()));
    lines.add("recorder: " + text(recorded(experiment, scratch)));
    return lines.build().toList();
  }

  private static String text(PolicyParameters parameters) {
    Digest digest = new Digest();
    digest.add(parameters.values());
    return "step %d of %d environment steps, %d parameters, %s"
        .formatted(
            parameters.version().step(),
            parameters.environmentSteps(),
            parameters.values().length,
            digest);
  }

  private static String text(RunProgress progress) {
    return "%d environment steps, %d updates, mean return %s, best evaluation %s"
        .formatted(
            progress.environmentSteps(),
            progress.updates(),
            progress.meanReturn(),
            progress.bestEvaluation());
  }

  private RunProgress recorded(Experiment experiment, Path scratch) throws Exception {
    Recording recording =
        Recording.of(experiment, RunFolder.at(scratch), 0, false, TestingRuns.LOADER);
    DataInputStream state = new DataInputStream(new ByteArrayInputStream(saved("recorder")));
    try (Recorder recorder = new Recorder(recording, Instant::now, 0, state)) {
      return recorder.progress();
    }
  }

  /** The only entry of the list that the operator of {@code uid} keeps under that very name. */
  private byte[] saved(String uid) throws Exception {
    try (var harness =
        new OneInputStreamOperatorTestHarness<>(new StreamMap<Integer, Integer>(value -> value))) {
      harness.setup();
      harness.initializeState(SavedReplay.state(Path.of(savepoint()), uid));
      harness.open();
      return harness
          .getOperator()
          .getOperatorStateBackend()
          .getListState(new ListStateDescriptor<>(uid, BytePrimitiveArraySerializer.INSTANCE))
          .get()
          .iterator()
          .next();
    }
  }
}
