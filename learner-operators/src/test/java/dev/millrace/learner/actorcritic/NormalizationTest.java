package dev.millrace.learner.actorcritic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.config.Settings;
import dev.millrace.core.experience.TrajectoryBatch;
import dev.millrace.core.network.ForwardPass;
import dev.millrace.core.network.NetworkSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NormalizationTest {
  private static final double DISCOUNT = 0.8;
  private static final Settings BOTH =
      TestingRollouts.settings(
          "algorithm.normalize-observations", true, "algorithm.normalize-rewards", true);

  private final TestingRollouts rollouts = new TestingRollouts(TestingRollouts.DISCRETE, 8);
  private final Normalization normalization = fresh(BOTH);

  private static Normalization fresh(Settings settings) {
    return new Normalization(settings, DISCOUNT, 3, 2);
  }

  private TrajectoryBatch batch(int... lengths) {
    return TrajectoryBatch.of(List.of(rollouts.rollout(lengths)), 3, 2);
  }

  private void learn(Normalization normalization, TrajectoryBatch batch) {
    normalization.observations(batch);
    normalization.rewards(batch);
    normalization.learned(batch);
  }

  @Test
  void withoutItNothingChanges() {
    Normalization none = fresh(TestingRollouts.settings());
    TrajectoryBatch batch = batch(4, 5);
    for (int i = 0; i < 2; i++) {
      assertThat(none.observations(batch)).isEqualTo(batch.observations());
      assertThat(none.rewards(batch)).isEqualTo(batch.rewards());
      none.learned(batch);
    }
    NetworkSpec network = Actor.of(TestingRollouts.DISCRETE, BOTH).network();
    float[] parameters = rollouts.gaussians(network.parameterCount());
    assertThat(none.folded(network, parameters)).isEqualTo(parameters);
  }

  @Test
  void observationsAreScaledByWhatWasSeenBeforeTheBatch() {
    List<float[]> acted = new ArrayList<>();
    for (int round = 0; round < 4; round++) {
      TrajectoryBatch batch = batch(4, 5, 3);
      float[] expected = batch.observations().clone();
      for (int column = 0; !acted.isEmpty() && column < 3; column++) {
        double mean = 0;
        double variance = 0;
        for (float[] row : acted) {
          mean += row[column] / acted.size();
        }
        for (float[] row : acted) {
          variance += (row[column] - mean) * (row[column] - mean) / acted.size();
        }
        for (int row = 0; row < batch.rows(); row++) {
          expected[3 * row + column] =
              (float) ((expected[3 * row + column] - mean) / Math.sqrt(variance));
        }
      }
      assertThat(normalization.observations(batch)).containsExactly(expected, within(1e-4f));
      learn(normalization, batch);
      for (int row = 0; row < batch.size(); row++) {
        acted.add(java.util.Arrays.copyOfRange(batch.observations(), 3 * row, 3 * row + 3));
      }
    }
    assertThat(acted).hasSize(48);
  }

  @Test
  void rewardsAreDividedByTheDeviationOfReturnsTheBatchIncluded() {
    double[] sums = new double[2];
    List<Double> seen = new ArrayList<>();
    for (int round = 0; round < 4; round++) {
      TrajectoryBatch batch = batch(4, 5, 3);
      for (int t = 0; t < batch.size(); t++) {
        int environment = batch.environments()[t];
        sums[environment] = DISCOUNT * sums[environment] + batch.rewards()[t];
        seen.add(sums[environment]);
        if (batch.ended()[t]) {
          sums[environment] = 0;
        }
      }
      double mean = seen.stream().mapToDouble(x -> x).average().orElseThrow();
      double variance =
          seen.stream().mapToDouble(x -> (x - mean) * (x - mean)).average().orElseThrow();
      float[] scaled = normalization.rewards(batch);
      for (int t = 0; t < scaled.length; t++) {
        assertThat((double) scaled[t])
            .isCloseTo(batch.rewards()[t] / Math.sqrt(variance), within(1e-4));
      }
      learn(normalization, batch);
    }
    assertThat(sums[0]).as("the third trajectory's episode ended").isZero();
  }

  @Test
  void aBatchThatWasNotLearnedFromLeavesNoTrace() {
    learn(normalization, batch(4, 5));
    TrajectoryBatch next = batch(6);
    float[] observations = normalization.observations(next);
    float[] rewards = normalization.rewards(next);
    TrajectoryBatch dropped = batch(7, 8);
    normalization.observations(dropped);
    normalization.rewards(dropped);
    assertThat(normalization.observations(next)).isEqualTo(observations);
    assertThat(normalization.rewards(next)).isEqualTo(rewards);
  }

  @Test
  void aFoldedNetworkAnswersAsTheSameWithNormalizedObservations() {
    learn(normalization, batch(9, 9, 9));
    TrajectoryBatch batch = batch(4, 5);
    NetworkSpec network = Actor.of(TestingRollouts.DISCRETE, BOTH).network();
    float[] parameters = rollouts.gaussians(network.parameterCount());
    float[] scaled = outputs(network, parameters, normalization.observations(batch));
    float[] raw = outputs(network, normalization.folded(network, parameters), batch.observations());
    assertThat(raw).containsExactly(scaled, within(1e-3f));
    assertThat(outputs(network, parameters, batch.observations())).isNotEqualTo(raw);
  }

  private static float[] outputs(NetworkSpec network, float[] parameters, float[] inputs) {
    int count = inputs.length / network.inputs();
    ForwardPass pass = ForwardPass.of(network, count);
    pass.parameters(parameters);
    float[] outputs = new float[count * network.outputs()];
    pass.forward(inputs, count, outputs);
    return outputs;
  }

  @Test
  void aFreshOneContinues() throws IOException {
    learn(normalization, batch(4, 5, 4));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    normalization.save(new DataOutputStream(bytes));
    Normalization restored = fresh(BOTH);
    restored.restore(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    for (int round = 0; round < 2; round++) {
      TrajectoryBatch batch = batch(3, 6);
      assertThat(restored.observations(batch)).isEqualTo(normalization.observations(batch));
      assertThat(restored.rewards(batch)).isEqualTo(normalization.rewards(batch));
      restored.learned(batch);
      normalization.learned(batch);
    }
  }
}
