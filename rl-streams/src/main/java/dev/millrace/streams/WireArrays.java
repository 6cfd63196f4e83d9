package dev.millrace.streams;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Arrays on the wire: a length, then the elements. Floats, of which there are many, are in the byte
 * order of the machines this runs on, so that they move in bulk.
 */
final class WireArrays {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final VarHandle FLOAT = MethodHandles.byteArrayViewVarHandle(float[].class, ORDER);

  /** From this many floats on, wrapping a buffer costs less than it saves. */
  private static final int BULK = 32;

  private static final int MOST_AT_ONCE = 4096;

  private WireArrays() {}

  static void writeFloats(float[] values, DataOutputView out) throws IOException {
    out.writeInt(values.length);
    writeFloatsWithoutLength(values, out);
  }

  static void writeFloatsWithoutLength(float[] values, DataOutputView out) throws IOException {
    byte[] bytes = new byte[Math.min(values.length, MOST_AT_ONCE) * Float.BYTES];
    for (int start = 0; start < values.length; start += MOST_AT_ONCE) {
      int count = Math.min(MOST_AT_ONCE, values.length - start);
      if (count >= BULK) {
        ByteBuffer.wrap(bytes).order(ORDER).asFloatBuffer().put(values, start, count);
      } else {
        for (int i = 0; i < count; i++) {
          FLOAT.set(bytes, i * Float.BYTES, values[start + i]);
        }
      }
      out.write(bytes, 0, count * Float.BYTES);
    }
  }

  static float[] readFloats(DataInputView in) throws IOException {
    return readFloats(in, in.readInt());
  }

  static float[] readFloats(DataInputView in, int length) throws IOException {
    byte[] bytes = new byte[length * Float.BYTES];
    in.readFully(bytes);
    float[] values = new float[length];
    if (length >= BULK) {
      ByteBuffer.wrap(bytes).order(ORDER).asFloatBuffer().get(values);
    } else {
      for (int i = 0; i < length; i++) {
        values[i] = (float) FLOAT.get(bytes, i * Float.BYTES);
      }
    }
    return values;
  }

  static void writeInts(int[] values, DataOutputView out) throws IOException {
    byte[] bytes = new byte[values.length * 4];
    ByteBuffer.wrap(bytes).asIntBuffer().put(values);
    out.writeInt(values.length);
    out.write(bytes);
  }

  static int[] readInts(DataInputView in) throws IOException {
    byte[] bytes = new byte[in.readInt() * 4];
    in.readFully(bytes);
    int[] values = new int[bytes.length / 4];
    ByteBuffer.wrap(bytes).asIntBuffer().get(values);
    return values;
  }

  static void writeLongs(long[] values, DataOutputView out) throws IOException {
    byte[] bytes = new byte[values.length * 8];
    ByteBuffer.wrap(bytes).asLongBuffer().put(values);
    out.writeInt(values.length);
    out.write(bytes);
  }

  static long[] readLongs(DataInputView in) throws IOException {
    byte[] bytes = new byte[in.readInt() * 8];
    in.readFully(bytes);
    long[] values = new long[bytes.length / 8];
    ByteBuffer.wrap(bytes).asLongBuffer().get(values);
    return values;
  }

  static void writeDoubles(double[] values, DataOutputView out) throws IOException {
    byte[] bytes = new byte[values.length * 8];
    ByteBuffer.wrap(bytes).asDoubleBuffer().put(values);
    out.writeInt(values.length);
    out.write(bytes);
  }

  static double[] readDoubles(DataInputView in) throws IOException {
    byte[] bytes = new byte[in.readInt() * 8];
    in.readFully(bytes);
    double[] values = new double[bytes.length / 8];
    ByteBuffer.wrap(bytes).asDoubleBuffer().get(values);
    return values;
  }
}
