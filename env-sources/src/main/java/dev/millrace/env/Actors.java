package dev.millrace.env;

import dev.millrace.core.agent.AgentFactory;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.streams.FeedbackEdge;
import dev.millrace.streams.MessageTypes;
import dev.millrace.streams.Outgoing;
import dev.millrace.streams.ShardKeys;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;

/**
 * The actors of a job: tickets go in, transitions come out. One per job.
 *
 * <p>Until {@link #feedBack} brings the first parameters, tickets wait.
 */
public final class Actors {
  static final OutputTag<Progress> PROGRESS = new OutputTag<>("progress", MessageTypes.PROGRESS);
  static final OutputTag<Report> REPORTS = new OutputTag<>("reports", MessageTypes.REPORT);

  private static final String NAME = "actors";

  private final FeedbackEdge<PolicyParameters> parameters;
  private final SingleOutputStreamOperator<Transition> operator;

  private Actors(
      FeedbackEdge<PolicyParameters> parameters, SingleOutputStreamOperator<Transition> operator) {
    this.parameters = parameters;
    this.operator = operator;
  }

  /**
   * Adds actors to the job of {@code tickets}.
   *
   * @param agents says how they act and what they remember; bound again in each task
   * @throws IllegalArgumentException if there are more groups than {@link
   *     ShardKeys#MAX_PARALLELISM}, or the environment is not in the catalogue
   */
  public static Actors act(
      DataStream<Ticket> tickets, ActorSpec actors, AgentFactory agents, int parallelism) {
    actors.provider(Thread.currentThread().getContextClassLoader());
    ShardKeys keys = new ShardKeys(actors.groups());
    FeedbackEdge<PolicyParameters> parameters =
        FeedbackEdge.latest(NAME + "-parameters", ignored -> 0);
    SingleOutputStreamOperator<Transition> operator =
        tickets
            .keyBy(ticket -> keys.key(ticket.group()), Types.INT)
            .transform(
                NAME,
                MessageTypes.TRANSITION,
                new ActorOperatorFactory(actors, agents, keys, parameters))
            .setParallelism(parallelism)
            .setMaxParallelism(ShardKeys.MAX_PARALLELISM)
            .setBufferTimeout(Outgoing.TIMEOUT_MILLIS)
            .uid(NAME);
    return new Actors(parameters, operator);
  }

  /** What the environments' steps became, typed as {@link MessageTypes#TRANSITION}. */
  public SingleOutputStreamOperator<Transition> transitions() {
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
