package dev.millrace.core.math;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** What an optimizer remembers: its step count and running means, one per parameter. */
final class Moments {
  private static final int VERSION = 1;
  private final String kind;
  private final int size;
  final float[][] means;
  long step;

  /**
   * @param kind of optimizer, which may not change across a restore
   * @param count how many running means there are
   */
  Moments(String kind, int size, int count) {
    this.kind = kind;
    this.size = size;
    means = new float[count][size];
  }

  void requireLengths(float[] parameters, float[] gradient) {
    Shapes.require("parameters", parameters.length, size, "as the optimizer was made for");
    Shapes.require("gradient", gradient.length, size, "one for each parameter");
  }

  void save(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    out.writeUTF(kind);
    out.writeInt(size);
    out.writeLong(step);
    for (float[] mean : means) {
      for (float value : mean) {
        out.writeFloat(value);
      }
    }
  }

  void restore(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(
          "optimizer version=%d: this build reads version %d; use the build that wrote it"
              .formatted(version, VERSION));
    }
    String savedKind = in.readUTF();
    int savedSize = in.readInt();
    if (!savedKind.equals(kind) || savedSize != size) {
      throw new IllegalStateException(
          "optimizer was saved as %s over %d parameters, the configuration says %s over %d: its running means cannot be continued; resume with the optimizer and network of before"
              .formatted(savedKind, savedSize, kind, size));
    }
    step = in.readLong();
    for (float[] mean : means) {
      for (int i = 0; i < size; i++) {
        mean[i] = in.readFloat();
      }
    }
  }
}
