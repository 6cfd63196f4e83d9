package dev.millrace.streams;

import static dev.millrace.streams.WireArrays.readDoubles;
import static dev.millrace.streams.WireArrays.readFloats;
import static dev.millrace.streams.WireArrays.readInts;
import static dev.millrace.streams.WireArrays.readLongs;
import static dev.millrace.streams.WireArrays.writeDoubles;
import static dev.millrace.streams.WireArrays.writeFloats;
import static dev.millrace.streams.WireArrays.writeFloatsWithoutLength;
import static dev.millrace.streams.WireArrays.writeInts;
import static dev.millrace.streams.WireArrays.writeLongs;

import dev.millrace.core.experience.PriorityUpdates;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.ReplayOutput;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.SampleCredit;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.PolicyParameters;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Every message that flows in the loop, with its wire format. Nothing falls back to Kryo. */
public final class MessageTypes {
  public static final MessageType<Ticket> TICKET =
      new MessageType<>("ticket", Ticket.class, 1, new TicketCodec());
  public static final MessageType<Transition> TRANSITION =
      new MessageType<>("transition", Transition.class, 1, new TransitionCodec());
  public static final MessageType<Rollout> ROLLOUT =
      new MessageType<>("rollout", Rollout.class, 1, new RolloutCodec());
  public static final MessageType<ReplayOutput> REPLAY_OUTPUT =
      new MessageType<>("replay-output", ReplayOutput.class, 1, new ReplayOutputCodec());
  public static final MessageType<PriorityUpdates> PRIORITY_UPDATES =
      new MessageType<>("priority-updates", PriorityUpdates.class, 1, new PriorityUpdatesCodec());
  public static final MessageType<SampleCredit> SAMPLE_CREDIT =
      new MessageType<>("sample-credit", SampleCredit.class, 1, new SampleCreditCodec());
  public static final MessageType<PolicyParameters> POLICY_PARAMETERS =
      new MessageType<>("policy-parameters", PolicyParameters.class, 1, new ParametersCodec());
  public static final MessageType<Progress> PROGRESS =
      new MessageType<>("progress", Progress.class, 1, new ProgressCodec());
  public static final MessageType<Report> REPORT =
      new MessageType<>("report", Report.class, 1, new ReportCodec());

  private MessageTypes() {}

  /** True; asking makes sure that the types above are registered. */
  static boolean isLoaded() {
    return REPORT != null;
  }

  static void writeVersion(ParameterVersion version, DataOutputView out) throws IOException {
    out.writeLong(version.epoch());
    out.writeLong(version.step());
  }

  static ParameterVersion readVersion(DataInputView in) throws IOException {
    return new ParameterVersion(in.readLong(), in.readLong());
  }

  private static final class TicketCodec implements MessageCodec<Ticket> {
    @Override
    public void write(Ticket ticket, DataOutputView out) throws IOException {
      out.writeInt(ticket.group());
      out.writeLong(ticket.number());
      out.writeInt(ticket.steps());
      out.writeLong(ticket.environmentSteps());
      out.writeLong(ticket.atLeastStep());
    }

    @Override
    public Ticket read(int version, DataInputView in) throws IOException {
      return new Ticket(in.readInt(), in.readLong(), in.readInt(), in.readLong(), in.readLong());
    }
  }

  private static final class TransitionCodec implements MessageCodec<Transition> {
    @Override
    public void write(Transition transition, DataOutputView out) throws IOException {
      out.writeInt(transition.environment());
      out.writeLong(transition.step());
      writeVersion(transition.version(), out);
      out.writeInt(transition.observation().length);
      out.writeInt(transition.action().length);
      writeFloatsWithoutLength(transition.observation(), out);
      writeFloatsWithoutLength(transition.action(), out);
      out.writeFloat(transition.reward());
      out.writeFloat(transition.discount());
      writeFloatsWithoutLength(transition.nextObservation(), out);
      out.writeFloat(transition.priority());
    }

    @Override
    public Transition read(int version, DataInputView in) throws IOException {
      int environment = in.readInt();
      long step = in.readLong();
      ParameterVersion parameters = readVersion(in);
      int observationSize = in.readInt();
      int actionSize = in.readInt();
      return new Transition(
          environment,
          step,
          parameters,
          readFloats(in, observationSize),
          readFloats(in, actionSize),
          in.readFloat(),
          in.readFloat(),
          readFloats(in, observationSize),
          in.readFloat());
    }
  }

  private static final class ReplayOutputCodec implements MessageCodec<ReplayOutput> {
    @Override
    public void write(ReplayOutput output, DataOutputView out) throws IOException {
      ProgressCodec.writeShard(output.progress(), out);
      SampleBatch batch = output.batch();
      out.writeBoolean(batch != null);
      if (batch != null) {
        out.writeInt(batch.shard());
        out.writeLong(batch.epoch());
        writeInts(batch.slots(), out);
        writeLongs(batch.insertNumbers(), out);
        writeDoubles(batch.probabilities(), out);
        out.writeLong(batch.population());
        writeFloats(batch.observations(), out);
        writeFloats(batch.actions(), out);
        writeFloats(batch.rewards(), out);
        writeFloats(batch.discounts(), out);
        writeFloats(batch.nextObservations(), out);
      }
    }

    @Override
    public ReplayOutput read(int version, DataInputView in) throws IOException {
      Progress.Shard progress = ProgressCodec.readShard(in);
      return new ReplayOutput(progress, in.readBoolean() ? readBatch(in) : null);
    }

    private static SampleBatch readBatch(DataInputView in) throws IOException {
      return new SampleBatch(
          in.readInt(),
          in.readLong(),
          readInts(in),
          readLongs(in),
          readDoubles(in),
          in.readLong(),
          readFloats(in),
          readFloats(in),
          readFloats(in),
          readFloats(in),
          readFloats(in));
    }
  }

  private static final class PriorityUpdatesCodec implements MessageCodec<PriorityUpdates> {
    @Override
    public void write(PriorityUpdates updates, DataOutputView out) throws IOException {
      out.writeInt(updates.shard());
      out.writeLong(updates.epoch());
      writeInts(updates.slots(), out);
      writeLongs(updates.insertNumbers(), out);
      writeFloats(updates.priorities(), out);
    }

    @Override
    public PriorityUpdates read(int version, DataInputView in) throws IOException {
      return new PriorityUpdates(
          in.readInt(), in.readLong(), readInts(in), readLongs(in), readFloats(in));
    }
  }

  private static final class SampleCreditCodec implements MessageCodec<SampleCredit> {
    @Override
    public void write(SampleCredit credit, DataOutputView out) throws IOException {
      out.writeInt(credit.shard());
      out.writeLong(credit.shardEpoch());
      out.writeLong(credit.learnerEpoch());
      out.writeLong(credit.granted());
      out.writeInt(credit.batchSize());
    }

    @Override
    public SampleCredit read(int version, DataInputView in) throws IOException {
      return new SampleCredit(
          in.readInt(), in.readLong(), in.readLong(), in.readLong(), in.readInt());
    }
  }

  static final class ParametersCodec implements MessageCodec<PolicyParameters> {
    @Override
    public void write(PolicyParameters parameters, DataOutputView out) throws IOException {
      writeVersion(parameters.version(), out);
      out.writeLong(parameters.environmentSteps());
      out.writeLong(parameters.publishedAtMillis());
      writeFloats(parameters.values(), out);
    }

    @Override
    public PolicyParameters read(int version, DataInputView in) throws IOException {
      return new PolicyParameters(readVersion(in), in.readLong(), in.readLong(), readFloats(in));
    }
  }
}
