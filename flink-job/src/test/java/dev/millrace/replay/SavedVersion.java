package dev.millrace.replay;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.nio.file.Path;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;

/**
 * How far a savepoint's learner is, read from its files.
 *
 * @param epoch of the life that wrote it
 * @param step updates so far, over all lives
 */
public record SavedVersion(long epoch, long step) {
  /** Reads it. */
  public static SavedVersion read(Path savepoint) throws Exception {
    Reader reader = new Reader();
    try (var harness = new OneInputStreamOperatorTestHarness<Integer, Void>(reader)) {
      harness.setup();
      harness.initializeState(SavedReplay.state(savepoint, "learner"));
    }
    return reader.read;
  }

  private static final class Reader extends AbstractStreamOperator<Void>
      implements OneInputStreamOperator<Integer, Void> {
    private static final long serialVersionUID = 1L;
    private transient SavedVersion read;

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
      super.initializeState(context);
      ListStateDescriptor<byte[]> state =
          new ListStateDescriptor<>("learner", BytePrimitiveArraySerializer.INSTANCE);
      for (byte[] bytes : context.getOperatorStateStore().getListState(state).get()) {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        in.readInt(); // of what the session saved
        in.readInt(); // of what the learner in it saved
        read = new SavedVersion(in.readLong(), in.readLong());
      }
    }

    @Override
    public void processElement(StreamRecord<Integer> record) {}
  }
}
