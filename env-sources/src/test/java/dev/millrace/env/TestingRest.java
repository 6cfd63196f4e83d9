package dev.millrace.env;

import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.streams.MessageTypes;
import dev.millrace.streams.Repeating;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * The rest of the loop in one operator: one shard that samples all it gets, and parameters now and
 * then. Remembers each transition's environment and step; two of the same fail the job.
 */
final class TestingRest extends AbstractStreamOperator<PolicyParameters>
    implements OneInputStreamOperator<Transition, PolicyParameters> {
  private static final long serialVersionUID = 1L;
  static final OutputTag<Progress> PROGRESS = new OutputTag<>("progress", MessageTypes.PROGRESS);
  private static final long STEPS = 1L << 32;

  /** What was inserted by the time the last job ended. */
  static volatile Map<Integer, Long> lastInserted;

  /** Transition at which to fail once, after a checkpoint; 0 for never. */
  static volatile long failAt;

  /** What had been inserted at the last snapshot. */
  static volatile long snapshotted;

  /** Whether a checkpoint was completed. */
  static volatile boolean checkpointed;

  private transient ListState<Long> state;
  private transient Map<Integer, Long> next;
  private transient long inserted;
  private transient long epoch;

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    state =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("seen", LongSerializer.INSTANCE));
    next = new HashMap<>();
    for (long entry : state.get()) {
      next.put((int) (entry / STEPS), entry % STEPS);
      inserted += entry % STEPS;
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    epoch = System.currentTimeMillis();
    Repeating.every(Duration.ofMillis(20), getProcessingTimeService(), this::tell);
  }

  private void tell() {
    output.collect(
        PROGRESS,
        new StreamRecord<>(
            new Progress.Shard(
                0, epoch, inserted, inserted, inserted, inserted, ParameterVersion.NONE)));
    output.collect(
        new StreamRecord<>(
            new PolicyParameters(
                new ParameterVersion(epoch, inserted),
                inserted,
                System.currentTimeMillis(),
                new float[] {inserted % 3})));
  }

  @Override
  public void processElement(StreamRecord<Transition> record) {
    Transition transition = record.getValue();
    long expected = next.getOrDefault(transition.environment(), 0L);
    if (transition.step() != expected) {
      throw new IllegalStateException(
          "environment %d: got step %d, expected %d: lost or doubled"
              .formatted(transition.environment(), transition.step(), expected));
    }
    next.put(transition.environment(), expected + 1);
    inserted++;
    if (failAt > 0 && inserted > failAt && checkpointed) {
      failAt = 0;
      throw new IllegalStateException("induced failure");
    }
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    snapshotted = inserted;
    state.clear();
    for (Map.Entry<Integer, Long> entry : next.entrySet()) {
      state.add(entry.getKey() * STEPS + entry.getValue());
    }
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    super.notifyCheckpointComplete(checkpointId);
    checkpointed = true;
  }

  @Override
  public void finish() throws Exception {
    lastInserted = Map.copyOf(next);
    tell();
    super.finish();
  }
}
