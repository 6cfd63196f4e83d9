package dev.millrace.job;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.AgentFactory;
import dev.millrace.env.ActorSpec;
import dev.millrace.env.Actors;
import dev.millrace.env.TicketPlan;
import dev.millrace.env.Tickets;
import dev.millrace.job.config.Experiment;
import dev.millrace.job.config.Fingerprint;
import dev.millrace.job.run.RecorderOperator;
import dev.millrace.job.run.Recording;
import dev.millrace.learner.EvaluatorSettings;
import dev.millrace.learner.LearnerSettings;
import dev.millrace.learner.Learners;
import dev.millrace.replay.Replay;
import dev.millrace.replay.ReplaySettings;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The topology of a training run, on one screen.
 *
 * <pre>
 *   tickets ──▶ actors ──▶ replay ──▶ learner ──▶ evaluator ──▶ recorder
 *      ▲          ▲          ▲          │              │
 *      │          │          └──────────┤ credits, priorities
 *      │          └─────────────────────┘ parameters   │
 *      └── progress of actors and replay, the verdict ─┘
 * </pre>
 */
public final class TrainingJob {
  private TrainingJob() {}

  /**
   * Adds the whole loop to {@code env}.
   *
   * @param recording says where and how the run is written down
   * @param gateId of the gate that an attached client holds; null if the job must stop by itself
   * @param loader sees the user's jars
   */
  public static void build(
      StreamExecutionEnvironment env,
      Experiment experiment,
      Recording recording,
      String gateId,
      ClassLoader loader) {
    AgentFactory agents = experiment::agent;
    Agent agent = agents.agent(loader);

    Tickets tickets =
        Tickets.issue(
            env,
            plan(experiment, agent, loader),
            Fingerprint.of(experiment, loader).fixed(),
            gateId);
    Actors actors =
        Actors.act(
            tickets.stream(), actors(experiment, loader), agents, experiment.actor().parallelism());
    Replay replay = Replay.sample(actors.transitions(), agent.replay(), replay(experiment));
    Learners.Learning learning =
        Learners.learn(
            replay.batches(), agents, learner(experiment, experiment.learner().prefetch()));
    Learners.Judging judging =
        Learners.evaluate(learning.candidates(), agents, evaluator(experiment));

    actors.feedBack(learning.parameters());
    replay.feedBack(learning.credits(), learning.priorities());
    tickets.feedBack(actors.progress().union(replay.progress(), judging.verdicts()));

    actors
        .reports()
        .union(replay.reports(), learning.reports(), judging.reports())
        .global()
        .transform("recorder", Types.VOID, new RecorderOperator(recording))
        .uid("recorder")
        .forceNonParallel();
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
    return new TicketPlan(
        actors(experiment, loader).groupSizes(),
        experiment.replay().shards(),
        experiment.actor().stepsPerTicket(),
        experiment.replay().limiter(),
        experiment.budgetSteps(),
        agent.replay().batchSize());
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

  static EvaluatorSettings evaluator(Experiment experiment) {
    return new EvaluatorSettings(
        experiment.environment().name(),
        experiment.evaluation().episodesFirst(),
        experiment.evaluation().episodes(),
        experiment.evaluation().targetReturn(),
        experiment.seed());
  }
}
