package dev.millrace.job;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.env.Environment;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.env.TimeStep;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.ForwardPass;
import dev.millrace.core.policy.ActingBatch;
import dev.millrace.core.policy.Policy;
import dev.millrace.env.classic.Chain;
import dev.millrace.env.classic.GridWorld;
import java.util.random.RandomGenerator;

/** Environments of which the best return and every value is known. */
enum KnownWorld {
  CHAIN("Chain", Chain.STATES, Chain.STATES, 1, 5) {
    @Override
    double bestReturn(int start) {
      return 100 - (Chain.STATES - 1);
    }

    @Override
    double bestValue(double discount, int state) {
      return Chain.optimalValue(discount, state);
    }

    /** An episode's 100 steps: one in each state but the last, where all others are taken. */
    @Override
    double meanValue(double discount) {
      double sum = 0;
      for (int step = 0; step < 100; step++) {
        sum += bestValue(discount, Math.min(step, Chain.STATES - 1));
      }
      return sum / 100;
    }
  },

  GRID(
      "GridWorld",
      GridWorld.SIDE * GridWorld.SIDE,
      GridWorld.SIDE * GridWorld.SIDE - 1,
      GridWorld.SIDE * GridWorld.SIDE - 1,
      12) {
    @Override
    double bestReturn(int start) {
      return bestValue(1, start);
    }

    @Override
    double bestValue(double discount, int state) {
      return GridWorld.optimalValue(discount, state / GridWorld.SIDE, state % GridWorld.SIDE);
    }

    /** From every cell once, over all cells of the way. */
    @Override
    double meanValue(double discount) {
      double sum = 0;
      double steps = 0;
      for (int start = 0; start < starts; start++) {
        for (int left = (int) -bestReturn(start); left > 0; left--) {
          sum += -(1 - Math.pow(discount, left)) / (1 - discount);
          steps++;
        }
      }
      return sum / steps;
    }
  };

  final String environment;

  /** Of which observations are one-hot. */
  final int states;

  /** How many of them, the first, are ever decided in. */
  final int decided;

  /** How many of them, the first, episodes begin in. */
  final int starts;

  /**
   * How near values come to those of the best policy while a policy still explores. On the chain, a
   * truncation taken for a termination makes a difference of nine in a hundred.
   */
  final int percent;

  KnownWorld(String environment, int states, int decided, int starts, int percent) {
    this.environment = environment;
    this.states = states;
    this.decided = decided;
    this.starts = starts;
    this.percent = percent;
  }

  /** The undiscounted return of the best policy from state {@code start}. */
  abstract double bestReturn(int start);

  /** The discounted value of {@code state} to the best policy. */
  abstract double bestValue(double discount, int state);

  /** The mean of the values of the states that the best policy decides in. */
  abstract double meanValue(double discount);

  /** The return of an episode from state {@code start} in which {@code agent} only exploits. */
  double greedyReturn(Agent agent, float[] parameters, int start) {
    Policy policy = agent.policy();
    policy.install(parameters);
    try (Environment world =
        EnvironmentProvider.catalogue(TestingRuns.LOADER).get(environment).create()) {
      ActingBatch batch = new ActingBatch(1, world.spec(), policy);
      batch.count = 1;
      batch.greedy = true;
      batch.randoms[0] = new SeededRandom(1);
      double sum = 0;
      TimeStep now = world.reset(choosing(start));
      while (!now.last()) {
        System.arraycopy(now.observation(), 0, batch.observations, 0, states);
        policy.act(batch);
        now = world.step(batch.actions.clone());
        sum += now.reward();
      }
      return sum;
    }
  }

  private static RandomGenerator choosing(int start) {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        throw new UnsupportedOperationException();
      }

      @Override
      public int nextInt(int bound) {
        return start;
      }
    };
  }

  /** The greatest of the values that {@code agent}'s network gives to the actions in a state. */
  double greatestValue(Agent agent, float[] parameters, int state) {
    ForwardPass network = ForwardPass.of(agent.network(), 1);
    network.parameters(parameters);
    float[] observation = new float[states];
    observation[state] = 1;
    float[] values = new float[agent.network().outputs()];
    network.forward(observation, 1, values);
    double greatest = values[0];
    for (float value : values) {
      greatest = Math.max(greatest, value);
    }
    return greatest;
  }
}
