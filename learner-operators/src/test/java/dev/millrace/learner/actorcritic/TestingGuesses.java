package dev.millrace.learner.actorcritic;

import dev.millrace.core.agent.Algorithm;
import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.agent.Update;
import dev.millrace.core.config.Settings;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.experience.Trajectory;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.policy.ActingBatch;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.Policy;
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

/**
 * Episodes of four steps in which one of three lamps is lit at random. Naming the lamp pays 1, or,
 * where actions are numbers, 1 less the squared distance to its number less 1; so 4 is the most
 * that an episode can be worth.
 */
final class TestingGuesses {
  static final int LAMPS = 3;
  static final int STEPS = 4;
  static final EnvironmentSpec NAMED =
      new EnvironmentSpec(
          "guesses", Space.Box.symmetric(LAMPS, 1), new Space.Discrete(LAMPS), STEPS);
  static final EnvironmentSpec NUMBERED =
      new EnvironmentSpec("guesses", Space.Box.symmetric(LAMPS, 1), Space.Box.symmetric(1, 1), 4);

  private final EnvironmentSpec spec;
  private final TrajectoryAgent agent;
  private final Policy policy;
  private final SeededRandom random;
  private long number = 1;

  TestingGuesses(EnvironmentSpec spec, TrajectoryAgent agent, long seed) {
    this.spec = spec;
    this.agent = agent;
    this.random = new SeededRandom(seed);
    policy = agent.policy();
  }

  static Settings settings(Map<String, ? extends Serializable> given) {
    Map<String, Serializable> values = new HashMap<>(given);
    values.putIfAbsent("network.hidden", (Serializable) List.of(16L));
    values.putIfAbsent("network.activation", "tanh");
    values.putIfAbsent("algorithm.discount", 0.9);
    values.putIfAbsent("learner.learning-rate", 0.02);
    return new Settings(values);
  }

  static TrajectoryAgent bind(
      Algorithm algorithm, EnvironmentSpec spec, Map<String, ? extends Serializable> given) {
    return (TrajectoryAgent) algorithm.bind(spec, 2, settings(given));
  }

  /** One rollout of each of two groups, by {@code published}, after the agent's worker saw it. */
  List<Rollout> round(float[] published, int episodes) {
    List<Rollout> both = new ArrayList<>();
    for (int group = 0; group < 2; group++) {
      both.add(agent.worker().work(rollout(group, published, episodes), published));
    }
    number++;
    return both;
  }

  /** A rollout as it was acted. */
  Rollout rollout(int group, float[] published, int episodes) {
    policy.install(published);
    List<Trajectory> trajectories = new ArrayList<>();
    for (int i = 0; i < episodes; i++) {
      trajectories.add(episode(group, false));
    }
    return Rollout.of(group, number, ParameterVersion.NONE, trajectories);
  }

  /** Mean return of greedy episodes. */
  double judge(float[] published, int episodes) {
    policy.install(published);
    double sum = 0;
    for (int i = 0; i < episodes; i++) {
      for (float reward : episode(0, true).rewards()) {
        sum += reward;
      }
    }
    return sum / episodes;
  }

  private Trajectory episode(int environment, boolean greedy) {
    ActingBatch batch = new ActingBatch(1, spec, policy);
    batch.count = 1;
    batch.greedy = greedy;
    batch.randoms[0] = random;
    float[] observations = new float[STEPS * LAMPS];
    float[] actions = new float[STEPS];
    float[] annotations = new float[STEPS * batch.annotationSize];
    float[] rewards = new float[STEPS];
    float[] discounts = {0.9f, 0.9f, 0.9f, 0};
    for (int t = 0; t < STEPS; t++) {
      int lamp = random.nextInt(LAMPS);
      observations[t * LAMPS + lamp] = 1;
      System.arraycopy(observations, t * LAMPS, batch.observations, 0, LAMPS);
      policy.act(batch);
      actions[t] = batch.actions[0];
      System.arraycopy(
          batch.annotations, 0, annotations, t * batch.annotationSize, batch.annotationSize);
      rewards[t] = reward(lamp, actions[t]);
    }
    return new Trajectory(
        environment,
        0,
        observations,
        actions,
        annotations,
        rewards,
        discounts,
        new float[LAMPS],
        true);
  }

  private float reward(int lamp, float action) {
    if (spec == NAMED) {
      return lamp == action ? 1 : 0;
    }
    float distance = action - (lamp - 1);
    return 1 - distance * distance;
  }

  /** Greedy episodes after {@code rounds}, each of {@code episodes} by each of two groups. */
  static double learned(
      Algorithm algorithm,
      EnvironmentSpec spec,
      Map<String, ? extends Serializable> given,
      int rounds,
      int episodes) {
    TrajectoryAgent agent = bind(algorithm, spec, given);
    TestingGuesses guesses = new TestingGuesses(spec, agent, 1);
    try (Learner<List<Rollout>> learner = agent.learner(new Nd4jNetworks(), 1)) {
      for (int i = 0; i < rounds; i++) {
        learner.update(guesses.round(learner.parameters(), episodes));
      }
      return guesses.judge(learner.parameters(), 50);
    }
  }

  /** Learns on from {@code learner}'s state; what each update said and the state in the end. */
  static List<Object> future(Learner<List<Rollout>> learner, List<List<Rollout>> rounds)
      throws IOException {
    List<Object> future = new ArrayList<>();
    for (List<Rollout> round : rounds) {
      Update update = learner.update(round);
      future.add(List.of(update.applied(), update.loss(), update.measures(), update.meanValue()));
    }
    future.add(save(learner));
    return future;
  }

  static byte[] save(Learner<?> learner) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    learner.save(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  static void restore(Learner<?> learner, byte[] saved) throws IOException {
    learner.restore(new DataInputStream(new ByteArrayInputStream(saved)));
  }
}
