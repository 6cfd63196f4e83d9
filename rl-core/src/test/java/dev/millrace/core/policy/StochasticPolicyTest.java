package dev.millrace.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.math.Categorical;
import dev.millrace.core.math.DiagonalGaussian;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.ForwardPass;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.NetworkSpec.Activation;
import dev.millrace.core.network.NetworkSpec.Dense;
import dev.millrace.core.network.NetworkSpec.Head;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StochasticPolicyTest {
  private static final List<Dense> HIDDEN = List.of(new Dense(8, Activation.TANH));
  private static final Space.Box OBSERVATIONS = Space.Box.symmetric(3, 10);
  private static final Categorical CHOICES = new Categorical(4);
  private static final NetworkSpec CHOOSING = new NetworkSpec(3, HIDDEN, Head.LINEAR, 4);
  private static final EnvironmentSpec DISCRETE =
      new EnvironmentSpec("discrete", OBSERVATIONS, new Space.Discrete(4), 10);
  private static final DiagonalGaussian GAUSSIAN = new DiagonalGaussian(2);
  private static final NetworkSpec AIMING = new NetworkSpec(3, HIDDEN, Head.GAUSSIAN, 4);
  private static final Space.Box BOX = Space.Box.symmetric(2, 0.5f);
  private static final EnvironmentSpec CONTINUOUS =
      new EnvironmentSpec("continuous", OBSERVATIONS, BOX, 10);

  private static StochasticPolicy choosing() {
    return installed(new StochasticPolicy(CHOOSING, CHOICES, ActionMap.SAME, null), CHOOSING);
  }

  private static StochasticPolicy aiming(double correlation) {
    CorrelatedNoise noise = correlation == 0 ? null : new CorrelatedNoise(GAUSSIAN, correlation);
    return installed(new StochasticPolicy(AIMING, GAUSSIAN, ActionMap.clipped(BOX), noise), AIMING);
  }

  private static StochasticPolicy installed(StochasticPolicy policy, NetworkSpec network) {
    policy.install(parameters(network));
    return policy;
  }

  private static float[] parameters(NetworkSpec network) {
    return randoms(network.parameterCount(), 11);
  }

  private static float[] randoms(int count, long seed) {
    SeededRandom random = new SeededRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static ActingBatch batch(Policy policy, EnvironmentSpec spec, int count) {
    ActingBatch batch = new ActingBatch(count, spec, policy);
    batch.count = count;
    System.arraycopy(randoms(3 * count, 5), 0, batch.observations, 0, 3 * count);
    for (int row = 0; row < count; row++) {
      batch.randoms[row] = new SeededRandom(100 + row);
    }
    return batch;
  }

  private static float[] outputs(NetworkSpec network, ActingBatch batch) {
    ForwardPass pass = ForwardPass.of(network, batch.count);
    pass.parameters(parameters(network));
    float[] outputs = new float[batch.count * network.outputs()];
    pass.forward(batch.observations, batch.count, outputs);
    return outputs;
  }

  @Test
  void choicesAreAnnotatedWithThemselvesAndTheirLogProbability() {
    StochasticPolicy policy = choosing();
    ActingBatch batch = batch(policy, DISCRETE, 50);
    policy.act(batch);
    assertThat(policy.annotationSize()).isEqualTo(2);
    float[] outputs = outputs(CHOOSING, batch);
    for (int row = 0; row < 50; row++) {
      assertThat(batch.actions[row]).isIn(0f, 1f, 2f, 3f);
      assertThat(batch.annotations[2 * row]).isEqualTo(batch.actions[row]);
      assertThat(batch.annotations[2 * row + 1])
          .isCloseTo((float) CHOICES.logProbability(outputs, row, batch.actions), within(1e-5f));
    }
    assertThat(distinct(batch.actions)).as("it explores").isGreaterThan(2);
  }

  private static long distinct(float[] values) {
    return List.of(boxed(values)).stream().distinct().count();
  }

  private static Float[] boxed(float[] values) {
    Float[] boxed = new Float[values.length];
    Arrays.setAll(boxed, i -> values[i]);
    return boxed;
  }

  @Test
  void gaussianActionsAreAnnotatedAsTheyWereDrawnBeforeTheyAreClipped() {
    StochasticPolicy policy = aiming(0);
    ActingBatch batch = batch(policy, CONTINUOUS, 20);
    policy.act(batch);
    float[] outputs = outputs(AIMING, batch);
    int clipped = 0;
    for (int row = 0; row < 20; row++) {
      float[] raw = Arrays.copyOfRange(batch.annotations, 3 * row, 3 * row + 2);
      float[] ofRow = Arrays.copyOfRange(outputs, 4 * row, 4 * row + 4);
      assertThat(batch.annotations[3 * row + 2])
          .isCloseTo((float) GAUSSIAN.logProbability(ofRow, 0, raw), within(1e-4f));
      for (int i = 0; i < 2; i++) {
        assertThat(batch.actions[2 * row + i]).isEqualTo(Math.max(-0.5f, Math.min(0.5f, raw[i])));
        clipped += Math.abs(raw[i]) > 0.5 ? 1 : 0;
      }
    }
    assertThat(clipped).isPositive();
  }

  @Test
  void greedyIsTheModeAndDrawsNothing() {
    StochasticPolicy policy = choosing();
    ActingBatch batch = batch(policy, DISCRETE, 20);
    batch.greedy = true;
    policy.act(batch);
    float[] outputs = outputs(CHOOSING, batch);
    float[] mode = new float[20];
    for (int row = 0; row < 20; row++) {
      CHOICES.mode(outputs, row, mode);
      assertThat(batch.randoms[row].state()).isEqualTo(100 + row);
    }
    assertThat(batch.actions).isEqualTo(mode);
  }

  @Test
  void greedyGaussianActionsAreTheMeansAndLeaveTheNoiseAlone() {
    StochasticPolicy policy = aiming(0.9);
    ActingBatch batch = batch(policy, CONTINUOUS, 2);
    batch.greedy = true;
    policy.act(batch);
    float[] outputs = outputs(AIMING, batch);
    assertThat(batch.annotations[3]).isCloseTo(outputs[4], within(1e-5f));
    assertThat(batch.annotations[4]).isCloseTo(outputs[5], within(1e-5f));
    assertThat(batch.memory).containsOnly(0);
  }

  @Test
  void whatFollowsTheNetworksParametersIsNotThePolicys() {
    StochasticPolicy policy = choosing();
    ActingBatch batch = batch(policy, DISCRETE, 5);
    policy.act(batch);
    StochasticPolicy other = new StochasticPolicy(CHOOSING, CHOICES, ActionMap.SAME, null);
    float[] longer = Arrays.copyOf(parameters(CHOOSING), CHOOSING.parameterCount() + 9);
    Arrays.fill(longer, CHOOSING.parameterCount(), longer.length, 77);
    other.install(longer);
    ActingBatch again = batch(other, DISCRETE, 5);
    other.act(again);
    assertThat(again.annotations).isEqualTo(batch.annotations);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.8})
  void whatARowDoesDoesNotDependOnItsCompany(double correlation) {
    StochasticPolicy policy = aiming(correlation);
    ActingBatch all = batch(policy, CONTINUOUS, 7);
    policy.act(all);
    policy.act(all);
    for (int row = 0; row < 7; row++) {
      ActingBatch alone = batch(policy, CONTINUOUS, 1);
      System.arraycopy(all.observations, 3 * row, alone.observations, 0, 3);
      alone.randoms[0] = new SeededRandom(100 + row);
      policy.act(alone);
      policy.act(alone);
      assertThat(alone.annotations)
          .isEqualTo(Arrays.copyOfRange(all.annotations, 3 * row, 3 * row + 3));
    }
  }

  @Test
  void correlatedNoiseIsCarriedInTheMemoryOfItsRow() {
    StochasticPolicy policy = aiming(0.9999);
    assertThat(policy.memorySize()).isEqualTo(3);
    assertThat(aiming(0).memorySize()).isZero();
    ActingBatch batch = batch(policy, CONTINUOUS, 2);
    policy.act(batch);
    float[] first = batch.annotations.clone();
    policy.act(batch);
    for (int i : new int[] {0, 1, 3, 4}) {
      assertThat(batch.annotations[i]).isCloseTo(first[i], within(0.3f)).isNotEqualTo(first[i]);
    }
    assertThat(batch.memory[0]).isEqualTo(1);
    assertThat(batch.memory[3]).isEqualTo(1);
  }

  @Test
  void newParametersActFromTheNextDecisionOn() {
    StochasticPolicy policy = choosing();
    ActingBatch batch = batch(policy, DISCRETE, 3);
    batch.greedy = true;
    policy.act(batch);
    float[] bent = new float[CHOOSING.parameterCount()];
    bent[bent.length - 2] = 5;
    policy.install(bent);
    policy.act(batch);
    assertThat(batch.actions).containsExactly(2, 2, 2);
  }

  @Test
  void itNeedsParametersOfItsNetwork() {
    StochasticPolicy policy = new StochasticPolicy(CHOOSING, CHOICES, ActionMap.SAME, null);
    assertThatThrownBy(() -> policy.act(batch(policy, DISCRETE, 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("policy over network 3-8t-4 has no parameters: install some before it acts");
    assertThatThrownBy(() -> policy.install(new float[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("parameters=float[3]: network 3-8t-4 has 68");
    assertThatThrownBy(() -> policy.act(batch(policy, DISCRETE, 1)))
        .as("those it refused")
        .hasMessageContaining("has no parameters");
  }

  @Test
  void theNetworkAnswersWithTheDistributionsParameters() {
    assertThatThrownBy(
            () -> new StochasticPolicy(CHOOSING, new Categorical(5), ActionMap.SAME, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "policy over network 3-8t-4: a Categorical[n=5] has 5 parameters; the network must answer with as many");
  }
}
