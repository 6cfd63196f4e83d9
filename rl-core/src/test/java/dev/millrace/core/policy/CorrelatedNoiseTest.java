package dev.millrace.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.math.DiagonalGaussian;
import dev.millrace.core.math.SeededRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorrelatedNoiseTest {
  private static final DiagonalGaussian TWO = new DiagonalGaussian(2);

  /** Means 0, standard deviations 1: what is drawn is the noise. */
  private static final float[] STANDARD = new float[4];

  /** Three standard errors of a mean over as many episodes as the tests draw. */
  private static final double TOLERANCE = 3 / Math.sqrt(20_000);

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.95})
  void everyStepIsStandardNormalAndCorrelatesWithTheOneBefore(double correlation) {
    CorrelatedNoise noise = new CorrelatedNoise(TWO, correlation);
    SeededRandom random = new SeededRandom(4);
    int episodes = 20_000;
    double[] sums = new double[3];
    double[] squares = new double[3];
    double[] products = new double[3];
    double across = 0;
    float[] raw = new float[2];
    for (int episode = 0; episode < episodes; episode++) {
      float[] memory = new float[noise.memorySize()];
      float before = 0;
      for (int step = 0; step < 3; step++) {
        noise.sample(STANDARD, 0, random, memory, raw);
        sums[step] += raw[0] / episodes;
        squares[step] += (double) raw[0] * raw[0] / episodes;
        products[step] += (double) raw[0] * before / episodes;
        before = raw[0];
      }
      across += (double) raw[0] * raw[1] / episodes;
    }
    for (int step = 0; step < 3; step++) {
      assertThat(sums[step]).isCloseTo(0, within(TOLERANCE));
      assertThat(squares[step]).isCloseTo(1, within(2 * TOLERANCE));
    }
    assertThat(products[1]).isCloseTo(correlation, within(2 * TOLERANCE));
    assertThat(products[2]).isCloseTo(correlation, within(2 * TOLERANCE));
    assertThat(across).as("dimensions are independent").isCloseTo(0, within(TOLERANCE));
  }

  @Test
  void itFollowsItsRecurrence() {
    CorrelatedNoise noise = new CorrelatedNoise(TWO, 0.6);
    SeededRandom plain = new SeededRandom(9);
    float[] first = {(float) plain.nextGaussian(), (float) plain.nextGaussian()};
    float[] second = {
      (float) (0.6 * first[0] + 0.8 * plain.nextGaussian()),
      (float) (0.6 * first[1] + 0.8 * plain.nextGaussian())
    };
    SeededRandom random = new SeededRandom(9);
    float[] memory = new float[3];
    float[] raw = new float[2];
    noise.sample(STANDARD, 0, random, memory, raw);
    assertThat(raw).containsExactly(first, within(1e-6f));
    assertThat(memory).containsExactly(new float[] {1, first[0], first[1]}, within(1e-6f));
    noise.sample(STANDARD, 0, random, memory, raw);
    assertThat(raw).containsExactly(second, within(1e-6f));
  }

  @Test
  void anEpisodeBeginsAnew() {
    CorrelatedNoise noise = new CorrelatedNoise(TWO, 0.9);
    float[] raw = new float[2];
    noise.sample(STANDARD, 0, new SeededRandom(1), new float[3], raw);
    float[] alone = new float[2];
    noise.sample(STANDARD, 0, new SeededRandom(2), new float[3], alone);
    float[] afresh = new float[2];
    new CorrelatedNoise(TWO, 0.9).sample(STANDARD, 0, new SeededRandom(2), new float[3], afresh);
    assertThat(alone).isEqualTo(afresh);
  }

  @Test
  void itIsAllInTheMemory() {
    SeededRandom random = new SeededRandom(1);
    float[] memory = new float[3];
    float[] raw = new float[2];
    CorrelatedNoise noise = new CorrelatedNoise(TWO, 0.9);
    noise.sample(STANDARD, 0, random, memory, raw);
    float[] kept = memory.clone();
    SeededRandom same = new SeededRandom(random.state());
    noise.sample(STANDARD, 0, random, memory, raw);
    float[] restored = new float[2];
    new CorrelatedNoise(TWO, 0.9).sample(STANDARD, 0, same, kept, restored);
    assertThat(restored).isEqualTo(raw);
    assertThat(kept).isEqualTo(memory);
  }

  @Test
  void rowsAreApart() {
    CorrelatedNoise noise = new CorrelatedNoise(TWO, 0.9);
    float[] outputs = {0, 0, 0, 0, 10, 20, -20, -20};
    float[] memory = new float[6];
    float[] raw = new float[4];
    noise.sample(outputs, 1, new SeededRandom(1), memory, raw);
    assertThat(raw).containsExactly(new float[] {0, 0, 10, 20}, within(1e-6f));
    assertThat(memory).startsWith(0, 0, 0, 1);
  }

  @Test
  void aCorrelationIsFromZeroToBelowOne() {
    for (double wrong : new double[] {-0.1, 1, Double.NaN}) {
      assertThatThrownBy(() -> new CorrelatedNoise(TWO, wrong))
          .hasMessage("noise correlation=" + wrong + ": must be at least 0 and below 1");
    }
  }
}
