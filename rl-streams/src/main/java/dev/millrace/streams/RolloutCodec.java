package dev.millrace.streams;

import static dev.millrace.streams.WireArrays.readDoubles;
import static dev.millrace.streams.WireArrays.readFloats;
import static dev.millrace.streams.WireArrays.writeDoubles;
import static dev.millrace.streams.WireArrays.writeFloats;

import dev.millrace.core.experience.Rollout;
import dev.millrace.core.experience.Trajectory;
import dev.millrace.core.policy.ParameterVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** The wire format of a {@link Rollout}: its head, its trajectories, then a gradient if any. */
final class RolloutCodec implements MessageCodec<Rollout> {

  @Override
  public void write(Rollout rollout, DataOutputView out) throws IOException {
    out.writeInt(rollout.group());
    out.writeLong(rollout.number());
    MessageTypes.writeVersion(rollout.version(), out);
    out.writeInt(rollout.transitions());
    out.writeInt(rollout.trajectories().size());
    for (Trajectory trajectory : rollout.trajectories()) {
      write(trajectory, out);
    }
    out.writeBoolean(rollout.gradient() != null);
    if (rollout.gradient() != null) {
      writeFloats(rollout.gradient(), out);
      writeDoubles(rollout.measures(), out);
    }
  }

  private static void write(Trajectory trajectory, DataOutputView out) throws IOException {
    out.writeInt(trajectory.environment());
    out.writeLong(trajectory.step());
    writeFloats(trajectory.observations(), out);
    writeFloats(trajectory.actions(), out);
    writeFloats(trajectory.annotations(), out);
    writeFloats(trajectory.rewards(), out);
    writeFloats(trajectory.discounts(), out);
    writeFloats(trajectory.nextObservation(), out);
    out.writeBoolean(trajectory.ended());
  }

  @Override
  public Rollout read(int version, DataInputView in) throws IOException {
    int group = in.readInt();
    long number = in.readLong();
    ParameterVersion parameters = MessageTypes.readVersion(in);
    int transitions = in.readInt();
    int count = in.readInt();
    List<Trajectory> trajectories = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      trajectories.add(readTrajectory(in));
    }
    boolean reduced = in.readBoolean();
    return new Rollout(
        group,
        number,
        parameters,
        transitions,
        trajectories,
        reduced ? readFloats(in) : null,
        reduced ? readDoubles(in) : new double[0]);
  }

  private static Trajectory readTrajectory(DataInputView in) throws IOException {
    return new Trajectory(
        in.readInt(),
        in.readLong(),
        readFloats(in),
        readFloats(in),
        readFloats(in),
        readFloats(in),
        readFloats(in),
        readFloats(in),
        in.readBoolean());
  }
}
