package dev.millrace.learner.actorcritic;

import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import dev.millrace.core.experience.TrajectoryBatch;
import dev.millrace.core.math.RunningMoments;
import dev.millrace.core.network.InputScaling;
import dev.millrace.core.network.NetworkSpec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * What a learner knows of the scale of observations and rewards. Observations are brought to mean 0
 * and deviation 1; rewards are divided by the running deviation of their discounted sum (Engstrom
 * et al. 2020, "Implementation Matters in Deep RL", section 3).
 *
 * <p>Nobody else need know: what is published of the policy has the observations' scale folded into
 * its first layer. Observations are scaled by the statistics before the batch, with which it was
 * acted; rewards, which nobody acted on, by those that include it. Both are kept by {@link
 * #learned} alone.
 *
 * <p>Nothing is clipped. A part of the observation that had never changed when it first does is
 * seen greatly magnified, until the next batch; and an episode that a fault broke off goes on in
 * the discounted sum of rewards.
 */
final class Normalization {
  static final Option<Boolean> OBSERVATIONS =
      Option.declare("algorithm.normalize-observations")
          .truth(false)
          .fixedForTheRun()
          .says("Observations are scaled to mean 0 and deviation 1 of all seen so far.");

  static final Option<Boolean> REWARDS =
      Option.declare("algorithm.normalize-rewards")
          .truth(false)
          .fixedForTheRun()
          .says("Rewards are divided by the deviation of returns seen so far.");

  /** For who has seen nothing of the scale: leaves all as it is. */
  static final Normalization NONE = new Normalization();

  /** Keeps a part of the observation that never changes from being blown up. */
  private static final double LEAST_VARIANCE = 1e-6;

  private final double discount;
  private final RunningMoments observations;
  private RunningMoments returns;

  /** Each environment's discounted sum of rewards so far. */
  private final double[] sums;

  private RunningMoments nextReturns;
  private double[] nextSums;

  private Normalization() {
    discount = 0;
    observations = null;
    sums = new double[0];
  }

  /**
   * @param environments how many act
   */
  Normalization(Settings settings, double discount, int observationSize, int environments) {
    this.discount = discount;
    observations = settings.get(OBSERVATIONS) ? new RunningMoments(observationSize) : null;
    returns = settings.get(REWARDS) ? new RunningMoments(1) : null;
    sums = new double[environments];
  }

  /** The batch's observations as the networks are to see them, {@code float[(N + K) × D]}. */
  float[] observations(TrajectoryBatch batch) {
    float[] raw = batch.observations();
    if (observations == null) {
      return raw;
    }
    int width = observations.size();
    float[] scaled = new float[raw.length];
    double[] mean = mean();
    double[] deviation = deviation();
    for (int i = 0; i < raw.length; i++) {
      scaled[i] = (float) ((raw[i] - mean[i % width]) / deviation[i % width]);
    }
    return scaled;
  }

  /**
   * The batch's rewards as the critic is to see them, {@code float[N]}; none of them a number if
   * one is not finite, so that nothing is learned from the batch.
   */
  float[] rewards(TrajectoryBatch batch) {
    if (returns == null) {
      return batch.rewards();
    }
    float[] seen = new float[batch.size()];
    nextSums = sums.clone();
    boolean finite = true;
    for (int t = 0; t < seen.length; t++) {
      int environment = batch.environments()[t];
      nextSums[environment] = nextSums[environment] * discount + batch.rewards()[t];
      seen[t] = (float) nextSums[environment];
      finite &= Float.isFinite(seen[t]);
      if (batch.ended()[t]) {
        nextSums[environment] = 0;
      }
    }
    float[] scaled = new float[seen.length];
    if (!finite) {
      Arrays.fill(scaled, Float.NaN);
      return scaled;
    }
    nextReturns = new RunningMoments(1);
    nextReturns.merge(returns);
    nextReturns.add(seen, seen.length);
    double deviation = Math.sqrt(nextReturns.variance(0) + LEAST_VARIANCE);
    for (int t = 0; t < scaled.length; t++) {
      scaled[t] = (float) (batch.rewards()[t] / deviation);
    }
    return scaled;
  }

  /** The batch was learned from: what was seen of it counts from now on. */
  void learned(TrajectoryBatch batch) {
    if (observations != null) {
      observations.add(batch.observations(), batch.size());
    }
    if (returns != null) {
      returns = nextReturns;
      System.arraycopy(nextSums, 0, sums, 0, sums.length);
    }
  }

  /** The parameters of a network that sees observations as they are. */
  float[] folded(NetworkSpec network, float[] parameters) {
    return observations == null
        ? parameters
        : InputScaling.fold(network, parameters, mean(), deviation());
  }

  private double[] mean() {
    double[] mean = new double[observations.size()];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = observations.mean(i);
    }
    return mean;
  }

  private double[] deviation() {
    double[] deviation = new double[observations.size()];
    for (int i = 0; i < deviation.length; i++) {
      deviation[i] = Math.sqrt(observations.variance(i) + LEAST_VARIANCE);
    }
    return deviation;
  }

  void save(DataOutput out) throws IOException {
    if (observations != null) {
      observations.save(out);
    }
    if (returns != null) {
      returns.save(out);
      for (double sum : sums) {
        out.writeDouble(sum);
      }
    }
  }

  void restore(DataInput in) throws IOException {
    if (observations != null) {
      observations.restore(in);
    }
    if (returns != null) {
      returns.restore(in);
      for (int i = 0; i < sums.length; i++) {
        sums[i] = in.readDouble();
      }
    }
  }
}
