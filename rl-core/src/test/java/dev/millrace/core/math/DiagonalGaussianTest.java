package dev.millrace.core.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class DiagonalGaussianTest extends DistributionContract {
  private static final Offset<Double> CLOSE = Offset.offset(1e-6);
  private static final DiagonalGaussian ONE = new DiagonalGaussian(1);
  private static final DiagonalGaussian TWO = new DiagonalGaussian(2);
  private static final float LOG_TWO = (float) Math.log(2);
  private static final float[] STANDARD = {0, 0};

  /** Means 3 and -1, standard deviations 2 and 1/2. */
  private static final float[] PAIR = {3, -1, LOG_TWO, -LOG_TWO};

  @Override
  Distribution distribution() {
    return new DiagonalGaussian(3);
  }

  @Test
  void isTheTableOfTheStandardNormal() {
    double peak = -0.9189385332046727;
    assertThat(ONE.logProbability(STANDARD, 0, new float[] {0})).isCloseTo(peak, CLOSE);
    assertThat(ONE.logProbability(STANDARD, 0, new float[] {2})).isCloseTo(peak - 2, CLOSE);
    assertThat(ONE.entropy(STANDARD, 0)).isCloseTo(1.4189385332046727, CLOSE);
  }

  @Test
  void dimensionsAreIndependent() {
    double peak = 2 * -0.9189385332046727;
    assertThat(TWO.logProbability(PAIR, 0, new float[] {5, -1.5f}))
        .as("one deviation off in each; the deviations' product is 1")
        .isCloseTo(peak - 0.5 - 0.5, CLOSE);
    assertThat(TWO.entropy(PAIR, 0)).isCloseTo(2 * 1.4189385332046727, CLOSE);
    float[] wide = {0, 0, 1, 2};
    assertThat(TWO.entropy(wide, 0)).isCloseTo(2 * 1.4189385332046727 + 3, CLOSE);
  }

  @Test
  void divergencesHaveTheirClosedForm() {
    assertThat(ONE.kl(STANDARD, new float[] {1, LOG_TWO}, 0))
        .as("log 2 + (1 + 1)/8 - 1/2")
        .isCloseTo(0.4431471805599453, CLOSE);
    assertThat(ONE.kl(new float[] {1, LOG_TWO}, STANDARD, 0))
        .as("-log 2 + (4 + 1)/2 - 1/2")
        .isCloseTo(1.3068528194400546, CLOSE);
    assertThat(TWO.kl(PAIR, new float[] {3, 1, LOG_TWO, -LOG_TWO}, 0))
        .as("2² / (2 / 4)")
        .isCloseTo(8, Offset.offset(1e-5));
  }

  @Test
  void aDivergenceBetweenNeighboursIsNotLostToRounding() {
    float[] near = {0, 1e-6f};
    assertThat(ONE.kl(STANDARD, near, 0)).isCloseTo(1e-12, Offset.offset(1e-17));
  }

  @Test
  void drawsWithMeanAndDeviation() {
    int draws = 100_000;
    SeededRandom random = new SeededRandom(3);
    RunningMoments moments = new RunningMoments(2);
    float[] actions = new float[2];
    double product = 0;
    for (int i = 0; i < draws; i++) {
      TWO.sample(PAIR, 0, random, actions);
      moments.add(actions, 1);
      product += (actions[0] - 3) * (actions[1] + 1);
    }
    assertThat(moments.mean(0)).isCloseTo(3, Offset.offset(4 * 2 / Math.sqrt(draws)));
    assertThat(moments.mean(1)).isCloseTo(-1, Offset.offset(4 * 0.5 / Math.sqrt(draws)));
    assertThat(moments.variance(0)).isCloseTo(4, Offset.offset(4 * 4 * Math.sqrt(2.0 / draws)));
    assertThat(moments.variance(1)).isCloseTo(0.25, Offset.offset(Math.sqrt(2.0 / draws)));
    assertThat(product / draws).as("covariance").isCloseTo(0, Offset.offset(0.0127));
  }

  @Test
  void drawsAreReparameterizedNoise() {
    float[] noise = {(float) new SeededRandom(4).nextGaussian()};
    float[] parameters = {2, 1};
    float[] placed = new float[1];
    ONE.reparameterize(parameters, 0, noise, placed);
    assertThat((double) placed[0]).isCloseTo(2 + Math.E * noise[0], CLOSE);
    float[] drawn = new float[1];
    ONE.sample(parameters, 0, new SeededRandom(4), drawn);
    assertThat(drawn).isEqualTo(placed);
  }

  @Test
  void theModeIsTheMean() {
    float[] actions = new float[4];
    TWO.mode(new float[] {0, 0, 0, 0, 3, -1, 5, 5}, 1, actions);
    assertThat(actions).containsExactly(0, 0, 3, -1);
  }

  @Test
  void refusesWhatHasNoMeaning() {
    assertThatThrownBy(() -> new DiagonalGaussian(0))
        .hasMessage("gaussian size=0: must be at least 1");
    float[] wide = {0, 0, 0, 200};
    assertThatThrownBy(() -> TWO.reparameterize(wide, 0, new float[] {0, 1}, new float[2]))
        .hasMessage(
            "action of row 0, dimension 1=%s: must be finite; no environment could take it"
                .formatted(Math.exp(200)));
    assertThatThrownBy(() -> TWO.mode(new float[] {0, Float.NaN, 0, 0}, 0, new float[2]))
        .hasMessageStartingWith("action of row 0, dimension 1=NaN: must be finite");
  }
}
