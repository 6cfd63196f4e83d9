package dev.millrace.replay;

import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.experience.PriorityUpdates;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.ReplayOutput;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.SampleCredit;
import dev.millrace.streams.FeedbackEdge;
import dev.millrace.streams.ShardKeys;
import dev.millrace.streams.TaskAttempt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.io.network.partition.MockResultPartitionWriter;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** One subtask of the replay operator on RocksDB, with its feedback and its mailbox at hand. */
final class TestingReplay implements AutoCloseable {
  private static final AtomicInteger INSTANCES = new AtomicInteger();

  private final KeyedOneInputStreamOperatorTestHarness<Integer, Transition, ReplayOutput> harness;
  private final FeedbackEdge.Receiving<SampleCredit> credits;
  private final FeedbackEdge.Receiving<PriorityUpdates> priorities;
  private final Map<Integer, Long> epochs = new HashMap<>();
  private int sent;

  /**
   * @param state null to begin empty
   */
  TestingReplay(
      ReplaySpec.Sampled spec,
      ReplaySettings settings,
      int parallelism,
      int subtask,
      OperatorSubtaskState state)
      throws Exception {
    int number = INSTANCES.incrementAndGet(); // two in one test must not share an inbox
    ShardKeys keys = new ShardKeys(settings.shards());
    FeedbackEdge<SampleCredit> credit =
        FeedbackEdge.latest("credits-" + number, SampleCredit::shard);
    FeedbackEdge<PriorityUpdates> priority = FeedbackEdge.bounded("priorities-" + number, 4);
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new ReplayOperatorFactory(spec, settings, keys, credit, priority),
            t -> keys.key(ShardKeys.shardOf(t.environment(), t.step(), settings.shards())),
            Types.INT,
            ShardKeys.MAX_PARALLELISM,
            parallelism,
            subtask);
    harness
        .getEnvironment()
        .addOutputs(
            List.of(
                new MockResultPartitionWriter() {
                  @Override
                  public void flushAll() {
                    sent++;
                  }
                }));
    harness.setStateBackend(new EmbeddedRocksDBStateBackend(true));
    harness.setup();
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    TaskAttempt task = TaskAttempt.of(harness.getOperator().getRuntimeContext());
    credits = credit.open(task);
    priorities = priority.open(task);
    runMails();
    for (ReplayOutput opened : harness.extractOutputValues()) {
      epochs.put(opened.progress().shard(), opened.progress().epoch());
    }
  }

  /** The number of the shard that {@code transition} belongs to. */
  static int shardOf(Transition transition, ReplaySettings settings) {
    return ShardKeys.shardOf(transition.environment(), transition.step(), settings.shards());
  }

  void insert(Transition transition) throws Exception {
    harness.processElement(new StreamRecord<>(transition));
  }

  void grant(int shard, long granted, int batchSize) throws Exception {
    offer(credit(shard, granted, batchSize));
    runMails();
  }

  /** A credit as a learner would make it out to the shard in its present life. */
  SampleCredit credit(int shard, long granted, int batchSize) {
    return new SampleCredit(shard, epochs.get(shard), 1, granted, batchSize);
  }

  /** Puts a credit into the inbox and does not let the operator run. */
  void offer(SampleCredit credit) {
    credits.inbox().offer(credit);
  }

  /** Puts an update into the inbox and does not let the operator run. */
  void offer(PriorityUpdates updates) {
    priorities.inbox().offer(updates);
  }

  void runMails() throws Exception {
    Optional<Mail> mail;
    while ((mail = harness.getTaskMailbox().tryTake(TaskMailbox.MIN_PRIORITY)).isPresent()) {
      mail.get().run();
    }
  }

  void advanceTo(long millis) throws Exception {
    harness.setProcessingTime(millis);
  }

  /** Times that what came out was sent on, since the last call. */
  int sent() {
    int times = sent;
    sent = 0;
    return times;
  }

  /** What came out since the last call. */
  List<ReplayOutput> outputs() {
    List<ReplayOutput> outputs = harness.extractOutputValues();
    harness.getOutput().clear();
    return outputs;
  }

  /** The batches that came out since the last call. */
  List<SampleBatch> batches() {
    return outputs().stream().map(ReplayOutput::batch).filter(b -> b != null).toList();
  }

  List<Progress> progress() {
    return side(Replay.PROGRESS);
  }

  List<Report> reports() {
    return side(Replay.REPORTS);
  }

  private <X> List<X> side(OutputTag<X> tag) {
    List<X> values = new ArrayList<>();
    Queue<StreamRecord<X>> records = harness.getSideOutput(tag);
    if (records != null) {
      records.forEach(record -> values.add(record.getValue()));
      records.clear();
    }
    return values;
  }

  /** Batches of {@code size} from {@code shard}, which has sampled {@code sampled} so far. */
  List<SampleBatch> sample(int shard, long sampled, int size, int count) throws Exception {
    outputs();
    grant(shard, sampled + (long) size * count, size);
    return batches();
  }

  OperatorSubtaskState snapshot(long checkpoint) throws Exception {
    return harness.snapshot(checkpoint, checkpoint);
  }

  void completed(long checkpoint) throws Exception {
    harness.notifyOfCompletedCheckpoint(checkpoint);
  }

  @Override
  public void close() throws Exception {
    credits.close();
    priorities.close();
    harness.close();
  }
}
