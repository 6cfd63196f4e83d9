package dev.millrace.core.math;

import static dev.millrace.core.math.FiniteDifferences.assertGradient;
import static dev.millrace.core.math.FiniteDifferences.point;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.core.Golden;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PolicyLossesTest {
  private static final JsonNode GOLDEN = Golden.read("policy_learning.json");
  private static final Categorical POLICY = new Categorical(3);
  private static final Offset<Double> CLOSE = Offset.offset(1e-6);

  @Test
  void policyGradientsAreThePublishedOnes() {
    for (JsonNode row : GOLDEN.get("policy_gradient")) {
      float[] advantages = Golden.floats(row.get("advantages"));
      float[] weights = Golden.floats(row.get("weights"));
      for (int i = 0; i < advantages.length; i++) {
        advantages[i] *= weights[i];
      }
      float[] log = logProbabilities(row.get("logits"), row.get("actions"));
      assertThat(PolicyLosses.policyGradient(log, advantages).value())
          .isCloseTo(row.get("loss").get(0).asDouble(), CLOSE);
    }
  }

  @Test
  void entropiesAreThePublishedOnes() {
    for (JsonNode row : GOLDEN.get("entropy")) {
      float[] logits = Golden.floats(row.get("logits"));
      float[] weights = Golden.floats(row.get("weights"));
      double loss = 0;
      for (int i = 0; i < weights.length; i++) {
        loss -= weights[i] * POLICY.entropy(logits, i) / weights.length;
      }
      assertThat(loss).isCloseTo(row.get("loss").get(0).asDouble(), Offset.offset(1e-5));
    }
  }

  @Test
  void clippedSurrogatesAreThePublishedOnes() {
    for (JsonNode row : GOLDEN.get("clipped_surrogate")) {
      PolicyLosses.Surrogate surrogate =
          PolicyLosses.clippedSurrogate(
              logProbabilities(row.get("logits"), row.get("actions")),
              logProbabilities(row.get("behaviour_logits"), row.get("actions")),
              Golden.floats(row.get("advantages")),
              row.get("clip").get(0).asDouble());
      assertThat(surrogate.loss().value())
          .as("published in single precision; the first is -(0.5 + exp(-2)/10)/3 = -0.17117785")
          .isCloseTo(row.get("loss").get(0).asDouble(), Offset.offset(1e-5));
    }
  }

  @Test
  void theGradientOfThePolicyGradientIsThatOfFiniteDifferences() {
    SeededRandom random = new SeededRandom(1);
    float[] log = point(random, 5, 1);
    float[] advantages = point(random, 5, 2);
    assertGradient(
        PolicyLosses.policyGradient(log, advantages).gradient(),
        log,
        1e-6,
        moved -> PolicyLosses.policyGradient(moved, advantages).value());
  }

  @Test
  void theSurrogateIsTheTableOfBothSidesAndBothSigns() {
    float[] ratios = {1.5f, 1.5f, 0.5f, 0.5f, 1.125f, 1.125f};
    float[] advantages = {2, -2, 2, -2, 2, -2};
    double[] taken = {1.25 * 2, 1.5 * -2, 0.5 * 2, 0.75 * -2, 1.125 * 2, 1.125 * -2};
    double[] slopes = {0, 1.5 * -2, 0.5 * 2, 0, 1.125 * 2, 1.125 * -2};
    for (int i = 0; i < 6; i++) {
      float[] log = {(float) Math.log(ratios[i]) - 1};
      PolicyLosses.Surrogate surrogate =
          PolicyLosses.clippedSurrogate(log, new float[] {-1}, new float[] {advantages[i]}, 0.25);
      assertThat(surrogate.loss().value()).as("ratio %s", i).isCloseTo(-taken[i], CLOSE);
      assertThat((double) surrogate.loss().gradient()[0]).isCloseTo(-slopes[i], CLOSE);
      assertThat(surrogate.clipFraction()).isEqualTo(i < 4 ? 1 : 0);
      assertThat(surrogate.approximateKl()).isCloseTo(ratios[i] - 1 - Math.log(ratios[i]), CLOSE);
    }
  }

  @Test
  void theGradientOfTheSurrogateIsThatOfFiniteDifferencesOnBothSidesOfTheClip() {
    float[] log = {0.5f, 0.5f, -0.5f, -0.5f, 0.125f, -0.125f, 0, 0};
    float[] behaviour = {0, 0, 0, 0, 0.0625f, 0, 0, -2};
    float[] advantages = {1.5f, -1.5f, 1.5f, -1.5f, 3, -3, 1, -0.5f};
    PolicyLosses.Surrogate surrogate =
        PolicyLosses.clippedSurrogate(log, behaviour, advantages, 0.2);
    assertThat(surrogate.clipFraction()).isEqualTo(5.0 / 8);
    float[] gradient = surrogate.loss().gradient();
    assertThat(gradient[0]).isZero();
    assertThat(gradient[3]).isZero();
    for (int i : new int[] {1, 2, 4, 5, 6, 7}) {
      assertThat(gradient[i]).as("step %d", i).isNotZero();
    }
    assertGradient(
        gradient,
        log,
        1e-6,
        moved -> PolicyLosses.clippedSurrogate(moved, behaviour, advantages, 0.2).loss().value());
  }

  @Test
  void whatDidNotMoveIsThePolicyGradient() {
    float[] log = {-1, -2, -0.5f};
    float[] advantages = {1, -2, 3};
    PolicyLosses.Surrogate surrogate = PolicyLosses.clippedSurrogate(log, log, advantages, 0.2);
    assertThat(surrogate.loss().gradient())
        .isEqualTo(PolicyLosses.policyGradient(log, advantages).gradient());
    assertThat(surrogate.loss().value()).isCloseTo(-2.0 / 3, CLOSE);
    assertThat(surrogate.clipFraction()).isZero();
    assertThat(surrogate.approximateKl()).isZero();
  }

  @Test
  void theApproximateDivergenceOfSmallStepsIsNotLostToRounding() {
    float step = 1e-6f / 3;
    PolicyLosses.Surrogate surrogate =
        PolicyLosses.clippedSurrogate(new float[] {step}, new float[1], new float[] {1}, 0.2);
    double exact = step * (double) step / 2;
    assertThat(surrogate.approximateKl()).isCloseTo(exact, Offset.offset(1e-5 * exact));
  }

  @Test
  void lossesReachTheNetworksOutputs() {
    for (long seed = 0; seed < 10; seed++) {
      SeededRandom random = new SeededRandom(seed);
      float[] logits = point(random, 12, 1);
      float[] actions = {0, 2, 1, 2};
      float[] advantages = point(random, 4, 1);
      float[] behaviour = logProbabilities(point(random, 12, 1), actions);
      float[] outputs = new float[12];
      float[] slopes = surrogate(logits, actions, behaviour, advantages).gradient();
      for (int row = 0; row < 4; row++) {
        POLICY.addLogProbabilityGradient(logits, row, actions, slopes[row], outputs);
      }
      assertGradient(
          outputs, logits, 1e-4, moved -> surrogate(moved, actions, behaviour, advantages).value());
    }
  }

  private static Losses.Loss surrogate(
      float[] logits, float[] actions, float[] behaviour, float[] advantages) {
    float[] log = logProbabilities(logits, actions);
    return PolicyLosses.clippedSurrogate(log, behaviour, advantages, 1e6).loss();
  }

  @Test
  void whatIsNotFiniteShows() {
    float[] good = {0.1f, 0.2f};
    for (int which = 0; which < 3; which++) {
      float[][] inputs = {good.clone(), good.clone(), good.clone()};
      inputs[which][1] = Float.NaN;
      PolicyLosses.Surrogate surrogate =
          PolicyLosses.clippedSurrogate(inputs[0], inputs[1], inputs[2], 0.2);
      assertThat(surrogate.loss().value()).isNaN();
      assertThat(surrogate.loss().gradient()[1]).isNaN();
      assertThat(surrogate.loss().gradient()[0]).isFinite();
      if (which < 2) {
        assertThat(surrogate.approximateKl()).isNaN();
      }
    }
    float[] bad = {Float.NaN, 1};
    assertThat(PolicyLosses.policyGradient(good, bad).value()).isNaN();
    assertThat(PolicyLosses.policyGradient(good, bad).gradient()[0]).isNaN();
    assertThat(PolicyLosses.policyGradient(bad, good).value()).isNaN();
  }

  @Test
  void refusesWhatHasNoMeaning() {
    float[] two = new float[2];
    float[] three = new float[3];
    assertThatThrownBy(() -> PolicyLosses.policyGradient(two, three))
        .hasMessage("advantages has 3 entries: must have 2, one for each log-probability");
    assertThatThrownBy(() -> PolicyLosses.policyGradient(new float[0], new float[0]))
        .hasMessage("logProbabilities has 0 entries: a mean needs at least 1");
    assertThatThrownBy(() -> PolicyLosses.clippedSurrogate(two, three, two, 0.2))
        .hasMessage(
            "behaviourLogProbabilities has 3 entries: must have 2, one for each log-probability");
    assertThatThrownBy(() -> PolicyLosses.clippedSurrogate(two, two, three, 0.2))
        .hasMessage("advantages has 3 entries: must have 2, one for each log-probability");
    assertThatThrownBy(() -> PolicyLosses.clippedSurrogate(two, two, two, 0))
        .hasMessage("clip=0.0: must be greater than 0");
  }

  private static float[] logProbabilities(JsonNode logits, JsonNode actions) {
    return logProbabilities(Golden.floats(logits), Golden.floats(actions));
  }

  private static float[] logProbabilities(float[] logits, float[] actions) {
    float[] log = new float[actions.length];
    for (int row = 0; row < actions.length; row++) {
      log[row] = (float) POLICY.logProbability(logits, row, actions);
    }
    return log;
  }
}
