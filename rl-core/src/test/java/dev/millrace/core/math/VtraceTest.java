package dev.millrace.core.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.core.Golden;
import dev.millrace.core.math.Vtrace.Clipping;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class VtraceTest {
  private static final double NEVER = Double.POSITIVE_INFINITY;

  /** A batch of trajectories, one after the other. */
  private record Steps(
      float[] logRhos, float[] rT, float[] discountT, float[] vTm1, float[] vT, boolean[] lastT) {

    Vtrace.Targets targets(Clipping clipping) {
      return Vtrace.of(logRhos, rT, discountT, vTm1, vT, lastT, clipping);
    }

    Steps withLogRhos(float[] other) {
      return new Steps(other, rT, discountT, vTm1, vT, lastT);
    }

    int length() {
      return rT.length;
    }
  }

  @Test
  void targetsAreThePublishedOnes() {
    Categorical policy = new Categorical(2);
    for (JsonNode row : Golden.read("policy_learning.json").get("vtrace")) {
      float[] target = Golden.floats(row.get("target_logits"));
      float[] behaviour = Golden.floats(row.get("behaviour_logits"));
      float[] actions = Golden.floats(row.get("actions"));
      float[] values = Golden.floats(row.get("values"));
      int count = values.length;
      float[] logRhos = new float[count];
      for (int t = 0; t < count; t++) {
        logRhos[t] =
            (float)
                (policy.logProbability(target, t, actions)
                    - policy.logProbability(behaviour, t, actions));
      }
      float[] next = Arrays.copyOfRange(values, 1, count + 1);
      next[count - 1] = Golden.floats(row.get("bootstrap_value"))[0];
      Steps steps =
          new Steps(
              logRhos,
              Golden.floats(row.get("rewards")),
              Golden.floats(row.get("discounts")),
              values,
              next,
              new boolean[count]);
      Vtrace.Targets targets = steps.targets(Clipping.ONE);
      float[] expectedVs = Golden.floats(row.get("errors"));
      for (int t = 0; t < count; t++) {
        expectedVs[t] += values[t];
      }
      requireClose(targets.vs(), expectedVs, 1e-5);
      requireClose(targets.advantages(), Golden.floats(row.get("advantages")), 1e-5);
    }
  }

  @Test
  void isTheTableOfTwoSteps() {
    float ln2 = (float) Math.log(2);
    Steps steps =
        new Steps(
            new float[] {-ln2, 2 * ln2},
            new float[] {1, 2},
            new float[] {0.5f, 0.5f},
            new float[] {10, 20},
            new float[] {20, 30},
            new boolean[] {false, true});
    Vtrace.Targets targets = steps.targets(new Clipping(3, 2, 1, 0.5));
    double second = 3 * (2 + 15 - 20);
    double first = 0.5 * (1 + 10 - 10) + 0.5 * 0.5 * 0.5 * second;
    requireClose(targets.vs(), new float[] {(float) (10 + first), (float) (20 + second)}, 1e-6);
    double ahead = 1 + 0.5 * (20 + 0.5 * second) - 10;
    requireClose(targets.advantages(), new float[] {(float) (0.5 * ahead), 2 * -3}, 1e-6);
  }

  @Test
  void targetsAreThoseOfTheSumInThePaper() {
    for (long seed = 0; seed < 100; seed++) {
      Steps steps = random(seed);
      SeededRandom random = SeededRandom.of(seed, "clips");
      double rho = 0.5 + random.nextDouble();
      Clipping clipping =
          new Clipping(
              rho, 0.5 + random.nextDouble(), rho * random.nextDouble(), random.nextDouble());
      requireClose(steps.targets(clipping), direct(steps, clipping));
      requireClose(steps.targets(Clipping.ONE), direct(steps, Clipping.ONE));
    }
  }

  /** Equation 1 and section 4.2, every sum and product written out. */
  private static Vtrace.Targets direct(Steps steps, Clipping clipping) {
    int count = steps.length();
    double[] vs = new double[count];
    for (int s = 0; s < count; s++) {
      vs[s] = steps.vTm1[s];
      for (int t = s; t < count; t++) {
        double product = 1;
        for (int i = s; i < t; i++) {
          double c = clipping.lambda() * Math.min(clipping.c(), Math.exp(steps.logRhos[i]));
          product *= steps.discountT[i] * c;
        }
        double rho = Math.min(clipping.rho(), Math.exp(steps.logRhos[t]));
        double delta = steps.rT[t] + (double) steps.discountT[t] * steps.vT[t] - steps.vTm1[t];
        vs[s] += product * rho * delta;
        if (steps.lastT[t]) {
          break;
        }
      }
    }
    float[] advantages = new float[count];
    float[] targets = new float[count];
    for (int s = 0; s < count; s++) {
      boolean last = s == count - 1 || steps.lastT[s];
      double lambda = clipping.lambda();
      double follows = last ? steps.vT[s] : lambda * vs[s + 1] + (1 - lambda) * steps.vT[s];
      double rho = Math.min(clipping.policyGradientRho(), Math.exp(steps.logRhos[s]));
      advantages[s] = (float) (rho * (steps.rT[s] + steps.discountT[s] * follows - steps.vTm1[s]));
      targets[s] = (float) vs[s];
    }
    return new Vtrace.Targets(targets, advantages);
  }

  @Test
  void onPolicyTargetsAreLambdaReturnsAndAdvantagesThoseOfGae() {
    for (long seed = 0; seed < 50; seed++) {
      Steps steps = random(seed);
      Steps onPolicy = steps.withLogRhos(new float[steps.length()]);
      for (double lambda : new double[] {0, 0.7, 1}) {
        Vtrace.Targets targets = onPolicy.targets(new Clipping(1, 1, 1, lambda));
        float[] returns = Returns.lambda(steps.rT, steps.discountT, steps.vT, steps.lastT, lambda);
        requireClose(targets.vs(), returns, 1e-5);
        float[] advantages =
            Returns.advantages(
                steps.rT, steps.discountT, steps.vTm1, steps.vT, steps.lastT, lambda);
        requireClose(targets.advantages(), advantages, 1e-5);
      }
      float[] nStep =
          Returns.nStep(steps.rT, steps.discountT, steps.vT, steps.lastT, steps.length());
      requireClose(onPolicy.targets(Clipping.ONE).vs(), nStep, 1e-5);
    }
  }

  @Test
  void aTraceOfNothingLeavesOneStep() {
    Steps steps = random(1);
    Vtrace.Targets targets = steps.targets(new Clipping(NEVER, NEVER, 0, 1));
    for (int t = 0; t < steps.length(); t++) {
      double delta = steps.rT[t] + (double) steps.discountT[t] * steps.vT[t] - steps.vTm1[t];
      double expected = steps.vTm1[t] + Math.exp(steps.logRhos[t]) * delta;
      assertThat((double) targets.vs()[t]).isCloseTo(expected, Offset.offset(1e-5));
    }
  }

  @Test
  void trajectoriesDoNotSeeEachOther() {
    Steps steps = random(2);
    int cut = 0;
    while (!steps.lastT[cut]) {
      cut++;
    }
    assertThat(cut).isLessThan(steps.length() - 1);
    Vtrace.Targets before = steps.targets(Clipping.ONE);
    steps.rT[cut + 1] += 100;
    Vtrace.Targets after = steps.targets(Clipping.ONE);
    assertThat(Arrays.copyOf(after.vs(), cut + 1)).isEqualTo(Arrays.copyOf(before.vs(), cut + 1));
    assertThat(Arrays.copyOf(after.advantages(), cut + 1))
        .isEqualTo(Arrays.copyOf(before.advantages(), cut + 1));
    assertThat(after.vs()[cut + 1]).isNotEqualTo(before.vs()[cut + 1]);
  }

  @Test
  void nothingFollowsATerminalState() {
    float[] one = {1};
    Vtrace.Targets targets =
        Vtrace.of(
            new float[1],
            one,
            new float[1],
            new float[] {4},
            new float[] {Float.NaN},
            new boolean[] {true},
            Clipping.ONE);
    assertThat(targets.vs()).containsExactly(1);
    assertThat(targets.advantages()).containsExactly(-3);
  }

  @Test
  void whatIsNotANumberShows() {
    for (int which = 0; which < 4; which++) {
      Steps steps = random(3);
      float[][] inputs = {steps.logRhos, steps.rT, steps.vTm1, steps.vT};
      Arrays.fill(steps.discountT, 0.5f);
      inputs[which][1] = Float.NaN;
      Vtrace.Targets targets = steps.targets(Clipping.ONE);
      assertThat(targets.vs()[1]).isNaN();
      assertThat(targets.advantages()[1]).isNaN();
    }
  }

  @Test
  void refusesWhatHasNoMeaning() {
    assertThatThrownBy(() -> new Clipping(0, 1, 0, 1))
        .hasMessage("rho clip=0.0: must be greater than 0");
    assertThatThrownBy(() -> new Clipping(1, Double.NaN, 1, 1))
        .hasMessage("policy gradient rho clip=NaN: must be greater than 0");
    assertThatThrownBy(() -> new Clipping(1, 1, 2, 1))
        .hasMessage("c clip=2.0: must be at least 0 and at most the rho clip, 1.0");
    assertThatThrownBy(() -> new Clipping(1, 1, 1, 1.5))
        .hasMessage("lambda=1.5: must be between 0 and 1");
    float[] two = new float[2];
    float[] one = new float[1];
    boolean[] last = new boolean[2];
    assertThatThrownBy(() -> Vtrace.of(one, two, two, two, two, last, Clipping.ONE))
        .hasMessage("logRhos has 1 entries: must have 2, one for each step in rT");
    assertThatThrownBy(() -> Vtrace.of(two, two, one, two, two, last, Clipping.ONE))
        .hasMessage("discountT has 1 entries: must have 2, one for each step in rT");
    assertThatThrownBy(() -> Vtrace.of(two, two, two, one, two, last, Clipping.ONE))
        .hasMessage("vTm1 has 1 entries: must have 2, one for each step in rT");
    assertThatThrownBy(() -> Vtrace.of(two, two, two, two, one, last, Clipping.ONE))
        .hasMessage("vT has 1 entries: must have 2, one for each step in rT");
    assertThatThrownBy(() -> Vtrace.of(two, two, two, two, two, new boolean[1], Clipping.ONE))
        .hasMessage("lastT has 1 entries: must have 2, one for each step in rT");
  }

  /** Several trajectories, terminated and cut, the last one without a mark. */
  private static Steps random(long seed) {
    SeededRandom random = new SeededRandom(seed);
    int count = 12;
    Steps steps =
        new Steps(
            new float[count],
            new float[count],
            new float[count],
            new float[count],
            new float[count],
            new boolean[count]);
    for (int t = 0; t < count; t++) {
      steps.logRhos[t] = (float) random.nextGaussian();
      steps.rT[t] = (float) random.nextGaussian();
      steps.vTm1[t] = (float) random.nextGaussian();
      boolean terminated = t % 5 == 4 && random.nextBoolean();
      steps.discountT[t] = terminated ? 0 : 0.8f + 0.2f * random.nextFloat();
      steps.lastT[t] = t % 5 == 4;
    }
    for (int t = 0; t < count; t++) {
      boolean last = steps.lastT[t] || t == count - 1;
      steps.vT[t] = last ? (float) random.nextGaussian() : steps.vTm1[t + 1];
    }
    return steps;
  }

  private static void requireClose(Vtrace.Targets actual, Vtrace.Targets expected) {
    requireClose(actual.vs(), expected.vs(), 1e-5);
    requireClose(actual.advantages(), expected.advantages(), 1e-5);
  }

  private static void requireClose(float[] actual, float[] expected, double tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int t = 0; t < expected.length; t++) {
      assertThat((double) actual[t])
          .as("step %d", t)
          .isCloseTo(expected[t], Offset.offset(tolerance * (1 + Math.abs(expected[t]))));
    }
  }
}
