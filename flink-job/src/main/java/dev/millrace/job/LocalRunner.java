package dev.millrace.job;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.env.Environment;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.experience.Experience;
import dev.millrace.core.loop.Report;
import dev.millrace.env.ActorSpec;
import dev.millrace.env.EnvironmentGroup;
import dev.millrace.env.RolloutAnswers;
import dev.millrace.env.TicketPlan;
import dev.millrace.job.config.Experiment;
import dev.millrace.job.run.Recorder;
import dev.millrace.job.run.Recording;
import dev.millrace.job.run.Runner;
import dev.millrace.learner.Judge;
import dev.millrace.learner.LearningSession;
import dev.millrace.learner.RolloutSession;
import dev.millrace.replay.HeapShardStore;
import dev.millrace.replay.ReplaySettings;
import dev.millrace.replay.ReplayShard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Trains in this thread, without Flink: quick to start, reproducible bit for bit, and kept nowhere
 * but in memory.
 */
public final class LocalRunner implements Runner {
  private static final int EVALUATED_SIDE_BY_SIDE = 16;

  /** Epochs need no clock where nothing is ever restored. */
  private static final Clock STANDING = Clock.fixed(Instant.ofEpochMilli(1), ZoneOffset.UTC);

  @Override
  public Outcome run(Launch launch) throws Exception {
    if (launch.resumeFrom() != null) {
      throw new IllegalArgumentException(
          "--runner local: keeps no state and cannot resume; use --runner flink");
    }
    Experiment experiment = launch.experiment();
    Recording recording =
        Recording.of(experiment, launch.folder(), launch.startedAtMillis(), true, launch.loader());
    Agent agent = experiment.agent(launch.loader());
    EnvironmentProvider provider = experiment.environments(launch.loader());
    try (Recorder recorder = new Recorder(recording, InstantSource.system(), 0, null)) {
      Consumer<Report> reports = report -> record(recorder, report);
      boolean reached =
          agent instanceof ReplayAgent sampling
              ? train(launch, provider, sampling, reports)
              : train(launch, provider, (TrajectoryAgent) agent, reports);
      return new Outcome(
          reached
              ? Ending.TARGET_REACHED
              : launch.stop().requested() ? Ending.STOPPED : Ending.BUDGET_SPENT,
          null);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean train(
      Launch launch, EnvironmentProvider provider, ReplayAgent agent, Consumer<Report> reports)
      throws IOException {
    Experiment experiment = launch.experiment();
    ActorSpec actors = TrainingJob.actors(experiment, launch.loader());
    TicketPlan plan = TrainingJob.plan(experiment, agent, launch.loader());
    try (LearningSession learning =
        new LearningSession(agent, TrainingJob.learner(experiment, 1), STANDING)) {
      return new LocalTrainer(
              plan.ledger(),
              groups(actors, group -> EnvironmentGroup.of(actors, group, provider, agent)),
              agent.policy(),
              shards(experiment, agent, launch.loader()),
              learning,
              judge(experiment, provider, agent),
              reports,
              plan.batchSize())
          .run(launch.stop()::requested);
    }
  }

  private static boolean train(
      Launch launch, EnvironmentProvider provider, TrajectoryAgent agent, Consumer<Report> reports)
      throws IOException {
    Experiment experiment = launch.experiment();
    ActorSpec actors = TrainingJob.actors(experiment, launch.loader());
    TicketPlan plan = TrainingJob.plan(experiment, agent, launch.loader());
    RolloutAnswers answers = new RolloutAnswers(actors, provider, agent);
    try (RolloutSession learning =
        new RolloutSession(agent, TrainingJob.rollouts(experiment, actors), STANDING)) {
      return new LocalRolloutTrainer(
              plan.ledger(),
              groups(actors, answers::group),
              answers,
              agent.policy(),
              learning,
              judge(experiment, provider, agent),
              reports,
              plan.batchSize())
          .run(launch.stop()::requested);
    }
  }

  private static void record(Recorder recorder, Report report) {
    try {
      recorder.record(report);
      recorder.tick();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <E extends Experience> List<EnvironmentGroup<E>> groups(
      ActorSpec actors, IntFunction<EnvironmentGroup<E>> group) {
    return IntStream.range(0, actors.groups()).mapToObj(group).toList();
  }

  private static List<ReplayShard> shards(
      Experiment experiment, ReplayAgent agent, ClassLoader loader) {
    ReplaySettings settings = TrainingJob.replay(experiment);
    return IntStream.range(0, settings.shards())
        .mapToObj(
            shard ->
                new ReplayShard(
                    shard,
                    agent.replay(),
                    settings,
                    settings.newSampler(loader),
                    new HeapShardStore(),
                    STANDING))
        .toList();
  }

  private static Judge judge(Experiment experiment, EnvironmentProvider provider, Agent agent) {
    List<Environment> environments =
        Stream.generate(provider::create).limit(EVALUATED_SIDE_BY_SIDE).toList();
    return new Judge(agent.policy(), environments, TrainingJob.evaluator(experiment));
  }
}
