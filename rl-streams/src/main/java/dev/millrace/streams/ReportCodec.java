package dev.millrace.streams;

import dev.millrace.core.loop.Report;
import dev.millrace.core.policy.PolicyParameters;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** The wire format of each kind of {@link Report}: a tag, then its fields. */
final class ReportCodec implements MessageCodec<Report> {
  private static final int EPISODE = 1;
  private static final int ACTING = 2;
  private static final int REPLAY = 3;
  private static final int LEARNING = 4;
  private static final int EVALUATION = 5;

  private final MessageCodec<PolicyParameters> parameters = new MessageTypes.ParametersCodec();

  @Override
  public void write(Report report, DataOutputView out) throws IOException {
    if (report instanceof Report.Episode episode) {
      out.writeByte(EPISODE);
      out.writeInt(episode.environment());
      out.writeLong(episode.environmentSteps());
      out.writeDouble(episode.episodeReturn());
      out.writeInt(episode.length());
      out.writeBoolean(episode.truncated());
    } else if (report instanceof Report.Acting acting) {
      out.writeByte(ACTING);
      out.writeInt(acting.group());
      out.writeLong(acting.steps());
      out.writeLong(acting.faults());
      MessageTypes.writeVersion(acting.acting(), out);
    } else if (report instanceof Report.Replay replay) {
      out.writeByte(REPLAY);
      ProgressCodec.writeShard(replay.progress(), out);
      out.writeLong(replay.prioritiesApplied());
      out.writeLong(replay.prioritiesIgnored());
      out.writeLong(replay.prioritiesDropped());
      out.writeLong(replay.cachedBytes());
      out.writeLong(replay.storedBytes());
    } else if (report instanceof Report.Learning learning) {
      out.writeByte(LEARNING);
      writeLearning(learning, out);
    } else if (report instanceof Report.Evaluation evaluation) {
      out.writeByte(EVALUATION);
      writeEvaluation(evaluation, out);
    }
  }

  private static void writeLearning(Report.Learning learning, DataOutputView out)
      throws IOException {
    MessageTypes.writeVersion(learning.version(), out);
    out.writeLong(learning.dropped());
    out.writeDouble(learning.loss());
    out.writeDouble(learning.gradientNorm());
    out.writeDouble(learning.meanValue());
    out.writeDouble(learning.policyLag());
    out.writeLong(learning.refused());
    out.writeInt(learning.measures().size());
    for (double measure : learning.measures()) {
      out.writeDouble(measure);
    }
  }

  private void writeEvaluation(Report.Evaluation evaluation, DataOutputView out)
      throws IOException {
    MessageTypes.writeVersion(evaluation.version(), out);
    out.writeLong(evaluation.environmentSteps());
    out.writeInt(evaluation.episodes());
    out.writeDouble(evaluation.meanReturn());
    out.writeBoolean(evaluation.decisive());
    out.writeBoolean(evaluation.targetReached());
    out.writeBoolean(evaluation.best() != null);
    if (evaluation.best() != null) {
      parameters.write(evaluation.best(), out);
    }
  }

  private static List<Double> readMeasures(DataInputView in) throws IOException {
    Double[] measures = new Double[in.readInt()];
    for (int i = 0; i < measures.length; i++) {
      measures[i] = in.readDouble();
    }
    return List.of(measures);
  }

  @Override
  public Report read(int version, DataInputView in) throws IOException {
    int tag = in.readByte();
    return switch (tag) {
      case EPISODE ->
          new Report.Episode(
              in.readInt(), in.readLong(), in.readDouble(), in.readInt(), in.readBoolean());
      case ACTING ->
          new Report.Acting(
              in.readInt(), in.readLong(), in.readLong(), MessageTypes.readVersion(in));
      case REPLAY ->
          new Report.Replay(
              ProgressCodec.readShard(in),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong());
      case LEARNING ->
          new Report.Learning(
              MessageTypes.readVersion(in),
              in.readLong(),
              in.readDouble(),
              in.readDouble(),
              in.readDouble(),
              in.readDouble(),
              in.readLong(),
              readMeasures(in));
      case EVALUATION ->
          new Report.Evaluation(
              MessageTypes.readVersion(in),
              in.readLong(),
              in.readInt(),
              in.readDouble(),
              in.readBoolean(),
              in.readBoolean(),
              in.readBoolean() ? parameters.read(version, in) : null);
      default -> throw new IOException("report tag=%d: must be 1 to 5".formatted(tag));
    };
  }
}
