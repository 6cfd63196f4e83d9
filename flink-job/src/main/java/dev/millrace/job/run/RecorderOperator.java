package dev.millrace.job.run;

import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Report;
import dev.millrace.streams.OperatorMetrics;
import dev.millrace.streams.Outgoing;
import dev.millrace.streams.Repeating;
import dev.millrace.streams.RunOver;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.apache.flink.runtime.operators.coordination.OperatorEventGateway;
import org.apache.flink.runtime.operators.coordination.OperatorEventHandler;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Feeds a {@link Recorder} from a stream and keeps its state; runs in one task only. Answers
 * clients that ask how the run stands, and tells the tickets whether there are any.
 */
final class RecorderOperator extends AbstractStreamOperator<Progress>
    implements OneInputStreamOperator<Report, Progress>, OperatorEventHandler {
  private static final long serialVersionUID = 1L;

  /** Who has tickets halted takes a savepoint next, and asks nothing until it is written. */
  static final Duration SAVEPOINT = Duration.ofMinutes(10);

  private static final Duration TICK = Duration.ofMillis(200);
  private static final ListStateDescriptor<byte[]> STATE =
      new ListStateDescriptor<>("recorder", BytePrimitiveArraySerializer.INSTANCE);

  private final Recording recording;
  private final transient OperatorEventGateway clients;
  private final transient RunOver over = new RunOver();
  private transient ListState<byte[]> state;
  private transient Recorder recorder;
  private transient volatile RunProgress shown;
  private transient long generation;
  private transient Instant attendedUntil;
  private transient boolean halted;

  RecorderOperator(Recording recording, OperatorEventGateway clients) {
    this.recording = recording;
    this.clients = clients;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    state = context.getOperatorStateStore().getListState(STATE);
    Iterator<byte[]> saved = state.get().iterator();
    recorder =
        new Recorder(
            recording.folder() == null ? recording.in(ownFolder()) : recording,
            this::now,
            getRuntimeContext().getTaskInfo().getAttemptNumber(),
            saved.hasNext() ? new DataInputStream(new ByteArrayInputStream(saved.next())) : null);
  }

  /** Where nobody says where to: a folder of this machine. */
  private RunFolder ownFolder() {
    String[] temporary =
        getContainingTask().getEnvironment().getTaskManagerInfo().getTmpDirectories();
    String job = getContainingTask().getEnvironment().getJobID().toHexString();
    return RunFolder.at(Path.of(temporary[0], "millrace-run-" + job));
  }

  @Override
  public void open() throws Exception {
    super.open();
    shown = recorder.progress();
    generation = System.nanoTime();
    attendedUntil = recording.attended() ? now().plus(recording.waitForClient()) : Instant.EPOCH;
    clients.sendEventToCoordinator(new RecorderCoordinator.Opened());
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
    tell();
  }

  @Override
  public void processElement(StreamRecord<Report> element) throws Exception {
    recorder.record(element.getValue());
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (over.begins(mark)) {
      recorder.over();
    }
    super.processWatermark(mark);
  }

  /** Tells the tickets whether a client attends. */
  private void tell() {
    boolean attended = now().isBefore(attendedUntil);
    output.collect(new StreamRecord<>(new Progress.Attendance(attended, attended && halted)));
    Outgoing.send(getContainingTask());
  }

  @Override
  public void handleOperatorEvent(OperatorEvent event) {
    RecorderCoordinator.Asked asked = (RecorderCoordinator.Asked) event;
    Question question = asked.question();
    attendedUntil = now().plus(question.halt() ? SAVEPOINT : recording.waitForClient());
    if (halted != question.halt()) {
      halted = question.halt();
      tell();
    }
    try {
      byte[] answer = recorder.answer(question, generation).bytes();
      clients.sendEventToCoordinator(new RecorderCoordinator.Answered(asked.number(), answer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
