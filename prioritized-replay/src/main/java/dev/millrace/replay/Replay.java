package dev.millrace.replay;

import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.experience.PriorityUpdates;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.ReplayOutput;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.SampleCredit;
import dev.millrace.streams.FeedbackEdge;
import dev.millrace.streams.MessageTypes;
import dev.millrace.streams.Outgoing;
import dev.millrace.streams.ShardKeys;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;

/**
 * The replay of a job: transitions go in, batches come out as they are granted. One per job.
 *
 * <pre>{@code
 * Replay replay = Replay.sample(transitions, agent.replay(), settings);
 * ... = learner(replay.batches());
 * replay.feedBack(credits, priorities);
 * }</pre>
 *
 * <p>Without {@link #feedBack} it only remembers: nothing is sampled that was not granted.
 */
public final class Replay {
  static final OutputTag<Progress> PROGRESS = new OutputTag<>("progress", MessageTypes.PROGRESS);
  static final OutputTag<Report> REPORTS = new OutputTag<>("reports", MessageTypes.REPORT);

  private static final String NAME = "replay";

  /** Updates, each of a batch, that wait at most; more are dropped, oldest first, and counted. */
  private static final int PRIORITY_INBOX = 1024;

  private final ShardKeys keys;
  private final FeedbackEdge<SampleCredit> credits;
  private final FeedbackEdge<PriorityUpdates> priorities;
  private final SingleOutputStreamOperator<ReplayOutput> operator;

  private Replay(
      ShardKeys keys,
      FeedbackEdge<SampleCredit> credits,
      FeedbackEdge<PriorityUpdates> priorities,
      SingleOutputStreamOperator<ReplayOutput> operator) {
    this.keys = keys;
    this.credits = credits;
    this.priorities = priorities;
    this.operator = operator;
  }

  /**
   * Adds a replay to the job of {@code transitions}.
   *
   * @param transitions in which {@code (environment, step)} identifies each; typed as {@link
   *     MessageTypes#TRANSITION}
   * @throws IllegalArgumentException if {@code settings} names no known sampler, or its shards
   *     exceed {@link ShardKeys#MAX_PARALLELISM}
   */
  public static Replay sample(
      DataStream<Transition> transitions, ReplaySpec.Sampled spec, ReplaySettings settings) {
    SamplerProvider.catalogue(Thread.currentThread().getContextClassLoader())
        .get(settings.sampler());
    int shards = settings.shards();
    ShardKeys keys = new ShardKeys(shards);
    FeedbackEdge<SampleCredit> credits =
        FeedbackEdge.latest(NAME + "-credits", SampleCredit::shard);
    FeedbackEdge<PriorityUpdates> priorities =
        FeedbackEdge.bounded(NAME + "-priorities", PRIORITY_INBOX);
    SingleOutputStreamOperator<ReplayOutput> operator =
        transitions
            .keyBy(t -> keys.key(ShardKeys.shardOf(t.environment(), t.step(), shards)), Types.INT)
            .transform(
                NAME,
                MessageTypes.REPLAY_OUTPUT,
                new ReplayOperatorFactory(spec, settings, keys, credits, priorities))
            .setParallelism(settings.parallelism())
            .setMaxParallelism(ShardKeys.MAX_PARALLELISM)
            .setBufferTimeout(Outgoing.TIMEOUT_MILLIS)
            .uid(NAME);
    return new Replay(keys, credits, priorities, operator);
  }

  /** What is for the learner: where each shard stands, and the batches it was granted. */
  public SingleOutputStreamOperator<ReplayOutput> batches() {
    return operator;
  }

  /** Where each shard stands, for whoever paces the inserts. */
  public DataStream<Progress> progress() {
    return operator.getSideOutput(PROGRESS);
  }

  /** Each shard's counters, for whoever writes them down. */
  public DataStream<Report> reports() {
    return operator.getSideOutput(REPORTS);
  }

  /** Closes the loop: what the learner grants, and the priorities it found. */
  public void feedBack(DataStream<SampleCredit> granted, DataStream<PriorityUpdates> found) {
    ShardKeys shards = keys; // the key selectors travel with the job, this object does not
    credits.connect(
        granted.keyBy(credit -> shards.key(credit.shard()), Types.INT),
        priorities,
        found.keyBy(update -> shards.key(update.shard()), Types.INT),
        operator);
  }
}
