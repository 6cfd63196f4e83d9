package dev.millrace.env;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.AgentFactory;
import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.experience.Experience;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.experience.Trajectory;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.streams.FeedbackEdge;
import dev.millrace.streams.MessageType;
import dev.millrace.streams.MessageTypes;
import dev.millrace.streams.Outgoing;
import dev.millrace.streams.ShardKeys;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;

/**
 * The actors of a job: tickets go in, experience comes out. One per job.
 *
 * <p>Until {@link #feedBack} brings the first parameters, tickets wait.
 *
 * @param <O> transitions or rollouts
 */
public final class Actors<O> {
  static final OutputTag<Progress> PROGRESS = new OutputTag<>("progress", MessageTypes.PROGRESS);
  static final OutputTag<Report> REPORTS = new OutputTag<>("reports", MessageTypes.REPORT);

  private static final String NAME = "actors";

  private final FeedbackEdge<PolicyParameters> parameters;
  private final SingleOutputStreamOperator<O> operator;

  private Actors(
      FeedbackEdge<PolicyParameters> parameters, SingleOutputStreamOperator<O> operator) {
    this.parameters = parameters;
    this.operator = operator;
  }

  /**
   * Adds actors to the job of {@code tickets} whose steps become transitions, for a replay.
   *
   * @param agents says how they act and what they remember; bound again in each task
   * @throws IllegalArgumentException if there are more groups than {@link
   *     ShardKeys#MAX_PARALLELISM}, or the environment is not in the catalogue
   */
  public static Actors<Transition> act(
      DataStream<Ticket> tickets,
      ActorSpec actors,
      AgentFactory<ReplayAgent> agents,
      int parallelism) {
    AnswersFactory<ReplayAgent, Transition, Transition> answers = TransitionAnswers::new;
    return add(tickets, actors, agents, answers, MessageTypes.TRANSITION, parallelism);
  }

  /**
   * Adds actors to the job of {@code tickets} that answer each with a rollout, for a learner.
   *
   * @param agents says how they act and what becomes of a rollout; bound again in each task
   * @throws IllegalArgumentException as {@link #act} does
   */
  public static Actors<Rollout> rollOut(
      DataStream<Ticket> tickets,
      ActorSpec actors,
      AgentFactory<TrajectoryAgent> agents,
      int parallelism) {
    AnswersFactory<TrajectoryAgent, Trajectory, Rollout> answers = RolloutAnswers::new;
    return add(tickets, actors, agents, answers, MessageTypes.ROLLOUT, parallelism);
  }

  private static <A extends Agent, E extends Experience, O> Actors<O> add(
      DataStream<Ticket> tickets,
      ActorSpec actors,
      AgentFactory<A> agents,
      AnswersFactory<A, E, O> answers,
      MessageType<O> type,
      int parallelism) {
    actors.provider(Thread.currentThread().getContextClassLoader());
    ShardKeys keys = new ShardKeys(actors.groups());
    FeedbackEdge<PolicyParameters> parameters =
        FeedbackEdge.latest(NAME + "-parameters", ignored -> 0);
    SingleOutputStreamOperator<O> operator =
        tickets
            .keyBy(ticket -> keys.key(ticket.group()), Types.INT)
            .transform(
                NAME, type, new ActorOperatorFactory<>(actors, agents, answers, keys, parameters))
            .setParallelism(parallelism)
            .setMaxParallelism(ShardKeys.MAX_PARALLELISM)
            .setBufferTimeout(Outgoing.TIMEOUT_MILLIS)
            .uid(NAME);
    return new Actors<>(parameters, operator);
  }

  /** What the environments' steps became. */
  public SingleOutputStreamOperator<O> experience() {
    return operator;
  }

  /** What each group has done, for the ticket source. */
  public DataStream<Progress> progress() {
    return operator.getSideOutput(PROGRESS);
  }

  /** Episodes, and each group's counters, for whoever writes them down. */
  public DataStream<Report> reports() {
    return operator.getSideOutput(REPORTS);
  }

  /** Closes the loop: the parameters to act with; the newest version wins. */
  public void feedBack(DataStream<PolicyParameters> published) {
    parameters.connect(published.broadcast(), operator);
  }
}
