package dev.millrace.replay;

import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.policy.ParameterVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A shard's state but for its transitions and weights. Its version stands for theirs too.
 *
 * @param form what the rest of the state was written for
 * @param epoch of the shard's latest life
 * @param greatest priority seen, an absolute TD error
 * @param random state of the generator
 */
record ShardHeader(
    Form form,
    long epoch,
    long inserted,
    long sampled,
    long applied,
    long ignored,
    float greatest,
    long random,
    ParameterVersion newest) {
  private static final int VERSION = 1;

  /**
   * What cannot change while a shard's state lasts.
   *
   * @param shards how many the replay is cut into
   * @param capacity slots of one shard
   * @param chunkSize transitions in a chunk
   */
  record Form(int shards, int capacity, int observationSize, int actionSize, int chunkSize) {
    static Form of(ReplaySpec.Sampled spec, ReplaySettings settings, int chunkSize) {
      return new Form(
          settings.shards(),
          settings.shardCapacity(),
          spec.observationSize(),
          spec.actionSize(),
          chunkSize);
    }
  }

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(VERSION);
      out.writeInt(form.shards);
      out.writeInt(form.capacity);
      out.writeInt(form.observationSize);
      out.writeInt(form.actionSize);
      out.writeInt(form.chunkSize);
      out.writeLong(epoch);
      out.writeLong(inserted);
      out.writeLong(sampled);
      out.writeLong(applied);
      out.writeLong(ignored);
      out.writeFloat(greatest);
      out.writeLong(random);
      out.writeLong(newest.epoch());
      out.writeLong(newest.step());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IllegalStateException if a newer build wrote it
   */
  static ShardHeader of(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readInt();
      if (version != VERSION) {
        throw new IllegalStateException(
            "replay shard state version=%d: this build reads version %d; use the build that wrote it"
                .formatted(version, VERSION));
      }
      return new ShardHeader(
          new Form(in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readInt()),
          in.readLong(),
          in.readLong(),
          in.readLong(),
          in.readLong(),
          in.readLong(),
          in.readFloat(),
          in.readLong(),
          new ParameterVersion(in.readLong(), in.readLong()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
