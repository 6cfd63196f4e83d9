package dev.millrace.job.run;

import dev.millrace.core.loop.Report;
import dev.millrace.streams.OperatorMetrics;
import dev.millrace.streams.Repeating;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Feeds a {@link Recorder} from a stream and keeps its state; runs in one task only. */
public final class RecorderOperator extends AbstractStreamOperator<Void>
    implements OneInputStreamOperator<Report, Void> {
  private static final long serialVersionUID = 1L;
  private static final Duration TICK = Duration.ofMillis(200);
  private static final ListStateDescriptor<byte[]> STATE =
      new ListStateDescriptor<>("recorder", BytePrimitiveArraySerializer.INSTANCE);

  private final Recording recording;
  private transient ListState<byte[]> state;
  private transient Recorder recorder;
  private transient volatile RunProgress shown;

  public RecorderOperator(Recording recording) {
    this.recording = recording;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    state = context.getOperatorStateStore().getListState(STATE);
    Iterator<byte[]> saved = state.get().iterator();
    recorder =
        new Recorder(
            recording,
            this::now,
            getRuntimeContext().getTaskInfo().getAttemptNumber(),
            saved.hasNext() ? new DataInputStream(new ByteArrayInputStream(saved.next())) : null);
  }

  @Override
  public void open() throws Exception {
    super.open();
    shown = recorder.progress();
    Repeating.every(TICK, getProcessingTimeService(), this::tick);
    RunMetrics.register(OperatorMetrics.of(getMetricGroup(), "run"), () -> shown, this::now);
  }

  private Instant now() {
    return Instant.ofEpochMilli(getProcessingTimeService().getCurrentProcessingTime());
  }

  /** Metrics are read by other threads, so they get what a tick left and not what is tallied. */
  private void tick() throws IOException {
    recorder.tick();
    shown = recorder.progress();
  }

  @Override
  public void processElement(StreamRecord<Report> element) throws Exception {
    recorder.record(element.getValue());
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    recorder.save(new DataOutputStream(bytes));
    state.clear();
    state.add(bytes.toByteArray());
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    super.notifyCheckpointComplete(checkpointId);
    recorder.checkpointed();
  }

  @Override
  public void close() throws Exception {
    if (recorder != null) {
      recorder.close();
    }
    super.close();
  }
}
