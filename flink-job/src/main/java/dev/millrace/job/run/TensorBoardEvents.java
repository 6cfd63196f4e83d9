package dev.millrace.job.run;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The bytes of a TensorBoard event file: TFRecord framing around protobuf {@code Event} messages,
 * written by hand so that neither library is needed. Fields as in TensorFlow's {@code event.proto}
 * and {@code summary.proto}.
 */
final class TensorBoardEvents {
  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED_32 = 5;

  private static final int EVENT_WALL_TIME = 1;
  private static final int EVENT_STEP = 2;
  private static final int EVENT_FILE_VERSION = 3;
  private static final int EVENT_SUMMARY = 5;
  private static final int SUMMARY_VALUE = 1;
  private static final int VALUE_TAG = 1;
  private static final int VALUE_SIMPLE = 2;

  private static final int CRC_MASK = 0xa282ead8;

  private TensorBoardEvents() {}

  /** What every event file begins with. */
  static byte[] header(long atMillis) {
    ByteArrayOutputStream event = event(atMillis);
    bytes(event, EVENT_FILE_VERSION, "brain.Event:2".getBytes(StandardCharsets.UTF_8));
    return framed(event.toByteArray());
  }

  /** One point of the curve {@code tag}. */
  static byte[] scalar(long atMillis, String tag, long step, double value) {
    ByteArrayOutputStream point = new ByteArrayOutputStream();
    bytes(point, VALUE_TAG, tag.getBytes(StandardCharsets.UTF_8));
    key(point, VALUE_SIMPLE, FIXED_32);
    point.writeBytes(little(Float.BYTES).putFloat((float) value).array());
    ByteArrayOutputStream summary = new ByteArrayOutputStream();
    bytes(summary, SUMMARY_VALUE, point.toByteArray());
    ByteArrayOutputStream event = event(atMillis);
    key(event, EVENT_STEP, VARINT);
    varint(event, step);
    bytes(event, EVENT_SUMMARY, summary.toByteArray());
    return framed(event.toByteArray());
  }

  private static ByteArrayOutputStream event(long atMillis) {
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    key(event, EVENT_WALL_TIME, FIXED_64);
    event.writeBytes(little(Double.BYTES).putDouble(atMillis / 1e3).array());
    return event;
  }

  private static void bytes(ByteArrayOutputStream out, int field, byte[] bytes) {
    key(out, field, BYTES);
    varint(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void key(ByteArrayOutputStream out, int field, int wireType) {
    varint(out, (long) field << 3 | wireType);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  /** Length, its checksum, the bytes, their checksum. */
  private static byte[] framed(byte[] data) {
    byte[] length = little(Long.BYTES).putLong(data.length).array();
    return little(Long.BYTES + Integer.BYTES + data.length + Integer.BYTES)
        .put(length)
        .putInt(maskedCrc(length))
        .put(data)
        .putInt(maskedCrc(data))
        .array();
  }

  static int maskedCrc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return Integer.rotateRight((int) crc.getValue(), 15) + CRC_MASK;
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
