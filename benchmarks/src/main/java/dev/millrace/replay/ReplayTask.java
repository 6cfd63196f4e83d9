package dev.millrace.replay;

import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.experience.PriorityUpdates;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.ReplayOutput;
import dev.millrace.core.loop.SampleCredit;
import dev.millrace.streams.FeedbackEdge;
import dev.millrace.streams.ShardKeys;
import dev.millrace.streams.TaskAttempt;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.CheckpointStorage;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** The replay operator with one shard, in the caller's thread. */
final class ReplayTask implements AutoCloseable {
  private static final AtomicInteger INSTANCES = new AtomicInteger();

  private final KeyedOneInputStreamOperatorTestHarness<Integer, Transition, ReplayOutput> harness;
  private final FeedbackEdge.Receiving<SampleCredit> credits;
  private final FeedbackEdge.Receiving<PriorityUpdates> priorities;
  private final long epoch;

  /**
   * @param state null to begin empty
   */
  ReplayTask(
      ReplaySpec.Sampled spec,
      ReplaySettings settings,
      OperatorSubtaskState state,
      StateBackend backend,
      CheckpointStorage storage)
      throws Exception {
    int number = INSTANCES.incrementAndGet(); // two in one JVM must not share an inbox
    ShardKeys keys = new ShardKeys(1);
    FeedbackEdge<SampleCredit> credit =
        FeedbackEdge.latest("credits-" + number, SampleCredit::shard);
    FeedbackEdge<PriorityUpdates> priority = FeedbackEdge.bounded("priorities-" + number, 4);
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new ReplayOperatorFactory(spec, settings, keys, credit, priority),
            transition -> keys.key(0),
            Types.INT,
            ShardKeys.MAX_PARALLELISM,
            1,
            0);
    harness.setStateBackend(backend);
    harness.setCheckpointStorage(storage);
    harness.setup();
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    TaskAttempt task = TaskAttempt.of(harness.getOperator().getRuntimeContext());
    credits = credit.open(task);
    priorities = priority.open(task);
    runMails();
    epoch = harness.extractOutputValues().get(0).progress().epoch();
  }

  void insert(Transition transition) throws Exception {
    harness.processElement(new StreamRecord<>(transition));
  }

  /** Grants samples until {@code granted} were drawn, and draws them. */
  List<SampleBatch> sample(long granted, int batchSize) throws Exception {
    credits.inbox().offer(new SampleCredit(0, epoch, 1, granted, batchSize));
    runMails();
    List<SampleBatch> batches =
        harness.extractOutputValues().stream()
            .map(ReplayOutput::batch)
            .filter(batch -> batch != null)
            .toList();
    forget();
    return batches;
  }

  void update(List<PriorityUpdates> found) throws Exception {
    found.forEach(priorities.inbox()::offer);
    runMails();
  }

  /** Lets go of what came out. */
  void forget() {
    harness.getOutput().clear();
    if (harness.getSideOutput(Replay.PROGRESS) != null) {
      harness.getSideOutput(Replay.PROGRESS).clear();
    }
  }

  private void runMails() throws Exception {
    Optional<Mail> mail;
    while ((mail = harness.getTaskMailbox().tryTake(TaskMailbox.MIN_PRIORITY)).isPresent()) {
      mail.get().run();
    }
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
