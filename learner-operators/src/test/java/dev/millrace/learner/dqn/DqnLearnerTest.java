package dev.millrace.learner.dqn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.Update;
import dev.millrace.core.config.Settings;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.ForwardPass;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.learner.network.Nd4jNetworks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DqnLearnerTest {
  private static final int STATES = 4;
  private static final int ACTIONS = 2;
  private static final float DISCOUNT = 0.9f;
  private static final EnvironmentSpec CORRIDOR =
      new EnvironmentSpec(
          "corridor", Space.Box.symmetric(STATES, 1), new Space.Discrete(ACTIONS), 100);

  private final List<Learner<SampleBatch>> learners = new ArrayList<>();

  @AfterEach
  void close() {
    learners.forEach(Learner::close);
  }

  /**
   * A corridor of four states: action 1 goes right and earns 1 at its end, action 0 goes left and
   * earns 0.2 at its beginning; both ends are terminal.
   */
  @ParameterizedTest
  @CsvSource({"true, true", "false, false"})
  void learnsTheOptimalValuesOfACorridor(boolean doubleQ, boolean dueling) {
    Settings settings =
        settings(
            Map.of(
                "algorithm.double",
                doubleQ,
                "algorithm.dueling",
                dueling,
                "algorithm.target-update-every",
                50L,
                "learner.learning-rate",
                2e-3,
                "learner.batch-size",
                8L));
    Learner<SampleBatch> learner = learner(settings, 1);
    SampleBatch everything = corridor();
    for (int i = 0; i < 2500; i++) {
      assertThat(learner.update(everything).applied()).isTrue();
    }

    float[] q = values(settings, learner.parameters(), everything.observations(), 8);
    double[] value = {0.9 * 0.9 * 0.9, 0.9 * 0.9, 0.9, 1};
    for (int state = 0; state < STATES; state++) {
      double left = state == 0 ? 0.2 : 0.9 * value[state - 1];
      assertThat((double) q[4 * state]).as("left in %d", state).isCloseTo(left, within(0.01));
      assertThat((double) q[4 * state + 1])
          .as("right in %d", state)
          .isCloseTo(value[state], within(0.01));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void answersTheErrorsOfTheTargetNetworkAsPriorities(boolean doubleQ) {
    Settings settings =
        settings(
            Map.of(
                "algorithm.double",
                doubleQ,
                "algorithm.target-update-every",
                4L,
                "learner.learning-rate",
                0.1,
                "learner.batch-size",
                16L));
    Learner<SampleBatch> learner = learner(settings, 2);
    SeededRandom random = new SeededRandom(3);
    for (int i = 0; i < 4; i++) {
      learner.update(random(random, 16));
    }
    float[] target = learner.parameters();
    for (int i = 0; i < 3; i++) {
      learner.update(random(random, 16));
    }
    SampleBatch batch = random(random, 16);
    float[] qTm1 = values(settings, learner.parameters(), batch.observations(), 16);
    float[] selector = values(settings, learner.parameters(), batch.nextObservations(), 16);
    float[] value = values(settings, target, batch.nextObservations(), 16);

    Update update = learner.update(batch);

    int differing = 0;
    for (int i = 0; i < 16; i++) {
      int online = selector[2 * i + 1] > selector[2 * i] ? 1 : 0;
      int best = value[2 * i + 1] > value[2 * i] ? 1 : 0;
      differing += online == best ? 0 : 1;
      float bootstrap = value[2 * i + (doubleQ ? online : best)];
      float error =
          batch.rewards()[i]
              + batch.discounts()[i] * bootstrap
              - qTm1[2 * i + (int) batch.actions()[i]];
      assertThat(update.priorities()[i]).isCloseTo(Math.abs(error), within(1e-4f));
    }
    assertThat(differing).as("rows that tell double from single").isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"adam", "rmsprop"})
  void restoredIntoAFreshLearnerItHasTheSameFutureBitForBit(String optimizer) throws Exception {
    Settings settings =
        settings(
            Map.of(
                "learner.optimizer", optimizer,
                "algorithm.target-update-every", 5L,
                "learner.batch-size", 16L));
    Learner<SampleBatch> uninterrupted = learner(settings, 4);
    Learner<SampleBatch> before = learner(settings, 4);
    SeededRandom random = new SeededRandom(5);
    for (int i = 0; i < 7; i++) {
      SampleBatch batch = random(random, 16);
      uninterrupted.update(batch);
      before.update(batch);
    }
    Learner<SampleBatch> after = learner(settings, 99);
    after.restore(new DataInputStream(new ByteArrayInputStream(save(before))));
    assertThat(after.parameters()).isEqualTo(uninterrupted.parameters());
    for (int i = 0; i < 9; i++) {
      SampleBatch batch = random(random, 16);
      Update expected = uninterrupted.update(batch);
      Update actual = after.update(batch);
      assertThat(actual).usingRecursiveComparison().isEqualTo(expected);
    }
    assertThat(after.parameters()).isEqualTo(uninterrupted.parameters());
    assertThat(save(after)).isEqualTo(save(uninterrupted));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void whatIsNotFiniteChangesNothing(float poison) throws Exception {
    Settings settings = settings(Map.of("learner.batch-size", 16L));
    Learner<SampleBatch> learner = learner(settings, 6);
    SeededRandom random = new SeededRandom(7);
    learner.update(random(random, 16));
    byte[] before = save(learner);

    SampleBatch rewards = random(random, 16);
    rewards.rewards()[3] = poison;
    Update update = learner.update(rewards);
    assertThat(update.applied()).isFalse();
    assertThat(update.priorities()).isNull();
    assertThat(save(learner)).isEqualTo(before);

    SampleBatch observations = random(random, 16);
    observations.observations()[5] = poison;
    assertThat(learner.update(observations).applied()).isFalse();
    assertThat(save(learner)).isEqualTo(before);
    assertThat(learner.update(random(random, 16)).applied()).isTrue();
  }

  @Test
  void publishesCopies() {
    Learner<SampleBatch> learner = learner(settings(Map.of("learner.batch-size", 16L)), 8);
    float[] published = learner.parameters();
    float[] kept = published.clone();
    learner.update(random(new SeededRandom(9), 16));
    assertThat(published).isEqualTo(kept).isNotEqualTo(learner.parameters());
  }

  @Test
  void refusesToContinueAnotherNetwork() throws Exception {
    byte[] saved = save(learner(settings(Map.of()), 1));
    Learner<SampleBatch> other = learner(settings(Map.of("algorithm.dueling", false)), 1);
    assertThatThrownBy(() -> other.restore(new DataInputStream(new ByteArrayInputStream(saved))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "dqn learner was saved with network 4-32-2 dueling, the configuration says 4-32-2: parameters cannot be continued in another network; resume with the one of before");
  }

  @Test
  void refusesABatchItDidNotAskFor() {
    Learner<SampleBatch> learner = learner(settings(Map.of("learner.batch-size", 16L)), 1);
    assertThatThrownBy(() -> learner.update(random(new SeededRandom(1), 8)))
        .hasMessage("batch of 8 transitions: this learner asked for learner.batch-size (16)");
  }

  private Learner<SampleBatch> learner(Settings settings, long seed) {
    Learner<SampleBatch> learner =
        new Dqn().bind(CORRIDOR, 1, settings).learner(new Nd4jNetworks(), seed);
    learners.add(learner);
    return learner;
  }

  private static Settings settings(Map<String, ? extends Serializable> given) {
    Map<String, Serializable> values = new HashMap<>(given);
    values.putIfAbsent("network.hidden", (Serializable) List.of(32L));
    return new Settings(values);
  }

  private static float[] values(
      Settings settings, float[] parameters, float[] observations, int count) {
    NetworkSpec network = new Dqn().bind(CORRIDOR, 1, settings).network();
    ForwardPass pass = ForwardPass.of(network, count);
    pass.parameters(parameters);
    float[] q = new float[count * ACTIONS];
    pass.forward(observations, count, q);
    return q;
  }

  private static byte[] save(Learner<SampleBatch> learner) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    learner.save(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  /** Every state with every action, in rows {@code 2 × state + action}. */
  private static SampleBatch corridor() {
    SampleBatch batch = SampleBatch.allocate(0, 1, STATES * ACTIONS, 8, STATES, 1);
    for (int state = 0; state < STATES; state++) {
      for (int action = 0; action < ACTIONS; action++) {
        int row = ACTIONS * state + action;
        int next = action == 0 ? state - 1 : state + 1;
        boolean inside = next >= 0 && next < STATES;
        batch.probabilities()[row] = 1.0 / 8;
        batch.observations()[row * STATES + state] = 1;
        batch.actions()[row] = action;
        batch.rewards()[row] = inside ? 0 : action == 0 ? 0.2f : 1;
        batch.discounts()[row] = inside ? DISCOUNT : 0;
        if (inside) {
          batch.nextObservations()[row * STATES + next] = 1;
        }
      }
    }
    return batch;
  }

  private static SampleBatch random(SeededRandom random, int size) {
    SampleBatch batch = SampleBatch.allocate(0, 1, size, 100, STATES, 1);
    for (int i = 0; i < size; i++) {
      batch.probabilities()[i] = 0.01 + 0.1 * random.nextDouble();
      batch.actions()[i] = random.nextInt(ACTIONS);
      batch.rewards()[i] = (float) random.nextGaussian();
      batch.discounts()[i] = random.nextInt(4) == 0 ? 0 : DISCOUNT;
      for (int d = 0; d < STATES; d++) {
        batch.observations()[i * STATES + d] = (float) random.nextGaussian();
        batch.nextObservations()[i * STATES + d] = (float) random.nextGaussian();
      }
    }
    return batch;
  }
}
