package dev.millrace.learner.actorcritic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.LearnerOptions;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.agent.Update;
import dev.millrace.core.config.Settings;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.experience.Trajectory;
import dev.millrace.core.math.Categorical;
import dev.millrace.core.math.PolicyLosses;
import dev.millrace.core.math.Returns;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.ForwardPass;
import dev.millrace.core.network.JavaNetworks;
import dev.millrace.core.policy.ParameterVersion;
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
import org.junit.jupiter.api.Test;

class ImpalaTest {
  private static final int ARMS = 3;
  private static final EnvironmentSpec SPEC =
      new EnvironmentSpec("testing", Space.Box.symmetric(2, 1), new Space.Discrete(ARMS), 100);
  private static final float[] CONSTANT = {1, 0};

  /** Where the present parameters acted, V-trace is the n-step return (its remark 1). */
  @Test
  void stepsAlongTheNStepPolicyGradientWhereThePresentParametersActed() {
    Settings settings = settings(Map.of());
    Actor actor = Actor.of(SPEC, settings);
    ActorCritic reference = new ActorCritic(actor, new JavaNetworks(), 64, 7);
    Normalization none = new Normalization(settings, 0.9, 2, 1);
    Rollout drawn =
        rollout(random(new SeededRandom(1), 5, true), random(new SeededRandom(2), 9, false));
    Steps anything = Steps.of(List.of(drawn), actor, none);
    Rollout rollout = withLogProbabilities(drawn, reference.logProbabilities(anything));
    Steps steps = Steps.of(List.of(rollout), actor, none);
    float[] values = reference.values(steps);
    float[] returns =
        Returns.lambda(
            steps.rewards(),
            steps.batch().discounts(),
            steps.batch().nextValues(values),
            steps.batch().last(),
            1);
    float[] advantages = new float[returns.length];
    for (int t = 0; t < advantages.length; t++) {
      advantages[t] = returns[t] - values[t];
    }
    ActorCritic.Terms terms =
        reference.addGradient(
            steps,
            steps.all(),
            returns,
            (logProbabilities, rows) -> PolicyLosses.policyGradient(logProbabilities, advantages),
            1);
    double norm = reference.apply();

    Learner<List<Rollout>> learner = learner(settings, 7);
    Update update = learner.update(List.of(rollout));

    assertThat(update.applied()).isTrue();
    assertThat(update.gradientNorm()).isCloseTo(norm, within(1e-5 * norm));
    assertThat(update.loss()).isCloseTo(reference.loss(terms), within(1e-5));
    assertThat(measure(settings, update, "importance_ratio")).isCloseTo(1, within(1e-6));
    assertThat(measure(settings, update, "clipped_weight")).isCloseTo(0, within(1e-6));
    assertThat(learner.parameters())
        .usingComparatorWithPrecision(1e-5f)
        .containsExactly(reference.policyParameters());
  }

  @Test
  void weighsStepsByTheirImportanceRatioUpToTheClip() {
    Settings settings = settings(Map.of("algorithm.entropy-coefficient", 0.0));
    Trajectory[] episodes = new Trajectory[6];
    for (int i = 0; i < episodes.length; i++) {
      episodes[i] = episode(i % ARMS, 0.5f * i);
    }
    float[] present = new float[episodes.length];
    for (int i = 0; i < present.length; i++) {
      present[i] = (float) logProbability(settings, learner(settings, 3).parameters(), i % ARMS);
    }

    Update onPolicy = updated(settings, episodes, present, 0);
    Update rarer = updated(settings, episodes, present, -Math.log(0.5));
    Update commoner = updated(settings, episodes, present, -Math.log(4));
    Settings loose =
        settings(Map.of("algorithm.entropy-coefficient", 0.0, "algorithm.rho-clip", 3.0));
    Update looselyClipped = updated(loose, episodes, present, -Math.log(4));

    double policyLoss = measure(settings, onPolicy, "policy_loss");
    assertThat(policyLoss).isNotZero();
    assertThat(measure(settings, rarer, "policy_loss")).isCloseTo(0.5 * policyLoss, within(1e-4));
    assertThat(measure(settings, commoner, "policy_loss")).isCloseTo(policyLoss, within(1e-4));
    assertThat(measure(settings, looselyClipped, "policy_loss"))
        .isCloseTo(3 * policyLoss, within(1e-4));
    assertThat(measure(settings, rarer, "importance_ratio")).isCloseTo(0.5, within(1e-5));
    assertThat(measure(settings, rarer, "clipped_weight")).isCloseTo(0, within(1e-6));
    assertThat(measure(settings, commoner, "importance_ratio")).isCloseTo(4, within(1e-4));
    assertThat(measure(settings, commoner, "clipped_weight")).isCloseTo(0.75, within(1e-5));
  }

  /**
   * A bandit of three arms that pay 0, 0.5 and 1, and old parameters that pulled them 80, 19 and 1
   * times in a hundred. Taken for the present policy's, that experience praises the middle arm.
   */
  @Test
  void findsTheBestArmInStaleExperienceWhichMisleadsWhoTakesItForItsOwn() {
    int[] pulls = {80, 19, 1};
    List<Trajectory> episodes = new ArrayList<>();
    float[] stale = new float[100];
    for (int arm = 0; arm < ARMS; arm++) {
      for (int i = 0; i < pulls[arm]; i++) {
        stale[episodes.size()] = (float) Math.log(pulls[arm] / 100.0);
        episodes.add(episode(arm, 0.5f * arm));
      }
    }
    Rollout rollout = rollout(episodes.toArray(Trajectory[]::new));
    Settings settings =
        settings(Map.of("algorithm.entropy-coefficient", 0.0, "learner.learning-rate", 0.01));

    assertThat(probabilityOfTheBest(settings, rollout, stale)).isGreaterThan(0.9);
    assertThat(probabilityOfTheBest(settings, rollout, null)).isLessThan(0.1);
  }

  private static double probabilityOfTheBest(Settings settings, Rollout rollout, float[] stale) {
    Learner<List<Rollout>> learner = learner(settings, 5);
    for (int i = 0; i < 1500; i++) {
      float[] log = stale;
      if (log == null) {
        log = new float[rollout.transitions()];
        float[] parameters = learner.parameters();
        double[] present = new double[ARMS];
        for (int arm = 0; arm < ARMS; arm++) {
          present[arm] = logProbability(settings, parameters, arm);
        }
        for (int t = 0; t < log.length; t++) {
          log[t] = (float) present[(int) rollout.trajectories().get(t).actions()[0]];
        }
      }
      assertThat(learner.update(List.of(withLogProbabilities(rollout, log))).applied()).isTrue();
    }
    return Math.exp(logProbability(settings, learner.parameters(), ARMS - 1));
  }

  @Test
  void aBatchLargerThanExpectedIsLearnedFromAsAWhole() {
    Rollout first = rollout(random(new SeededRandom(11), 7, false));
    Rollout second = rollout(random(new SeededRandom(12), 6, true));
    Settings small = settings(Map.of("learner.batch-size", 2L));
    Learner<List<Rollout>> growing = learner(small, 4);
    Learner<List<Rollout>> roomy = learner(settings(Map.of("learner.batch-size", 64L)), 4);
    for (int i = 0; i < 3; i++) {
      growing.update(List.of(first, second));
      roomy.update(List.of(first, second));
    }
    assertThat(growing.parameters()).isEqualTo(roomy.parameters());
    assertThat(growing.parameters()).isNotEqualTo(learner(small, 4).parameters());
  }

  @Test
  void restoredIntoAFreshLearnerItHasTheSameFutureBitForBit() throws IOException {
    Settings settings =
        settings(
            Map.of("algorithm.normalize-observations", true, "algorithm.normalize-rewards", true));
    Learner<List<Rollout>> uninterrupted = learner(settings, 1);
    Learner<List<Rollout>> before = learner(settings, 1);
    SeededRandom random = new SeededRandom(8);
    for (int i = 0; i < 5; i++) {
      List<Rollout> batch = List.of(rollout(random(random, 10, i % 2 == 0)));
      uninterrupted.update(batch);
      before.update(batch);
    }
    Learner<List<Rollout>> after = learner(settings, 99);
    after.restore(new DataInputStream(new ByteArrayInputStream(saved(before))));
    for (int i = 0; i < 5; i++) {
      List<Rollout> batch = List.of(rollout(random(random, 10, i % 2 == 0)));
      uninterrupted.update(batch);
      after.update(batch);
      assertThat(after.parameters()).isEqualTo(uninterrupted.parameters());
    }
  }

  @Test
  void whatIsNotFiniteChangesNothing() throws IOException {
    Settings settings = settings(Map.of("algorithm.normalize-observations", true));
    Learner<List<Rollout>> learner = learner(settings, 1);
    SeededRandom random = new SeededRandom(8);
    learner.update(List.of(rollout(random(random, 10, true))));
    byte[] before = saved(learner);
    Trajectory broken = random(random, 4, true);
    broken.rewards()[2] = Float.POSITIVE_INFINITY;
    Trajectory unlikely = random(random, 4, true);
    unlikely.annotations()[3] = Float.NaN;

    assertThat(learner.update(List.of(rollout(broken))).applied()).isFalse();
    assertThat(learner.update(List.of(rollout(unlikely))).applied()).isFalse();
    assertThat(learner.update(List.of(rollout())).applied()).isFalse();
    assertThat(saved(learner)).isEqualTo(before);

    Learner<List<Rollout>> spared = learner(settings, 2);
    spared.restore(new DataInputStream(new ByteArrayInputStream(before)));
    List<Rollout> next = List.of(rollout(random(random, 10, true)));
    learner.update(next);
    spared.update(next);
    assertThat(learner.parameters()).isEqualTo(spared.parameters());
  }

  @Test
  void refusesATraceThatIsClippedLaterThanItsErrors() {
    Settings settings = settings(Map.of("algorithm.rho-clip", 0.5, "algorithm.c-clip", 0.75));
    assertThatThrownBy(() -> new Impala().bind(SPEC, 1, settings))
        .hasMessage(
            "algorithm.c-clip=0.75: must be at most algorithm.rho-clip (0.5); V-trace would not converge");
  }

  @Test
  void takesRolloutsOfAnyAgeAsTheyComeAndNamesWhatItMeasures() {
    Settings settings = settings(Map.of("learner.batch-size", 48L));
    TrajectoryAgent agent = (TrajectoryAgent) new Impala().bind(SPEC, 4, settings);
    assertThat(agent.replay().lockStep()).isFalse();
    assertThat(agent.replay().batchSize()).isEqualTo(48);
    assertThat(agent.replay().maxLag()).isEqualTo(Long.MAX_VALUE);
    assertThat(agent.replay().discount()).isEqualTo(settings.get(LearnerOptions.DISCOUNT));
    Update update =
        learner(settings, 1).update(List.of(rollout(random(new SeededRandom(1), 3, true))));
    assertThat(update.measures()).hasSameSizeAs(agent.measures());
  }

  private static Update updated(
      Settings settings, Trajectory[] episodes, float[] present, double shift) {
    float[] behaviour = new float[present.length];
    for (int i = 0; i < present.length; i++) {
      behaviour[i] = (float) (present[i] + shift);
    }
    return learner(settings, 3).update(List.of(withLogProbabilities(rollout(episodes), behaviour)));
  }

  private static double measure(Settings settings, Update update, String name) {
    return update.measures().get(new Impala().bind(SPEC, 1, settings).measures().indexOf(name));
  }

  private static double logProbability(Settings settings, float[] parameters, int arm) {
    ForwardPass pass = ForwardPass.of(Actor.of(SPEC, settings).network(), 1);
    pass.parameters(parameters);
    float[] logits = new float[ARMS];
    pass.forward(CONSTANT, 1, logits);
    return new Categorical(ARMS).logProbability(logits, 0, new float[] {arm});
  }

  private static Learner<List<Rollout>> learner(Settings settings, long seed) {
    return ((TrajectoryAgent) new Impala().bind(SPEC, 1, settings))
        .learner(new JavaNetworks(), seed);
  }

  private static Settings settings(Map<String, ? extends Serializable> given) {
    Map<String, Serializable> values = new HashMap<>();
    values.put("network.hidden", (Serializable) List.of(8L));
    values.put("network.activation", "tanh");
    values.put("learner.batch-size", 64L);
    values.putAll(given);
    return new Settings(values);
  }

  /** One step that ends its episode. */
  private static Trajectory episode(int arm, float reward) {
    return new Trajectory(
        0,
        0,
        CONSTANT.clone(),
        new float[] {arm},
        new float[] {arm, 0},
        new float[] {reward},
        new float[] {0},
        CONSTANT.clone(),
        true);
  }

  /** A trajectory of anything, acted by who chose each action equally often. */
  private static Trajectory random(SeededRandom random, int steps, boolean terminates) {
    float[] observations = new float[2 * steps];
    float[] actions = new float[steps];
    float[] annotations = new float[2 * steps];
    float[] rewards = new float[steps];
    float[] discounts = new float[steps];
    for (int t = 0; t < steps; t++) {
      observations[2 * t] = random.nextFloat();
      observations[2 * t + 1] = random.nextFloat() - 0.5f;
      actions[t] = random.nextInt(ARMS);
      annotations[2 * t] = actions[t];
      annotations[2 * t + 1] = (float) -Math.log(ARMS);
      rewards[t] = random.nextFloat();
      discounts[t] = terminates && t == steps - 1 ? 0 : 0.9f;
    }
    float[] next = {random.nextFloat(), random.nextFloat()};
    return new Trajectory(
        0, 0, observations, actions, annotations, rewards, discounts, next, terminates);
  }

  private static Rollout rollout(Trajectory... trajectories) {
    return Rollout.of(0, 1, ParameterVersion.NONE, List.of(trajectories));
  }

  private static Rollout withLogProbabilities(Rollout rollout, float[] logProbabilities) {
    List<Trajectory> changed = new ArrayList<>();
    int from = 0;
    for (Trajectory trajectory : rollout.trajectories()) {
      float[] annotations = trajectory.annotations().clone();
      for (int t = 0; t < trajectory.steps(); t++) {
        annotations[2 * t + 1] = logProbabilities[from++];
      }
      changed.add(
          new Trajectory(
              trajectory.environment(),
              trajectory.step(),
              trajectory.observations(),
              trajectory.actions(),
              annotations,
              trajectory.rewards(),
              trajectory.discounts(),
              trajectory.nextObservation(),
              trajectory.ended()));
    }
    assertThat(from).isEqualTo(logProbabilities.length);
    return rollout(changed.toArray(Trajectory[]::new));
  }

  private static byte[] saved(Learner<List<Rollout>> learner) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    learner.save(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }
}
