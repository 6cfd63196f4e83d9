package dev.millrace.core.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.core.Golden;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ReturnsTest {
  private static final Offset<Double> NEAR = Offset.offset(1e-5);
  private static final boolean[] ONE_EPISODE = {false, false, true};

  @Test
  void lambdaReturnsAreTheGoldenOnes() {
    JsonNode golden = Golden.read("returns.json");
    for (String kind : new String[] {"gae", "episodic"}) {
      for (JsonNode row : golden.get(kind)) {
        float[] rewards = Golden.floats(row.get("rew"));
        boolean[] terminated = Golden.truths(row.get("terminated"));
        boolean[] last = Golden.truths(row.get("truncated"));
        float[] discounts = new float[rewards.length];
        for (int t = 0; t < rewards.length; t++) {
          discounts[t] = terminated[t] ? 0 : (float) row.get("gamma").asDouble();
          last[t] |= terminated[t];
        }
        float[] values =
            row.has("v_next") ? Golden.floats(row.get("v_next")) : new float[rewards.length];
        float[] returns =
            Returns.lambda(rewards, discounts, values, last, row.get("lam").asDouble());
        float[] expected = Golden.floats(row.get("returns"));
        for (int t = 0; t < rewards.length; t++) {
          assertThat(returns[t]).as("%s %d", kind, t).isCloseTo(expected[t], Offset.offset(1e-3f));
        }
      }
    }
  }

  @Test
  void lambdaMixesTheValueWithWhatFollows() {
    float[] returns =
        Returns.lambda(
            new float[] {1, 2, 3},
            new float[] {0.5f, 0.5f, 0.5f},
            new float[] {10, 20, 30},
            ONE_EPISODE,
            0.25);
    float third = 3 + 0.5f * 30;
    float second = 2 + 0.5f * (0.75f * 20 + 0.25f * third);
    assertThat(returns).containsExactly(1 + 0.5f * (0.75f * 10 + 0.25f * second), second, third);
  }

  @Test
  void advantagesAreLambdaReturnsLessTheValue() {
    float[] ones = {1, 1, 1};
    float[] returns = Returns.lambda(ones, ones, ones, ONE_EPISODE, 0.5);
    float[] advantages =
        Returns.advantages(ones, ones, new float[] {5, 6, 7}, ones, ONE_EPISODE, 0.5);
    assertThat(advantages).containsExactly(returns[0] - 5, returns[1] - 6, returns[2] - 7);
  }

  /** Schulman et al. 2016, eq. 16: sums of temporal differences until the episode ends. */
  @Test
  void advantagesBootstrapWhereAnEpisodeIsCutAndNotWhereItTerminates() {
    float[] rewards = {1, 2, 3, 4, 5};
    float[] discounts = {0.5f, 0.5f, 0.5f, 0, 0.5f};
    float[] values = {10, 20, 30, 40, 50};
    float[] next = {20, 7, 40, Float.NaN, 9};
    boolean[] last = {false, true, false, true, false};
    double lambda = 0.25;
    double cut = 2 + 0.5 * 7 - 20;
    double terminated = 4 - 40;
    double[] expected = {
      1 + 0.5 * 20 - 10 + 0.5 * lambda * cut,
      cut,
      3 + 0.5 * 40 - 30 + 0.5 * lambda * terminated,
      terminated,
      5 + 0.5 * 9 - 50,
    };
    float[] advantages = Returns.advantages(rewards, discounts, values, next, last, lambda);
    for (int t = 0; t < expected.length; t++) {
      assertThat((double) advantages[t]).as("step %d", t).isCloseTo(expected[t], NEAR);
    }
  }

  @Test
  void nStepTakesTheValueAfterNStepsOrAtTheEnd() {
    float[] returns =
        Returns.nStep(
            new float[] {1, 2, 3, 4},
            new float[] {0.5f, 0.5f, 0.5f, 0.5f},
            new float[] {10, 20, 30, 40},
            new boolean[] {false, false, true, false},
            2);
    assertThat(returns)
        .containsExactly(1 + 0.5f * 2 + 0.25f * 20, 2 + 0.5f * 3 + 0.25f * 30, 3 + 15, 4 + 20);
  }

  @Property(tries = 200, seed = "1")
  void lambdaZeroIsOneStepAndLambdaOneIsAllSteps(
      @ForAll @IntRange(min = 1, max = 12) int length, @ForAll long seed) {
    SeededRandom random = new SeededRandom(seed);
    float[] r = new float[length];
    float[] d = new float[length];
    float[] v = new float[length];
    boolean[] last = new boolean[length];
    for (int t = 0; t < length; t++) {
      r[t] = random.nextFloat();
      d[t] = random.nextInt(5) == 0 ? 0 : random.nextFloat();
      v[t] = random.nextFloat();
      last[t] = d[t] == 0 || random.nextInt(5) == 0;
    }
    assertClose(Returns.lambda(r, d, v, last, 0), Returns.nStep(r, d, v, last, 1));
    assertClose(Returns.lambda(r, d, v, last, 1), Returns.nStep(r, d, v, last, length));
  }

  @Test
  void nothingFollowsATerminalState() {
    float[] one = {1};
    float[] zero = {0};
    float[] notFinite = {Float.NaN};
    boolean[] last = {true};
    assertThat(Returns.lambda(one, zero, notFinite, last, 0.5)).containsExactly(1);
    assertThat(Returns.nStep(one, zero, notFinite, last, 3)).containsExactly(1);
  }

  @Test
  void refusesWhatDoesNotFit() {
    float[] two = new float[2];
    assertThatThrownBy(() -> Returns.lambda(two, new float[3], two, new boolean[2], 1))
        .hasMessage("discountT has 3 entries: must have 2, one for each step in rT");
    assertThatThrownBy(() -> Returns.lambda(two, two, new float[1], new boolean[2], 1))
        .hasMessage("vT has 1 entries: must have 2, one for each step in rT");
    assertThatThrownBy(() -> Returns.nStep(two, two, two, new boolean[0], 1))
        .hasMessage("lastT has 0 entries: must have 2, one for each step in rT");
    assertThatThrownBy(() -> Returns.advantages(two, two, new float[4], two, new boolean[2], 1))
        .hasMessage("vTm1 has 4 entries: must have 2, one for each step in rT");
    assertThatThrownBy(() -> Returns.lambda(two, two, two, new boolean[2], 1.5))
        .hasMessage("lambda=1.5: must be between 0 and 1");
    assertThatThrownBy(() -> Returns.nStep(two, two, two, new boolean[2], 0))
        .hasMessage("n=0 steps: must be at least 1");
  }

  private static void assertClose(float[] actual, float[] expected) {
    for (int t = 0; t < expected.length; t++) {
      assertThat(actual[t]).as("step %d", t).isCloseTo(expected[t], Offset.offset(1e-5f));
    }
  }
}
