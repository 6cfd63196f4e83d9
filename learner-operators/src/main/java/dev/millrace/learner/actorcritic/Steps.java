package dev.millrace.learner.actorcritic;

import dev.millrace.core.experience.Rollout;
import dev.millrace.core.experience.TrajectoryBatch;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The steps of a few rollouts as networks and losses are to see them.
 *
 * @param batch as it came
 * @param observations {@code float[(N + K) × D]}, normalized
 * @param rawActions {@code float[N × A]}, what was drawn
 * @param behaviourLogProbabilities {@code float[N]}, what it was drawn with
 * @param rewards {@code float[N]}, normalized
 */
record Steps(
    TrajectoryBatch batch,
    float[] observations,
    float[] rawActions,
    float[] behaviourLogProbabilities,
    float[] rewards) {

  static Steps of(List<Rollout> rollouts, Actor actor, Normalization normalization) {
    int size = actor.distribution().actionSize();
    TrajectoryBatch batch =
        TrajectoryBatch.of(rollouts, actor.network().inputs(), actor.annotationSize());
    float[] rawActions = new float[batch.size() * size];
    float[] logProbabilities = new float[batch.size()];
    for (int t = 0; t < batch.size(); t++) {
      int from = t * (size + 1);
      System.arraycopy(batch.annotations(), from, rawActions, t * size, size);
      logProbabilities[t] = batch.annotations()[from + size];
    }
    return new Steps(
        batch,
        normalization.observations(batch),
        rawActions,
        logProbabilities,
        normalization.rewards(batch));
  }

  /** {@code N}. */
  int count() {
    return batch.size();
  }

  /** All of them, {@code int[N]}. */
  int[] all() {
    return rows(0, count());
  }

  /** Those from {@code from} to before {@code to}. */
  static int[] rows(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  /** The entries of {@code all} at {@code rows}, {@code float[B]}. */
  static float[] gathered(float[] all, int[] rows) {
    float[] some = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      some[i] = all[rows[i]];
    }
    return some;
  }
}
