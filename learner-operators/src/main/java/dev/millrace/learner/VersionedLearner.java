package dev.millrace.learner;

import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.Update;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.streams.Epochs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Clock;

/**
 * A learner with what every learner in a loop needs: an epoch, versions of what it publishes,
 * statistics, and patience with updates that are not finite, but not without end.
 */
final class VersionedLearner<B> implements AutoCloseable {
  private static final int VERSION = 1;

  private final Learner<B> learner;
  private final int publishEvery;
  private final int maxNonFinite;
  private final UpdateStatistics statistics = new UpdateStatistics();
  private final long epoch;
  private PolicyParameters published;
  private long step;
  private long dropped;
  private int consecutive;

  /**
   * @param learner at its first step; closed with this
   * @param publishEvery updates between two publications
   * @param maxNonFinite updates that may be dropped in a row
   * @param saved what {@link #save} wrote; null to begin
   */
  VersionedLearner(
      Learner<B> learner, int publishEvery, int maxNonFinite, Clock clock, DataInput saved)
      throws IOException {
    this.learner = learner;
    this.publishEvery = publishEvery;
    this.maxNonFinite = maxNonFinite;
    if (saved == null) {
      epoch = Epochs.next(0, clock);
      return;
    }
    int version = saved.readInt();
    if (version != VERSION) {
      throw new IOException(
          "learner state version=%d: this build reads version %d; use the build that wrote it"
              .formatted(version, VERSION));
    }
    epoch = Epochs.next(saved.readLong(), clock);
    step = saved.readLong();
    dropped = saved.readLong();
    consecutive = saved.readInt();
    byte[] bytes = new byte[saved.readInt()];
    saved.readFully(bytes);
    learner.restore(new DataInputStream(new ByteArrayInputStream(bytes)));
    statistics.continued();
  }

  /** Writes everything. */
  void save(DataOutput out) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    learner.save(new DataOutputStream(bytes));
    out.writeInt(VERSION);
    out.writeLong(epoch);
    out.writeLong(step);
    out.writeLong(dropped);
    out.writeInt(consecutive);
    out.writeInt(bytes.size());
    out.write(bytes.toByteArray());
  }

  /**
   * Learns from a batch.
   *
   * @return what came of it; not applied if it was not finite
   * @throws NotFiniteException if too many in a row were not
   */
  Update learn(B batch) {
    Update update = learner.update(batch);
    step++;
    statistics.note(update);
    if (update.applied()) {
      consecutive = 0;
    } else {
      drop(update);
    }
    return update;
  }

  private void drop(Update update) {
    dropped++;
    consecutive++;
    if (consecutive > maxNonFinite) {
      throw new NotFiniteException(
          "at step=%d loss=%s and gradientNorm=%s, the update number %d in a row that is not finite: must be finite within learner.max-non-finite (%d) updates; lower learner.learning-rate, or look for rewards and observations that are not finite"
              .formatted(step, update.loss(), update.gradientNorm(), consecutive, maxNonFinite));
    }
  }

  /** Whether the step is one after which parameters are published, and they are not yet. */
  boolean publicationDue() {
    return step % publishEvery == 0 && step != published.version().step();
  }

  /**
   * The present parameters, which count as published from now on.
   *
   * @param environmentSteps the experience they come of
   */
  PolicyParameters publish(long environmentSteps, long nowMillis) {
    published = new PolicyParameters(version(), environmentSteps, nowMillis, learner.parameters());
    return published;
  }

  /** What was published last. */
  PolicyParameters published() {
    return published;
  }

  long epoch() {
    return epoch;
  }

  /** Batches so far, dropped ones included: the clock by which parameters are told apart. */
  long step() {
    return step;
  }

  ParameterVersion version() {
    return new ParameterVersion(epoch, step);
  }

  /** Updates that were dropped. */
  long dropped() {
    return dropped;
  }

  UpdateStatistics statistics() {
    return statistics;
  }

  @Override
  public void close() {
    learner.close();
  }
}
