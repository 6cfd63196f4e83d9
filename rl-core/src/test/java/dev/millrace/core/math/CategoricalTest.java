package dev.millrace.core.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.random.RandomGenerator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CategoricalTest extends DistributionContract {
  private static final Offset<Double> CLOSE = Offset.offset(1e-6);
  private static final float IMPOSSIBLE = Float.NEGATIVE_INFINITY;
  private static final Categorical THREE = new Categorical(3);

  /** Probabilities 1/2, 1/4, 1/4; then 1/8, 7/8 and none at all. */
  private static final float[] LOGITS = {
    5 + log(2), 5, 5, log(1.0 / 8), log(7.0 / 8), IMPOSSIBLE,
  };

  @Override
  Distribution distribution() {
    return new Categorical(4);
  }

  @Test
  void isTheTableOfThreeChoices() {
    assertThat(THREE.logProbability(LOGITS, 0, new float[] {0, 0})).isCloseTo(-Math.log(2), CLOSE);
    assertThat(THREE.logProbability(LOGITS, 0, new float[] {2, 0})).isCloseTo(-Math.log(4), CLOSE);
    assertThat(THREE.logProbability(LOGITS, 1, new float[] {0, 1}))
        .isCloseTo(Math.log(7.0 / 8), CLOSE);
    assertThat(THREE.entropy(LOGITS, 0)).isCloseTo(1.5 * Math.log(2), CLOSE);
    float[] uniform = new float[3];
    assertThat(THREE.entropy(uniform, 0)).isCloseTo(Math.log(3), CLOSE);
    float[] first = {LOGITS[0], LOGITS[1], LOGITS[2]};
    assertThat(THREE.kl(first, uniform, 0)).isCloseTo(Math.log(3) - 1.5 * Math.log(2), CLOSE);
    assertThat(THREE.kl(uniform, first, 0))
        .isCloseTo((Math.log(2.0 / 3) + 2 * Math.log(4.0 / 3)) / 3, CLOSE);
  }

  @Test
  void theImpossibleCountsNothing() {
    double entropy = -Math.log(1.0 / 8) / 8 - Math.log(7.0 / 8) * 7 / 8;
    assertThat(THREE.entropy(LOGITS, 1)).isCloseTo(entropy, CLOSE);
    assertThat(THREE.logProbability(LOGITS, 1, new float[] {0, 2})).isEqualTo(IMPOSSIBLE);
    assertThat(THREE.kl(LOGITS, new float[6], 1)).isCloseTo(Math.log(3) - entropy, CLOSE);
    assertThat(THREE.kl(new float[6], LOGITS, 1)).isEqualTo(Double.POSITIVE_INFINITY);
    float[] gradients = new float[6];
    THREE.addEntropyGradient(LOGITS, 1, 1, gradients);
    THREE.addLogProbabilityGradient(LOGITS, 1, new float[] {0, 0}, 1, gradients);
    THREE.addKlGradient(LOGITS, LOGITS, 1, 1, gradients);
    assertThat(gradients[5]).isZero();
    double slope = -(Math.log(1.0 / 8) + entropy) / 8 + 7.0 / 8;
    assertThat((double) gradients[3]).isCloseTo(slope, CLOSE);
    assertThat((double) gradients[4]).isCloseTo(-slope, CLOSE);
  }

  @Test
  void greatLogitsNeitherOverflowNorVanish() {
    float[] great = {3e38f, 3e38f, -3e38f};
    assertThat(THREE.logProbability(great, 0, new float[] {1})).isCloseTo(-Math.log(2), CLOSE);
    assertThat(THREE.entropy(great, 0)).isCloseTo(Math.log(2), CLOSE);
    float[] apart = {0, 1000, -1000};
    assertThat(THREE.logProbability(apart, 0, new float[] {0})).isEqualTo(-1000);
    assertThat(THREE.logProbability(apart, 0, new float[] {2})).isEqualTo(-2000);
    assertThat(THREE.kl(apart, new float[] {1000, 0, 0}, 0)).isEqualTo(1000);
  }

  @Test
  void invertsTheCumulativeDistribution() {
    assertThat(drawn(0, 0)).isEqualTo(0);
    assertThat(drawn(0, 0.4999)).isEqualTo(0);
    assertThat(drawn(0, 0.5001)).isEqualTo(1);
    assertThat(drawn(0, 0.7499)).isEqualTo(1);
    assertThat(drawn(0, 0.7501)).isEqualTo(2);
    assertThat(drawn(0, Math.nextDown(1.0))).isEqualTo(2);
    assertThat(drawn(1, 0.1249)).isEqualTo(0);
    assertThat(drawn(1, Math.nextDown(1.0))).as("the last possible one").isEqualTo(1);
    float[] masked = {IMPOSSIBLE, IMPOSSIBLE, -4};
    float[] actions = new float[1];
    THREE.sample(masked, 0, uniform(0), actions);
    assertThat(actions[0]).as("the first possible one").isEqualTo(2);
  }

  @Test
  void drawsOnceFromTheGenerator() {
    SeededRandom random = new SeededRandom(1);
    THREE.sample(LOGITS, 0, random, new float[2]);
    SeededRandom other = new SeededRandom(1);
    other.nextLong();
    assertThat(random.state()).isEqualTo(other.state());
  }

  @Test
  void drawsAsOftenAsIsProbable() {
    int draws = 100_000;
    int[] counts = new int[3];
    SeededRandom random = new SeededRandom(2);
    float[] actions = new float[2];
    for (int i = 0; i < draws; i++) {
      THREE.sample(LOGITS, 0, random, actions);
      counts[(int) actions[0]]++;
    }
    double[] probabilities = {0.5, 0.25, 0.25};
    double chiSquared = 0;
    for (int i = 0; i < 3; i++) {
      double expected = draws * probabilities[i];
      chiSquared += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    assertThat(chiSquared).as("13.8 is exceeded once in a thousand").isLessThan(13.8);
  }

  @Test
  void theModeIsTheFirstOfTheGreatest() {
    float[] actions = new float[1];
    THREE.mode(new float[] {-1, 3, 3}, 0, actions);
    assertThat(actions[0]).isEqualTo(1);
  }

  @Test
  void refusesWhatHasNoMeaning() {
    assertThatThrownBy(() -> new Categorical(0))
        .hasMessage("categorical n=0: must be between 1 and 16777216");
    assertThatThrownBy(() -> THREE.logProbability(LOGITS, 1, new float[] {0, 3}))
        .hasMessage("actions[1]=3.0: must be a whole number from 0 to 2");
    assertThatThrownBy(() -> THREE.logProbability(LOGITS, 0, new float[] {Float.NaN}))
        .hasMessage("actions[0]=NaN: must be a whole number from 0 to 2");
    float[] nothing = {IMPOSSIBLE, IMPOSSIBLE, IMPOSSIBLE};
    for (float[] bad :
        new float[][] {nothing, {0, Float.POSITIVE_INFINITY, 0}, {0, 0, Float.NaN}}) {
      String message =
          "greatest logit of row 0=%s: must be finite; no choice could be drawn"
              .formatted((double) Math.max(bad[0], Math.max(bad[1], bad[2])));
      assertThatThrownBy(() -> THREE.sample(bad, 0, uniform(0.5), new float[1]))
          .hasMessage(message);
      assertThatThrownBy(() -> THREE.mode(bad, 0, new float[1])).hasMessage(message);
      assertThat(THREE.entropy(bad, 0)).isNaN();
    }
  }

  private static int drawn(int row, double uniform) {
    float[] actions = {-1, -1};
    THREE.sample(LOGITS, row, uniform(uniform), actions);
    assertThat(actions[1 - row]).isEqualTo(-1);
    return (int) actions[row];
  }

  private static RandomGenerator uniform(double value) {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        throw new AssertionError("only nextDouble may be drawn");
      }

      @Override
      public double nextDouble() {
        return value;
      }
    };
  }

  private static float log(double value) {
    return (float) Math.log(value);
  }
}
