package dev.millrace.streams;

import dev.millrace.core.loop.Progress;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** The wire format of each kind of {@link Progress}: a tag, then its fields. */
final class ProgressCodec implements MessageCodec<Progress> {
  private static final int SHARD = 1;
  private static final int GROUP = 2;
  private static final int TARGET_REACHED = 3;
  private static final int ATTENDANCE = 4;

  @Override
  public void write(Progress progress, DataOutputView out) throws IOException {
    if (progress instanceof Progress.Shard shard) {
      out.writeByte(SHARD);
      writeShard(shard, out);
    } else if (progress instanceof Progress.Group group) {
      out.writeByte(GROUP);
      out.writeInt(group.group());
      out.writeLong(group.answered());
      out.writeLong(group.completed());
      out.writeLong(group.abandoned());
      out.writeLong(group.spared());
    } else if (progress instanceof Progress.TargetReached reached) {
      out.writeByte(TARGET_REACHED);
      out.writeDouble(reached.meanReturn());
    } else if (progress instanceof Progress.Attendance attendance) {
      out.writeByte(ATTENDANCE);
      out.writeBoolean(attendance.attended());
      out.writeBoolean(attendance.halted());
    }
  }

  @Override
  public Progress read(int version, DataInputView in) throws IOException {
    int tag = in.readByte();
    return switch (tag) {
      case SHARD -> readShard(in);
      case GROUP ->
          new Progress.Group(
              in.readInt(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
      case TARGET_REACHED -> new Progress.TargetReached(in.readDouble());
      case ATTENDANCE -> new Progress.Attendance(in.readBoolean(), in.readBoolean());
      default -> throw new IOException("progress tag=%d: must be 1 to 4".formatted(tag));
    };
  }

  static void writeShard(Progress.Shard shard, DataOutputView out) throws IOException {
    out.writeInt(shard.shard());
    out.writeLong(shard.epoch());
    out.writeLong(shard.inserted());
    out.writeLong(shard.sampled());
    out.writeLong(shard.size());
    out.writeDouble(shard.mass());
    MessageTypes.writeVersion(shard.newest(), out);
  }

  static Progress.Shard readShard(DataInputView in) throws IOException {
    return new Progress.Shard(
        in.readInt(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readDouble(),
        MessageTypes.readVersion(in));
  }
}
