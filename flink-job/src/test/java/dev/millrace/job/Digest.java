package dev.millrace.job;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** A short text that differs where bits do. */
final class Digest {
  private final CRC32C crc = new CRC32C();

  static String of(byte[] bytes) {
    Digest digest = new Digest();
    digest.crc.update(bytes);
    return digest.toString();
  }

  void add(long... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Long.BYTES);
    bytes.asLongBuffer().put(numbers);
    crc.update(bytes);
  }

  void add(float[] numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Float.BYTES);
    bytes.asFloatBuffer().put(numbers);
    crc.update(bytes);
  }

  @Override
  public String toString() {
    return "%08x".formatted(crc.getValue());
  }
}
