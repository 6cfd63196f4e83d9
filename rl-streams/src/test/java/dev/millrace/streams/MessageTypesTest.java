package dev.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.experience.PriorityUpdates;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.experience.Trajectory;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.ReplayOutput;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.SampleCredit;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.PolicyParameters;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshotSerializationUtil;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MessageTypesTest {
  private static final ParameterVersion VERSION = new ParameterVersion(7, 1L << 40);
  private static final Progress.Shard SHARD =
      new Progress.Shard(3, 1L << 41, 12, 345, 6, 7.5, VERSION);

  private static final Trajectory TRAJECTORY =
      new Trajectory(
          5, 1L << 36, floats(8), floats(2), floats(4), floats(2), floats(2), floats(4), true);

  private static float[] floats(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = i * 0.37f - 11;
    }
    return values;
  }

  static Stream<Arguments> messages() {
    PolicyParameters parameters = new PolicyParameters(VERSION, 99, 1234567890123L, floats(1000));
    SampleBatch batch =
        new SampleBatch(
            3,
            1L << 41,
            new int[] {4, 5},
            new long[] {1L << 33, 2},
            new double[] {0.25, 1e-12},
            1L << 34,
            floats(8),
            floats(2),
            floats(2),
            floats(2),
            floats(8));
    return Stream.of(
        Arguments.of(MessageTypes.TICKET, new Ticket(1, 1L << 35, 16, 1L << 36, 1L << 38)),
        Arguments.of(
            MessageTypes.TRANSITION,
            new Transition(
                2, 1L << 37, VERSION, floats(4), floats(1), 1.5f, 0.99f, floats(4), Float.NaN)),
        Arguments.of(
            MessageTypes.ROLLOUT,
            Rollout.of(1, 1L << 39, VERSION, List.of(TRAJECTORY, TRAJECTORY))),
        Arguments.of(
            MessageTypes.ROLLOUT,
            Rollout.of(1, 1L << 39, VERSION, List.of(TRAJECTORY)).reducedTo(floats(40), 1.5, 2.5)),
        Arguments.of(MessageTypes.REPLAY_OUTPUT, new ReplayOutput(SHARD, batch)),
        Arguments.of(MessageTypes.REPLAY_OUTPUT, new ReplayOutput(SHARD, null)),
        Arguments.of(
            MessageTypes.PRIORITY_UPDATES,
            new PriorityUpdates(3, 9, new int[] {1}, new long[] {2}, new float[] {3f})),
        Arguments.of(MessageTypes.SAMPLE_CREDIT, new SampleCredit(3, 7, 8, 1L << 42, 64)),
        Arguments.of(MessageTypes.POLICY_PARAMETERS, parameters),
        Arguments.of(MessageTypes.PROGRESS, SHARD),
        Arguments.of(MessageTypes.PROGRESS, new Progress.Group(1, 2, 3, 4, 5)),
        Arguments.of(MessageTypes.PROGRESS, new Progress.TargetReached(475.5)),
        Arguments.of(MessageTypes.PROGRESS, new Progress.Attendance(true, false)),
        Arguments.of(MessageTypes.REPORT, new Report.Episode(1, 2, 3.5, 4, true)),
        Arguments.of(MessageTypes.REPORT, new Report.Acting(1, 2, 3, VERSION)),
        Arguments.of(MessageTypes.REPORT, new Report.Replay(SHARD, 1, 2, 3, 4, 5)),
        Arguments.of(
            MessageTypes.REPORT,
            new Report.Learning(VERSION, 1, 2.5, 3.5, 4.5, 5.5, 6, List.of(7.5, 8.5))),
        Arguments.of(
            MessageTypes.REPORT, new Report.Learning(VERSION, 1, 2.5, 3.5, 4.5, 5.5, 6, List.of())),
        Arguments.of(
            MessageTypes.REPORT, new Report.Evaluation(VERSION, 1, 100, 2.5, true, false, null)),
        Arguments.of(
            MessageTypes.REPORT,
            new Report.Evaluation(VERSION, 1, 100, 2.5, true, true, parameters)));
  }

  @ParameterizedTest
  @MethodSource("messages")
  <T> void whatIsWrittenIsReadAgain(MessageType<T> type, T message) throws Exception {
    TypeSerializer<T> serializer = type.serializer();
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(message, out);
    DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
    assertThat(serializer.deserialize(in))
        .usingRecursiveComparison()
        .withEqualsForType(Float::equals, Float.class)
        .isEqualTo(message);
    assertThat(in.available()).isZero();
  }

  @ParameterizedTest
  @MethodSource("messages")
  <T> void theSerializerSurvivesSnapshotAndJavaSerialization(MessageType<T> type, T ignored)
      throws Exception {
    TypeSerializer<T> serializer = type.serializer();
    DataOutputSerializer out = new DataOutputSerializer(64);
    TypeSerializerSnapshotSerializationUtil.writeSerializerSnapshot(
        out, serializer.snapshotConfiguration());
    assertThat(
            TypeSerializerSnapshotSerializationUtil.<T>readSerializerSnapshot(
                    new DataInputDeserializer(out.getCopyOfBuffer()), getClass().getClassLoader())
                .restoreSerializer())
        .isEqualTo(serializer);
    assertThat(InstantiationUtil.clone(type)).isSameAs(type);
  }

  @Test
  void refusesAFormatFromTheFuture() throws Exception {
    DataOutputSerializer out = new DataOutputSerializer(64);
    MessageTypes.SAMPLE_CREDIT.serializer().serialize(new SampleCredit(1, 2, 3, 4, 5), out);
    byte[] bytes = out.getCopyOfBuffer();
    bytes[0] = 9;
    assertThatThrownBy(
            () ->
                MessageTypes.SAMPLE_CREDIT
                    .serializer()
                    .deserialize(new DataInputDeserializer(bytes)))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "sample-credit format version=9: this build reads 1 to 1; use the build that wrote it");
  }
}
