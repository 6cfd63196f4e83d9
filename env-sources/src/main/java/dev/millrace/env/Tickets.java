package dev.millrace.env;

import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Ticket;
import dev.millrace.streams.FeedbackEdge;
import dev.millrace.streams.MessageTypes;
import java.util.SortedMap;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The tickets of a job: permissions to step, issued as fast as the replay's progress allows, until
 * the budget is spent or the target reached. One per job.
 *
 * <pre>{@code
 * Tickets tickets = Tickets.issue(env, plan, fingerprint, false);
 * Actors actors = Actors.act(tickets.stream(), spec, agents, parallelism);
 * …
 * tickets.feedBack(actors.progress().union(replay.progress()));
 * }</pre>
 */
public final class Tickets {
  private static final String NAME = "tickets";

  private final FeedbackEdge<Progress> news;
  private final SingleOutputStreamOperator<Ticket> source;

  private Tickets(FeedbackEdge<Progress> news, SingleOutputStreamOperator<Ticket> source) {
    this.news = news;
    this.source = source;
  }

  /**
   * Adds the source of tickets to a job.
   *
   * @param fingerprint texts by key of the options that are fixed for a run; a job that is restored
   *     with others fails for good, naming each
   * @param attended whether a client attends the run from its beginning: {@link
   *     Progress.Attendance}, sent as progress, tells of it from then on
   */
  public static Tickets issue(
      StreamExecutionEnvironment env,
      TicketPlan plan,
      SortedMap<String, String> fingerprint,
      boolean attended) {
    FeedbackEdge<Progress> news = FeedbackEdge.latest(NAME + "-progress", Progress::producer);
    SingleOutputStreamOperator<Ticket> source =
        env.fromSource(
                new TicketSource(plan, news, fingerprint, attended),
                WatermarkStrategy.noWatermarks(),
                NAME,
                MessageTypes.TICKET)
            .setParallelism(1)
            .setBufferTimeout(0)
            .uid(NAME);
    return new Tickets(news, source);
  }

  /** The tickets. */
  public DataStream<Ticket> stream() {
    return source;
  }

  /** Closes the loop: the progress of replay shards, environment groups, evaluator and client. */
  public void feedBack(DataStream<Progress> progress) {
    news.connect(progress.global(), source);
  }
}
