package dev.millrace.job;

import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.Update;
import dev.millrace.job.Moment.Place;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.LongFunction;

/** A learner under the eyes of a {@link Witness}, who may replace it by its successor. */
final class ObservedLearner<B> implements Learner<B> {
  private final LongFunction<Learner<B>> learners;
  private final Witness witness;
  private final long seed;
  private Learner<B> learner;
  private long step;

  /**
   * @param learners makes a learner of a seed
   */
  ObservedLearner(LongFunction<Learner<B>> learners, Witness witness, long seed) {
    this.learners = learners;
    this.witness = witness;
    this.seed = seed;
    learner = learners.apply(seed);
  }

  @Override
  public Update update(B batch) {
    witness.reached(Place.LEARNER_BEFORE_UPDATE);
    Update update = learner.update(batch);
    step++;
    byte[] state = state();
    witness.learned(step, batch, state, update.meanValue());
    if (witness.replacesLearnerAt(step)) {
      replace(state);
    }
    witness.reached(Place.LEARNER_AFTER_UPDATE);
    return update;
  }

  private byte[] state() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      learner.save(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** By one that began with another seed, so that nothing agrees which was not restored. */
  private void replace(byte[] state) {
    learner.close();
    learner = learners.apply(seed + 1);
    try {
      learner.restore(new DataInputStream(new ByteArrayInputStream(state)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    witness.restored();
  }

  @Override
  public float[] parameters() {
    witness.reached(Place.LEARNER_PUBLISHES);
    float[] parameters = learner.parameters();
    witness.published(parameters);
    return parameters;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    witness.reached(Place.LEARNER_SAVES);
    out.writeLong(step);
    learner.save(out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    witness.restored();
    step = in.readLong();
    learner.restore(in);
  }

  @Override
  public void close() {
    learner.close();
  }
}
