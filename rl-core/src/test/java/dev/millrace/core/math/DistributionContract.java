package dev.millrace.core.math;

import static dev.millrace.core.math.FiniteDifferences.assertGradient;
import static dev.millrace.core.math.FiniteDifferences.point;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** What every {@link Distribution} must do. */
abstract class DistributionContract {
  private static final int ROWS = 3;
  private static final int DRAWS = 40_000;
  private static final double TOLERANCE = 1e-5;

  abstract Distribution distribution();

  @Test
  void theGradientOfTheLogProbabilityIsThatOfFiniteDifferences() {
    Distribution family = distribution();
    for (long seed = 0; seed < 20; seed++) {
      float[] parameters = parameters(seed);
      float[] actions = actions(parameters, seed);
      float[] gradients = new float[parameters.length];
      family.addLogProbabilityGradient(parameters, 1, actions, -1.75, gradients);
      assertGradient(
          gradients, parameters, TOLERANCE, p -> -1.75 * family.logProbability(p, 1, actions));
    }
  }

  @Test
  void theGradientOfTheEntropyIsThatOfFiniteDifferences() {
    Distribution family = distribution();
    for (long seed = 0; seed < 20; seed++) {
      float[] parameters = parameters(seed);
      float[] gradients = new float[parameters.length];
      family.addEntropyGradient(parameters, 1, 0.625, gradients);
      assertGradient(gradients, parameters, TOLERANCE, p -> 0.625 * family.entropy(p, 1));
    }
  }

  @Test
  void theGradientOfTheDivergenceIsThatOfFiniteDifferences() {
    Distribution family = distribution();
    for (long seed = 0; seed < 20; seed++) {
      float[] p = parameters(seed);
      float[] q = parameters(seed + 100);
      float[] gradients = new float[q.length];
      family.addKlGradient(p, q, 1, 2.5, gradients);
      assertGradient(gradients, q, TOLERANCE, moved -> 2.5 * family.kl(p, moved, 1));
    }
  }

  @Test
  void gradientsAreAddedToWhatIsThere() {
    Distribution family = distribution();
    float[] p = parameters(1);
    float[] q = parameters(2);
    float[] actions = actions(p, 1);
    float[] once = new float[p.length];
    family.addLogProbabilityGradient(p, 2, actions, 1, once);
    family.addEntropyGradient(p, 2, 1, once);
    family.addKlGradient(q, p, 2, 1, once);
    float[] twice = once.clone();
    family.addLogProbabilityGradient(p, 2, actions, 1, twice);
    family.addEntropyGradient(p, 2, 1, twice);
    family.addKlGradient(q, p, 2, 1, twice);
    assertThat(once).isNotEqualTo(new float[p.length]);
    for (int i = 0; i < once.length; i++) {
      assertThat(twice[i]).isCloseTo(2 * once[i], Offset.offset(1e-5f));
    }
  }

  @Test
  void theEntropyIsTheMeanSurpriseOfWhatIsDrawn() {
    Distribution family = distribution();
    float[] parameters = parameters(3);
    SeededRandom random = new SeededRandom(4);
    float[] actions = new float[ROWS * family.actionSize()];
    double sum = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      family.sample(parameters, 1, random, actions);
      sum -= family.logProbability(parameters, 1, actions);
    }
    assertThat(sum / DRAWS).isCloseTo(family.entropy(parameters, 1), Offset.offset(0.02));
  }

  @Test
  void theDivergenceIsWhatItsEstimatorEstimates() {
    Distribution family = distribution();
    float[] p = parameters(5);
    float[] q = p.clone();
    for (int i = 0; i < q.length; i++) {
      q[i] += i % 3 == 0 ? 0.25f : -0.125f;
    }
    SeededRandom random = new SeededRandom(6);
    float[] actions = new float[ROWS * family.actionSize()];
    float[] logP = new float[DRAWS];
    float[] logQ = new float[DRAWS];
    for (int draw = 0; draw < DRAWS; draw++) {
      family.sample(p, 1, random, actions);
      logP[draw] = (float) family.logProbability(p, 1, actions);
      logQ[draw] = (float) family.logProbability(q, 1, actions);
    }
    double estimate =
        PolicyLosses.clippedSurrogate(logQ, logP, new float[DRAWS], 0.2).approximateKl();
    double exact = family.kl(p, q, 1);
    assertThat(exact).isGreaterThan(0.01);
    assertThat(estimate).isCloseTo(exact, Offset.offset(0.03 * exact));
  }

  @Test
  void theDivergenceIsNothingFromItselfAndPositiveFromOthers() {
    Distribution family = distribution();
    for (long seed = 0; seed < 50; seed++) {
      float[] p = parameters(seed);
      assertThat(family.kl(p, p, 0)).isCloseTo(0, Offset.offset(1e-12));
      assertThat(family.kl(p, parameters(seed + 100), 0)).isGreaterThan(0);
    }
  }

  @Test
  void theModeIsAtLeastAsProbableAsAnythingDrawn() {
    Distribution family = distribution();
    for (long seed = 0; seed < 50; seed++) {
      float[] parameters = parameters(seed);
      float[] mode = actions(parameters, seed);
      double drawn = family.logProbability(parameters, 2, mode);
      family.mode(parameters, 2, mode);
      assertThat(family.logProbability(parameters, 2, mode)).isGreaterThanOrEqualTo(drawn);
    }
  }

  @Test
  void whatIsDrawnDependsOnTheGeneratorsStateAlone() {
    Distribution family = distribution();
    float[] parameters = parameters(7);
    float[] first = actions(parameters, 8);
    assertThat(actions(parameters, 8)).isEqualTo(first);
    boolean differs = false;
    for (long seed = 9; seed < 30; seed++) {
      differs |= !Arrays.equals(actions(parameters, seed), first);
    }
    assertThat(differs).isTrue();
    float[] oneRow = new float[first.length];
    family.sample(parameters, 0, new SeededRandom(8), oneRow);
    int size = family.actionSize();
    assertThat(Arrays.copyOf(oneRow, size)).isEqualTo(Arrays.copyOf(first, size));
    assertThat(Arrays.copyOfRange(oneRow, size, oneRow.length)).containsOnly(0);
  }

  @Test
  void whatIsNotFiniteShows() {
    Distribution family = distribution();
    float[] good = parameters(1);
    float[] actions = actions(good, 1);
    for (int i = family.parameters(); i < 2 * family.parameters(); i++) {
      float[] bad = good.clone();
      bad[i] = Float.NaN;
      assertThat(family.logProbability(bad, 1, actions)).isNaN();
      assertThat(family.kl(bad, good, 1)).isNaN();
      assertThat(family.kl(good, bad, 1)).isNaN();
      float[] gradients = new float[good.length];
      family.addLogProbabilityGradient(bad, 1, actions, 1, gradients);
      assertThat(anyNaN(gradients)).isTrue();
      assertThat(family.logProbability(bad, 0, actions)).as("its neighbour").isFinite();
    }
    float[] bad = good.clone();
    Arrays.fill(bad, family.parameters(), 2 * family.parameters(), Float.NaN);
    assertThat(family.entropy(bad, 1)).isNaN();
    assertThatThrownBy(() -> family.sample(bad, 1, new SeededRandom(1), actions))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of row 1");
    assertThatThrownBy(() -> family.mode(bad, 1, actions))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of row 1");
  }

  @Test
  void checksShapesFirst() {
    Distribution family = distribution();
    int size = family.parameters();
    float[] actions = new float[family.actionSize()];
    SeededRandom random = new SeededRandom(1);
    assertThatThrownBy(() -> family.logProbability(new float[size + 1], 0, actions))
        .hasMessage(
            "parameters has %d entries: must be a multiple of %d, so many to a row"
                .formatted(size + 1, size));
    assertThatThrownBy(() -> family.sample(new float[2 * size], 1, random, actions))
        .hasMessage("row=1: actions has only 1");
    assertThatThrownBy(() -> family.mode(new float[size], -1, actions))
        .hasMessageStartingWith("row=-1: ");
    assertThatThrownBy(() -> family.kl(new float[size], new float[0], 0))
        .hasMessage("row=0: q has only 0");
    assertThatThrownBy(() -> family.addEntropyGradient(new float[size], 0, 1, new float[0]))
        .hasMessage("row=0: gradients has only 0");
  }

  private static boolean anyNaN(float[] values) {
    for (float value : values) {
      if (Float.isNaN(value)) {
        return true;
      }
    }
    return false;
  }

  private float[] parameters(long seed) {
    return point(SeededRandom.of(seed, "parameters"), ROWS * distribution().parameters(), 0.75);
  }

  private float[] actions(float[] parameters, long seed) {
    float[] actions = new float[ROWS * distribution().actionSize()];
    SeededRandom random = new SeededRandom(seed);
    for (int row = 0; row < ROWS; row++) {
      distribution().sample(parameters, row, random, actions);
    }
    return actions;
  }
}
