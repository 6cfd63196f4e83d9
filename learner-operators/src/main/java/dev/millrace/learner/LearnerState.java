package dev.millrace.learner;

import dev.millrace.core.agent.Learner;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * Everything a learner operator keeps, as one versioned record.
 *
 * @param epoch of the learner that wrote it
 * @param random state of the generator that draws shards
 * @param dropped updates dropped so far
 * @param consecutive updates dropped since the last one applied
 * @param environmentSteps transitions that the replay had accepted, as far as the learner knew
 * @param learner what the learner saved
 */
record LearnerState(
    long epoch, long random, long dropped, int consecutive, long environmentSteps, byte[] learner) {
  private static final int VERSION = 1;

  static byte[] save(Learner learner) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    learner.save(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  void restore(Learner target) throws IOException {
    target.restore(new DataInputStream(new ByteArrayInputStream(learner)));
  }

  byte[] bytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(VERSION);
    out.writeLong(epoch);
    out.writeLong(random);
    out.writeLong(dropped);
    out.writeInt(consecutive);
    out.writeLong(environmentSteps);
    out.writeInt(learner.length);
    out.write(learner);
    return bytes.toByteArray();
  }

  static LearnerState of(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(
          "learner state version=%d: this build reads version %d; use the build that wrote it"
              .formatted(version, VERSION));
    }
    long epoch = in.readLong();
    long random = in.readLong();
    long dropped = in.readLong();
    int consecutive = in.readInt();
    long environmentSteps = in.readLong();
    byte[] learner = new byte[in.readInt()];
    in.readFully(learner);
    return new LearnerState(epoch, random, dropped, consecutive, environmentSteps, learner);
  }
}
