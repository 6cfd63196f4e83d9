package dev.millrace.replay;

import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.experience.PriorityUpdates;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.ReplayOutput;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.SampleCredit;
import dev.millrace.streams.FeedbackEdge;
import dev.millrace.streams.OperatorMetrics;
import dev.millrace.streams.Outgoing;
import dev.millrace.streams.Repeating;
import dev.millrace.streams.RunOver;
import dev.millrace.streams.ShardKeys;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Owns the shards whose keys fall to its subtask, empty ones too. Transitions come as records; what
 * the learner sends back waits in two inboxes and is served between records, by mail.
 */
final class ReplayOperator extends AbstractStreamOperator<ReplayOutput>
    implements OneInputStreamOperator<Transition, ReplayOutput> {
  private static final long serialVersionUID = 1L;
  private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(100);
  private static final Duration REPORT_INTERVAL = Duration.ofMillis(500);

  /** Inserts after which progress is told without waiting for the timer. */
  private static final int TELLING_INSERTS = 64;

  private final ReplaySpec.Sampled spec;
  private final ReplaySettings settings;
  private final ShardKeys keys;
  private final FeedbackEdge<SampleCredit> credits;
  private final FeedbackEdge<PriorityUpdates> priorities;
  private final transient MailboxExecutor mailbox;
  private final transient RunOver over = new RunOver();
  private final transient Clock clock;

  private transient FeedbackEdge.Receiving<SampleCredit> creditInbox;
  private transient FeedbackEdge.Receiving<PriorityUpdates> priorityInbox;
  private transient List<Owned> owned;
  private transient Owned[] byShard;
  private transient StreamRecord<ReplayOutput> reused;

  /** A shard of this subtask. */
  private static final class Owned {
    final ReplayShard shard;
    int untold;

    Owned(ReplayShard shard) {
      this.shard = shard;
    }
  }

  ReplayOperator(
      ReplaySpec.Sampled spec,
      ReplaySettings settings,
      ShardKeys keys,
      FeedbackEdge<SampleCredit> credits,
      FeedbackEdge<PriorityUpdates> priorities,
      MailboxExecutor mailbox,
      Clock clock) {
    this.spec = spec;
    this.settings = settings;
    this.keys = keys;
    this.credits = credits;
    this.priorities = priorities;
    this.mailbox = mailbox;
    this.clock = clock;
  }

  @Override
  public void open() throws Exception {
    super.open();
    reused = new StreamRecord<>(null);
    owned = new ArrayList<>();
    byShard = new Owned[settings.shards()];
    int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    int parallelism = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
    for (int number : keys.owned(parallelism, subtask)) {
      ShardStore store = new KeyedShardStore(this, keys.key(number), getKeyedStateStore());
      Sampler sampler = settings.newSampler(getUserCodeClassloader());
      byShard[number] = new Owned(new ReplayShard(number, spec, settings, sampler, store, clock));
      owned.add(byShard[number]);
    }
    creditInbox = credits.open(getRuntimeContext());
    priorityInbox = priorities.open(getRuntimeContext());
    registerMetrics();

    Repeating.every(PROGRESS_INTERVAL, getProcessingTimeService(), this::tellAll);
    Repeating.every(REPORT_INTERVAL, getProcessingTimeService(), this::reportAll);
    mailbox.execute(this::tellAll, "first replay progress");
    creditInbox.inbox().onArrival(() -> mailbox.execute(this::serveAll, "sample credits"));
    priorityInbox.inbox().onArrival(() -> mailbox.execute(this::applyPriorities, "priorities"));
  }

  @Override
  public void processElement(StreamRecord<Transition> record) {
    Transition transition = record.getValue();
    int number = ShardKeys.shardOf(transition.environment(), transition.step(), settings.shards());
    Owned insertedInto = byShard[number];
    insertedInto.shard.insert(transition);
    insertedInto.untold++;
    if (insertedInto.shard.canServe()) {
      serve(insertedInto);
    } else if (insertedInto.untold >= TELLING_INSERTS) {
      tell(insertedInto);
    }
  }

  private void applyPriorities() {
    priorityInbox.inbox().drain(this::apply);
  }

  private void apply(PriorityUpdates updates) {
    Owned target = byShard[updates.shard()];
    if (target == null) {
      throw misrouted("priorities", updates.shard());
    }
    target.shard.update(updates);
  }

  private void serveAll() {
    // Priorities that are here already should decide what is sampled next.
    applyPriorities();
    creditInbox.inbox().drain(this::grant);
    for (Owned each : owned) {
      serve(each);
    }
  }

  private void grant(SampleCredit credit) {
    Owned target = byShard[credit.shard()];
    if (target == null) {
      throw misrouted("a credit", credit.shard());
    }
    target.shard.grant(credit);
  }

  private IllegalStateException misrouted(String what, int shard) {
    return new IllegalStateException(
        "%s, subtask %d: got %s for shard %d, which it does not own: key the feedback as the transitions are keyed"
            .formatted(
                getOperatorName(),
                getRuntimeContext().getTaskInfo().getIndexOfThisSubtask(),
                what,
                shard));
  }

  /** Sends all batches that were granted; the tickets' source is told once, after the last. */
  private void serve(Owned each) {
    SampleBatch batch = each.shard.nextBatch();
    if (batch == null) {
      return;
    }
    for (; batch != null; batch = each.shard.nextBatch()) {
      output.collect(reused.replace(new ReplayOutput(each.shard.progress(), batch)));
    }
    tellSource(each);
  }

  private void tellAll() {
    owned.forEach(this::tell);
  }

  private void tell(Owned each) {
    output.collect(reused.replace(new ReplayOutput(each.shard.progress(), null)));
    tellSource(each);
  }

  private void tellSource(Owned each) {
    output.collect(Replay.PROGRESS, new StreamRecord<>(each.shard.progress()));
    Outgoing.send(getContainingTask());
    each.untold = 0;
  }

  private void reportAll() {
    for (int i = 0; i < owned.size(); i++) {
      // The inbox is the subtask's, so its first shard accounts for it.
      Report report = owned.get(i).shard.report(i == 0 ? dropped() : 0);
      output.collect(Replay.REPORTS, new StreamRecord<>(report));
    }
  }

  private long dropped() {
    return priorityInbox.inbox().dropped() * spec.batchSize();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    for (Owned each : owned) {
      each.shard.flush();
    }
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (over.begins(mark)) {
      tellAll();
      reportAll();
    }
    super.processWatermark(mark);
  }

  @Override
  public void close() throws Exception {
    if (creditInbox != null) {
      creditInbox.close();
    }
    if (priorityInbox != null) {
      priorityInbox.close();
    }
    super.close();
  }

  private void registerMetrics() {
    MetricGroup metrics = OperatorMetrics.of(getMetricGroup(), "replay");
    metrics.gauge("size", sum(shard -> shard.progress().size()));
    metrics.gauge("inserted", sum(shard -> shard.progress().inserted()));
    metrics.gauge("sampled", sum(shard -> shard.progress().sampled()));
    metrics.gauge("cachedBytes", sum(shard -> shard.report(0).cachedBytes()));
    metrics.gauge("storedBytes", sum(shard -> shard.report(0).storedBytes()));
    metrics.gauge("storeReads", sum(ReplayShard::storeReads));
    metrics.gauge("prioritiesApplied", sum(shard -> shard.report(0).prioritiesApplied()));
    metrics.gauge("prioritiesIgnored", sum(shard -> shard.report(0).prioritiesIgnored()));
    metrics.gauge("prioritiesDropped", (Gauge<Long>) this::dropped);
  }

  private Gauge<Long> sum(ToLongFunction<ReplayShard> value) {
    return () -> owned.stream().mapToLong(each -> value.applyAsLong(each.shard)).sum();
  }
}
