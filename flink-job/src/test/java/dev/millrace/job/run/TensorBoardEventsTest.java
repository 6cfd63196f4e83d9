package dev.millrace.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TensorBoardEventsTest {

  @Test
  void framesAnEventAsTensorFlowReadsIt() {
    ByteBuffer file =
        ByteBuffer.wrap(TensorBoardEvents.scalar(1_500, "a/b", 300, 2.5))
            .order(ByteOrder.LITTLE_ENDIAN);

    ByteBuffer event = record(file);
    assertThat(event.get()).as("wall_time: field 1, 64 bits").isEqualTo((byte) 0x09);
    assertThat(event.getDouble()).isEqualTo(1.5);
    assertThat(event.get()).as("step: field 2, varint").isEqualTo((byte) 0x10);
    assertThat(varint(event)).isEqualTo(300);
    assertThat(event.get()).as("summary: field 5, bytes").isEqualTo((byte) 0x2a);
    assertThat(varint(event)).isEqualTo(event.remaining());
    assertThat(event.get()).as("value: field 1, bytes").isEqualTo((byte) 0x0a);
    assertThat(varint(event)).isEqualTo(event.remaining());
    assertThat(event.get()).as("tag: field 1, bytes").isEqualTo((byte) 0x0a);
    byte[] tag = new byte[(int) varint(event)];
    event.get(tag);
    assertThat(new String(tag, StandardCharsets.UTF_8)).isEqualTo("a/b");
    assertThat(event.get()).as("simple_value: field 2, 32 bits").isEqualTo((byte) 0x15);
    assertThat(event.getFloat()).isEqualTo(2.5f);
    assertThat(event.hasRemaining()).isFalse();
    assertThat(file.hasRemaining()).isFalse();
  }

  @Test
  void beginsWithTheFileVersion() {
    ByteBuffer event =
        record(ByteBuffer.wrap(TensorBoardEvents.header(0)).order(ByteOrder.LITTLE_ENDIAN));
    event.position(9);
    assertThat(event.get()).as("file_version: field 3, bytes").isEqualTo((byte) 0x1a);
    byte[] version = new byte[(int) varint(event)];
    event.get(version);
    assertThat(new String(version, StandardCharsets.UTF_8)).isEqualTo("brain.Event:2");
  }

  /** CRC-32C of "123456789" is e3069283 (RFC 3720, B.4); the mask is TensorFlow's crc32c.h. */
  @Test
  void masksTheChecksumAsTensorFlowDoes() {
    int crc = 0xe3069283;
    int masked = ((crc >>> 15) | (crc << 17)) + 0xa282ead8;

    assertThat(TensorBoardEvents.maskedCrc("123456789".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(masked);
  }

  private static ByteBuffer record(ByteBuffer file) {
    byte[] length = new byte[Long.BYTES];
    file.get(length);
    assertThat(file.getInt()).isEqualTo(TensorBoardEvents.maskedCrc(length));
    byte[] data = new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
    file.get(data);
    assertThat(file.getInt()).isEqualTo(TensorBoardEvents.maskedCrc(data));
    return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    int shift = 0;
    byte next;
    do {
      next = in.get();
      value |= (long) (next & 0x7F) << shift;
      shift += 7;
    } while (next < 0);
    return value;
  }
}
