package dev.millrace.learner.dqn;

import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.LearnerOptions;
import dev.millrace.core.agent.Update;
import dev.millrace.core.config.Settings;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.math.GlobalNorm;
import dev.millrace.core.math.ImportanceWeights;
import dev.millrace.core.math.Losses;
import dev.millrace.core.math.Optimizer;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.math.TdErrors;
import dev.millrace.core.network.Initialization;
import dev.millrace.core.network.Network;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.Networks;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The learning half of {@link Dqn}: the parameters, a copy of them from some updates ago, and the
 * optimizer.
 */
final class DqnLearner implements Learner<SampleBatch> {
  private static final int VERSION = 1;

  private final NetworkSpec spec;
  private final Network online;
  private final Network target;
  private final Optimizer optimizer;
  private final int batchSize;
  private final boolean doubleQ;
  private final double importanceExponent;
  private final double huberDelta;
  private final double gradientClip;
  private final long targetUpdateEvery;

  private final float[] parameters;
  private final float[] targetParameters;
  private long step;

  private final float[] qTm1;
  private final float[] qTValue;
  private final float[] qTSelector;
  private final float[] gradient;

  DqnLearner(NetworkSpec spec, Networks networks, Settings settings, long seed) {
    this.spec = spec;
    batchSize = settings.count(LearnerOptions.BATCH_SIZE);
    doubleQ = settings.get(Dqn.DOUBLE);
    importanceExponent = settings.get(Dqn.IMPORTANCE_EXPONENT);
    huberDelta = settings.get(Dqn.HUBER_DELTA);
    gradientClip = settings.get(LearnerOptions.GRADIENT_CLIP);
    targetUpdateEvery = settings.get(Dqn.TARGET_UPDATE_EVERY);
    online = networks.create(spec, batchSize);
    target = networks.create(spec, batchSize);
    parameters =
        Initialization.FAN_IN.parameters(spec, SeededRandom.of(seed, "initial parameters"));
    targetParameters = parameters.clone();
    target.parameters(targetParameters);
    optimizer = LearnerOptions.optimizer(settings, parameters.length);
    qTm1 = new float[batchSize * spec.outputs()];
    qTValue = new float[qTm1.length];
    qTSelector = doubleQ ? new float[qTm1.length] : qTValue;
    gradient = new float[parameters.length];
  }

  @Override
  public Update update(SampleBatch batch) {
    if (batch.size() != batchSize) {
      throw new IllegalArgumentException(
          "batch of %d transitions: this learner asked for learner.batch-size (%d)"
              .formatted(batch.size(), batchSize));
    }
    online.parameters(parameters);
    if (doubleQ) {
      online.forward(batch.nextObservations(), batchSize, qTSelector);
    }
    target.forward(batch.nextObservations(), batchSize, qTValue);
    online.forward(batch.observations(), batchSize, qTm1);
    float[] aTm1 = batch.actions();
    float[] errors =
        TdErrors.doubleQLearning(
            qTm1, aTm1, batch.rewards(), batch.discounts(), qTValue, qTSelector);
    float[] weights = ImportanceWeights.of(batch.probabilities(), importanceExponent);
    Losses.Loss loss = Losses.huber(errors, weights, huberDelta);
    online.backward(
        TdErrors.backpropagate(loss.gradient(), aTm1, spec.outputs()), batchSize, gradient);
    double norm = GlobalNorm.clip(gradient, gradientClip);
    if (!Double.isFinite(loss.value()) || !Double.isFinite(norm)) {
      return Update.dropped(loss.value(), norm);
    }
    apply();
    return Update.of(loss.value(), norm, meanValue(aTm1), sizes(errors));
  }

  private void apply() {
    optimizer.apply(parameters, gradient);
    step++;
    if (step % targetUpdateEvery == 0) {
      System.arraycopy(parameters, 0, targetParameters, 0, parameters.length);
      target.parameters(targetParameters);
    }
  }

  private double meanValue(float[] aTm1) {
    double sum = 0;
    for (int i = 0; i < batchSize; i++) {
      sum += qTm1[i * spec.outputs() + (int) aTm1[i]];
    }
    return sum / batchSize;
  }

  /** The errors' absolute values, in place. */
  private static float[] sizes(float[] errors) {
    for (int i = 0; i < errors.length; i++) {
      errors[i] = Math.abs(errors[i]);
    }
    return errors;
  }

  @Override
  public float[] parameters() {
    return parameters.clone();
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    out.writeUTF(spec.toString());
    out.writeLong(step);
    for (int i = 0; i < parameters.length; i++) {
      out.writeFloat(parameters[i]);
      out.writeFloat(targetParameters[i]);
    }
    optimizer.save(out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(
          "dqn learner version=%d: this build reads version %d; use the build that wrote it"
              .formatted(version, VERSION));
    }
    String saved = in.readUTF();
    if (!saved.equals(spec.toString())) {
      throw new IllegalStateException(
          "dqn learner was saved with network %s, the configuration says %s: parameters cannot be continued in another network; resume with the one of before"
              .formatted(saved, spec));
    }
    step = in.readLong();
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = in.readFloat();
      targetParameters[i] = in.readFloat();
    }
    target.parameters(targetParameters);
    optimizer.restore(in);
  }

  @Override
  public void close() {
    online.close();
    target.close();
  }
}
