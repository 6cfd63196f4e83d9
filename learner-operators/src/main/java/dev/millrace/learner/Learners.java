package dev.millrace.learner;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.AgentFactory;
import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.experience.PriorityUpdates;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.ReplayOutput;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.SampleCredit;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.streams.MessageTypes;
import dev.millrace.streams.Outgoing;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Learning on a stream of samples. What comes out must find its way back: credits and priorities to
 * the replay that sends the samples, parameters to whoever acts.
 */
public final class Learners {
  private Learners() {}

  /**
   * What a learner tells.
   *
   * @param parameters the policy's, at the start, every few updates, and again by a timer
   * @param candidates the newest parameters now and then, and the last, for an evaluator
   * @param priorities of what was sampled, for the replay
   * @param credits what the replay may send, again by a timer
   * @param reports about five a second
   */
  public record Learning(
      SingleOutputStreamOperator<PolicyParameters> parameters,
      DataStream<PolicyParameters> candidates,
      DataStream<PriorityUpdates> priorities,
      DataStream<SampleCredit> credits,
      DataStream<Report> reports) {}

  /**
   * What an evaluator tells.
   *
   * @param reports one for every version judged, with the parameters of the best so far
   * @param verdicts that the target is reached, again by a timer
   */
  public record Judging(
      SingleOutputStreamOperator<Report> reports, DataStream<Progress> verdicts) {}

  /**
   * Learns from samples.
   *
   * @param samples every shard's, in any order between shards
   * @param agents binds the algorithm in the learner's task
   */
  public static Learning learn(
      DataStream<ReplayOutput> samples,
      AgentFactory<ReplayAgent> agents,
      LearnerSettings settings) {
    return learn(samples, agents, settings, false);
  }

  /**
   * Learns from samples, as the other does.
   *
   * @param onGpu whether the learner asks Flink for the external resource {@code gpu}, to compute
   *     on it; where there is none the job fails for good
   */
  public static Learning learn(
      DataStream<ReplayOutput> samples,
      AgentFactory<ReplayAgent> agents,
      LearnerSettings settings,
      boolean onGpu) {
    SingleOutputStreamOperator<PolicyParameters> learner =
        learner(samples, agents, SampleLessons.with(settings), onGpu);
    return new Learning(
        learner,
        learner.getSideOutput(LearnerOperator.CANDIDATES),
        learner.getSideOutput(SampleLessons.PRIORITIES),
        learner.getSideOutput(SampleLessons.CREDITS),
        learner.getSideOutput(LearnerOperator.REPORTS));
  }

  private static <A extends Agent, I> SingleOutputStreamOperator<PolicyParameters> learner(
      DataStream<I> input, AgentFactory<A> agents, LessonsFactory<A, I> lessons, boolean onGpu) {
    return input
        .global()
        .transform(
            "learner",
            MessageTypes.POLICY_PARAMETERS,
            new LearnerOperatorFactory<>(agents, lessons, onGpu))
        .uid("learner")
        .forceNonParallel()
        .setBufferTimeout(Outgoing.TIMEOUT_MILLIS);
  }

  /**
   * What a learner from rollouts tells.
   *
   * @param parameters the policy's first, at the start, every few updates, and again by a timer
   * @param candidates the newest parameters now and then, and the last, for an evaluator
   * @param progress how much has come and been learned from, again by a timer, for the ticket
   *     source
   * @param reports about five a second
   */
  public record InTurn(
      SingleOutputStreamOperator<PolicyParameters> parameters,
      DataStream<PolicyParameters> candidates,
      DataStream<Progress> progress,
      DataStream<Report> reports) {}

  /**
   * Learns from each rollout in turn.
   *
   * @param rollouts every group's, each group's in order
   * @param agents binds the algorithm in the learner's task
   */
  public static InTurn learnInTurn(
      DataStream<Rollout> rollouts,
      AgentFactory<TrajectoryAgent> agents,
      RolloutSettings settings) {
    return learnInTurn(rollouts, agents, settings, false);
  }

  /**
   * Learns from each rollout in turn, as the other does.
   *
   * @param onGpu whether the learner asks Flink for the external resource {@code gpu}, to compute
   *     on it; where there is none the job fails for good
   */
  public static InTurn learnInTurn(
      DataStream<Rollout> rollouts,
      AgentFactory<TrajectoryAgent> agents,
      RolloutSettings settings,
      boolean onGpu) {
    SingleOutputStreamOperator<PolicyParameters> learner =
        learner(rollouts, agents, RolloutLessons.with(settings), onGpu);
    return new InTurn(
        learner,
        learner.getSideOutput(LearnerOperator.CANDIDATES),
        learner.getSideOutput(RolloutLessons.PROGRESS),
        learner.getSideOutput(LearnerOperator.REPORTS));
  }

  /**
   * Judges parameters while they are learned.
   *
   * @param candidates a learner's
   * @param agents binds the algorithm in the evaluator's task
   */
  public static Judging evaluate(
      DataStream<PolicyParameters> candidates, AgentFactory<?> agents, EvaluatorSettings settings) {
    SingleOutputStreamOperator<Report> evaluator =
        candidates
            .global()
            .transform("evaluator", MessageTypes.REPORT, new EvaluatorOperator(agents, settings))
            .uid("evaluator")
            .forceNonParallel()
            .setBufferTimeout(0);
    return new Judging(evaluator, evaluator.getSideOutput(EvaluatorOperator.VERDICTS));
  }
}
