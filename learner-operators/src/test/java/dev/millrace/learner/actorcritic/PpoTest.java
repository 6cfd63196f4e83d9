package dev.millrace.learner.actorcritic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.agent.Update;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.network.JavaNetworks;
import dev.millrace.core.network.Networks;
import dev.millrace.core.policy.ParameterVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PpoTest {
  private static final Object[] NORMALIZED = {
    "algorithm.normalize-observations", true, "algorithm.normalize-rewards", true,
  };

  private final List<Learner<?>> learners = new ArrayList<>();

  @AfterEach
  void close() {
    learners.forEach(Learner::close);
  }

  static List<EnvironmentSpec> environments() {
    return List.of(TestingRollouts.DISCRETE, TestingRollouts.CONTINUOUS);
  }

  private static TrajectoryAgent agent(EnvironmentSpec environment, Object... settings) {
    return (TrajectoryAgent)
        new Ppo().bind(environment, 2, TestingRollouts.settings(with(settings)));
  }

  private static Object[] with(Object... settings) {
    List<Object> all = new ArrayList<>(List.of("algorithm.epochs", 3L, "learner.batch-size", 4L));
    all.addAll(List.of(settings));
    return all.toArray();
  }

  private Learner<List<Rollout>> learner(TrajectoryAgent agent, Networks networks) {
    Learner<List<Rollout>> learner = agent.learner(networks, 7);
    learners.add(learner);
    return learner;
  }

  private static byte[] saved(Learner<?> learner) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    learner.save(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static DataInputStream in(byte[] bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes));
  }

  @Test
  void itLearnsInLockStep() {
    TrajectoryAgent agent = agent(TestingRollouts.DISCRETE, "algorithm.discount", 0.97);
    assertThat(agent.replay()).isEqualTo(ReplaySpec.Fifo.lockStep(0.97));
  }

  @ParameterizedTest
  @MethodSource("environments")
  void restoredIntoAFreshOneItHasTheSameFuture(EnvironmentSpec environment) throws IOException {
    TrajectoryAgent agent = agent(environment, NORMALIZED);
    Learner<List<Rollout>> learner = learner(agent, new JavaNetworks());
    TestingRollouts rollouts = new TestingRollouts(environment, 1);
    float[] before = learner.parameters();
    learner.update(List.of(rollouts.rollout(5, 6), rollouts.rollout(3)));
    assertThat(learner.parameters()).isNotEqualTo(before);
    Learner<List<Rollout>> restored = learner(agent, new JavaNetworks());
    restored.restore(in(saved(learner)));
    assertThat(restored.parameters()).isEqualTo(learner.parameters());
    for (int i = 0; i < 3; i++) {
      List<Rollout> batch = List.of(rollouts.rollout(4, 4), rollouts.rollout(7));
      assertThat(restored.update(batch)).isEqualTo(learner.update(batch));
      assertThat(restored.parameters()).isEqualTo(learner.parameters());
    }
    assertThat(saved(restored)).isEqualTo(saved(learner));
  }

  @Test
  void whatIsNotFiniteIsDroppedAndChangesNothing() throws IOException {
    TrajectoryAgent agent = agent(TestingRollouts.DISCRETE, NORMALIZED);
    Learner<List<Rollout>> learner = learner(agent, new JavaNetworks());
    TestingRollouts rollouts = new TestingRollouts(TestingRollouts.DISCRETE, 1);
    learner.update(List.of(rollouts.rollout(9)));
    byte[] before = saved(learner);
    Rollout broken = rollouts.rollout(4, 11);
    broken.trajectories().get(1).rewards()[10] = Float.NaN;
    Update update = learner.update(List.of(broken));
    assertThat(update.applied()).isFalse();
    assertThat(update.measures()).isEmpty();
    assertThat(saved(learner)).isEqualTo(before);
    assertThat(learner.update(List.of(rollouts.rollout(9))).applied()).isTrue();
  }

  @Test
  void aRoundInWhichEveryEnvironmentFailedIsDropped() {
    Learner<List<Rollout>> learner = learner(agent(TestingRollouts.DISCRETE), new JavaNetworks());
    Rollout empty = Rollout.of(0, 1, new ParameterVersion(1, 0), List.of());
    assertThat(learner.update(List.of(empty, empty)).applied()).isFalse();
  }

  @Test
  void everyEpochTakesEveryStepOnceAndTheLastMinibatchIsWhatIsLeft() {
    RecordingNetworks networks = new RecordingNetworks();
    TrajectoryAgent agent = agent(TestingRollouts.DISCRETE);
    TestingRollouts rollouts = new TestingRollouts(TestingRollouts.DISCRETE, 1);
    learner(agent, networks).update(List.of(rollouts.rollout(6, 3), rollouts.rollout(1)));
    List<float[]> batches = networks.batches(agent.network());
    assertThat(batches)
        .extracting(inputs -> inputs.length / 3)
        .containsExactly(4, 4, 2, 4, 4, 2, 4, 4, 2);
    List<List<Float>> epochs = new ArrayList<>();
    for (int epoch = 0; epoch < 3; epoch++) {
      List<Float> firsts = new ArrayList<>();
      for (float[] inputs : batches.subList(3 * epoch, 3 * epoch + 3)) {
        for (int i = 0; i < inputs.length; i += 3) {
          firsts.add(inputs[i]);
        }
      }
      assertThat(firsts).doesNotHaveDuplicates().hasSize(10);
      epochs.add(firsts);
    }
    assertThat(epochs.get(1)).containsExactlyInAnyOrderElementsOf(epochs.get(0));
    assertThat(epochs.get(1)).as("in another order").isNotEqualTo(epochs.get(0));
    assertThat(epochs.get(2)).containsExactlyInAnyOrderElementsOf(epochs.get(0));
  }

  @Test
  void aPolicyThatDivergedLeavesTheRestOfTheRound() {
    for (double target : new double[] {1e-9, 1e9}) {
      RecordingNetworks networks = new RecordingNetworks();
      TrajectoryAgent agent = agent(TestingRollouts.DISCRETE, "algorithm.target-kl", target);
      TestingRollouts rollouts = new TestingRollouts(TestingRollouts.DISCRETE, 1);
      Update update = learner(agent, networks).update(List.of(rollouts.rollout(10)));
      assertThat(update.applied()).isTrue();
      assertThat(update.measures().get(3)).as("approximate divergence").isPositive();
      assertThat(networks.batches(agent.network())).hasSize(target < 1 ? 1 : 9);
    }
  }

  @Test
  void measuresAreNamedInTheirOrder() {
    TrajectoryAgent agent = agent(TestingRollouts.DISCRETE, "algorithm.epochs", 1L);
    TestingRollouts rollouts = new TestingRollouts(TestingRollouts.DISCRETE, 1);
    Update update = learner(agent, new JavaNetworks()).update(List.of(rollouts.rollout(20)));
    assertThat(update.measures()).hasSameSizeAs(agent.measures());
    int entropy = agent.measures().indexOf("entropy");
    assertThat(update.measures().get(entropy))
        .as("of four choices nearly alike")
        .isCloseTo(Math.log(4), within(0.01));
    double policyLoss = update.measures().get(agent.measures().indexOf("policy_loss"));
    double valueLoss = update.measures().get(agent.measures().indexOf("value_loss"));
    assertThat(update.loss())
        .isCloseTo(
            policyLoss + 0.5 * valueLoss - 0.01 * update.measures().get(entropy), within(1e-6));
    assertThat(update.measures().get(agent.measures().indexOf("clip_fraction"))).isBetween(0., 1.);
  }

  @Test
  void publishedParametersAreThePolicysAloneForObservationsAsTheyAre() {
    TrajectoryAgent agent = agent(TestingRollouts.DISCRETE, NORMALIZED);
    Learner<List<Rollout>> learner = learner(agent, new JavaNetworks());
    float[] before = learner.parameters();
    assertThat(before).hasSize(agent.network().parameterCount());
    TestingRollouts rollouts = new TestingRollouts(TestingRollouts.DISCRETE, 1);
    learner.update(List.of(rollouts.rollout(40)));
    // Observations of deviation 3 make the first layer's weights about a third of what they were.
    double ratio = 0;
    for (int i = 0; i < 15; i++) {
      ratio += Math.abs(learner.parameters()[i]) / Math.abs(before[i]) / 15;
    }
    assertThat(ratio).isBetween(0.2, 0.5);
  }

  @Test
  void stateOfAnotherVersionIsRefused() {
    Learner<List<Rollout>> learner = learner(agent(TestingRollouts.DISCRETE), new JavaNetworks());
    assertThatThrownBy(() -> learner.restore(in(new byte[] {0, 0, 0, 5})))
        .hasMessage(
            "ppo learner version=5: this build reads version 1; use the build that wrote it");
  }
}
