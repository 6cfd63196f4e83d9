package dev.millrace.job;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.AgentFactory;
import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Report;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.env.ActorSpec;
import dev.millrace.env.Actors;
import dev.millrace.env.TicketPlan;
import dev.millrace.env.Tickets;
import dev.millrace.job.config.Experiment;
import dev.millrace.job.config.Fingerprint;
import dev.millrace.job.run.RecorderFactory;
import dev.millrace.job.run.Recording;
import dev.millrace.learner.EvaluatorSettings;
import dev.millrace.learner.LearnerSettings;
import dev.millrace.learner.Learners;
import dev.millrace.learner.RolloutSettings;
import dev.millrace.replay.Replay;
import dev.millrace.replay.ReplaySettings;
import dev.millrace.streams.MessageTypes;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The topology of a training run, on one screen.
 *
 * <pre>
 *   tickets ──▶ actors ──▶ replay ──▶ learner ──▶ evaluator ──▶ recorder
 *      ▲          ▲          ▲          │              │
 *      │          │          └──────────┤ credits, priorities
 *      │          └─────────────────────┘ parameters   │
 *      └── progress of actors and replay, the verdict ─┘  and whether a client attends
 * </pre>
 *
 * <p>Where each trajectory is learned from once there is no replay, and no credits and priorities:
 * actors send their rollouts to the learner, which tells the tickets of its progress.
 */
public final class TrainingJob {
  private TrainingJob() {}

  /**
   * Adds the whole loop to {@code env}.
   *
   * @param recording says where and how the run is written down
   * @param loader sees the user's jars
   */
  public static void build(
      StreamExecutionEnvironment env,
      Experiment experiment,
      Recording recording,
      ClassLoader loader) {
    Agent agent = experiment.agent(loader);
    Tickets tickets =
        Tickets.issue(
            env,
            plan(experiment, agent, loader),
            Fingerprint.of(experiment, loader).fixed(),
            recording.attended());
    Half half =
        agent instanceof ReplayAgent sampling
            ? sampled(tickets, experiment, sampling, loader)
            : inTurn(tickets, experiment, loader);
    Learners.Judging judging =
        Learners.evaluate(half.candidates(), experiment::agent, evaluator(experiment));
    half.learner().slotSharingGroup(Slots.LEARNER);
    judging.reports().slotSharingGroup(Slots.ALL_ELSE);
    DataStream<Progress> attendance =
        half.reports()
            .union(judging.reports())
            .global()
            .transform("recorder", MessageTypes.PROGRESS, new RecorderFactory(recording))
            .uid("recorder")
            .forceNonParallel();
    tickets.feedBack(half.progress().union(judging.verdicts(), attendance));
  }

  /** What acting and learning tell those who pace, judge and write down. */
  private record Half(
      SingleOutputStreamOperator<PolicyParameters> learner,
      DataStream<PolicyParameters> candidates,
      DataStream<Progress> progress,
      DataStream<Report> reports) {}

  /** Actors, a replay, a learner that samples it. */
  private static Half sampled(
      Tickets tickets, Experiment experiment, ReplayAgent agent, ClassLoader loader) {
    AgentFactory<ReplayAgent> agents = each -> (ReplayAgent) experiment.agent(each);
    Actors<Transition> actors =
        Actors.act(
            tickets.stream(), actors(experiment, loader), agents, experiment.actor().parallelism());
    Replay replay = Replay.sample(actors.experience(), agent.replay(), replay(experiment));
    Learners.Learning learning =
        Learners.learn(
            replay.batches(),
            agents,
            learner(experiment, experiment.learner().prefetch()),
            experiment.learner().onGpu());
    actors.feedBack(learning.parameters());
    replay.feedBack(learning.credits(), learning.priorities());
    return new Half(
        learning.parameters(),
        learning.candidates(),
        actors.progress().union(replay.progress()),
        actors.reports().union(replay.reports(), learning.reports()));
  }

  /** Actors, and a learner that takes what they did in turn. */
  private static Half inTurn(Tickets tickets, Experiment experiment, ClassLoader loader) {
    AgentFactory<TrajectoryAgent> agents = each -> (TrajectoryAgent) experiment.agent(each);
    ActorSpec spec = actors(experiment, loader);
    Actors<Rollout> actors =
        Actors.rollOut(tickets.stream(), spec, agents, experiment.actor().parallelism());
    Learners.InTurn learning =
        Learners.learnInTurn(
            actors.experience(), agents, rollouts(experiment, spec), experiment.learner().onGpu());
    actors.feedBack(learning.parameters());
    return new Half(
        learning.parameters(),
        learning.candidates(),
        actors.progress().union(learning.progress()),
        actors.reports().union(learning.reports()));
  }

  static ActorSpec actors(Experiment experiment, ClassLoader loader) {
    return new ActorSpec(
        experiment.spec(loader),
        experiment.environment().count(),
        experiment.environment().groupSize(),
        experiment.seed(),
        experiment.environment().maxConsecutiveFaults());
  }

  static TicketPlan plan(Experiment experiment, Agent agent, ClassLoader loader) {
    ReplaySpec spec = agent.replay();
    return new TicketPlan(
        actors(experiment, loader).groupSizes(),
        spec instanceof ReplaySpec.Sampled ? experiment.replay().shards() : 1,
        experiment.actor().stepsPerTicket(),
        spec instanceof ReplaySpec.Fifo fifo && fifo.lockStep(),
        experiment.replay().limiter(),
        experiment.budgetSteps(),
        spec.batchSize());
  }

  static ReplaySettings replay(Experiment experiment) {
    return new ReplaySettings(
        experiment.replay().sampler(),
        experiment.replay().capacity(),
        experiment.replay().shards(),
        experiment.replay().parallelism(),
        experiment.replay().cacheBytes(),
        experiment.seed(),
        experiment.settings());
  }

  static LearnerSettings learner(Experiment experiment, int prefetch) {
    return new LearnerSettings(
        experiment.replay().shards(),
        experiment.replay().limiter(),
        prefetch,
        experiment.learner().publishEvery(),
        experiment.learner().maxNonFinite(),
        experiment.seed());
  }

  static RolloutSettings rollouts(Experiment experiment, ActorSpec actors) {
    return new RolloutSettings(
        actors.groups(),
        experiment.learner().publishEvery(),
        experiment.learner().maxNonFinite(),
        experiment.seed());
  }

  static EvaluatorSettings evaluator(Experiment experiment) {
    return new EvaluatorSettings(
        experiment.environment().name(),
        experiment.evaluation().episodesFirst(),
        experiment.evaluation().episodes(),
        experiment.evaluation().targetReturn(),
        experiment.seed());
  }
}
