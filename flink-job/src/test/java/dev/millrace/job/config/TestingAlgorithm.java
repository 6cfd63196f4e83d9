package dev.millrace.job.config;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.Algorithm;
import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.experience.Accumulator;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.Networks;
import dev.millrace.core.policy.ActingBatch;
import dev.millrace.core.policy.Policy;
import java.util.List;

/** An algorithm that acts and learns nothing, with a few options to configure. */
public final class TestingAlgorithm implements Algorithm {
  static final Option<Long> STEPS =
      Option.declare("algorithm.steps").whole(3).from(1).says("Steps held back.");
  static final Option<Double> RATE =
      Option.declare("learner.learning-rate").number(1e-3).above(0).says("How fast it learns.");
  static final Option<Long> BATCH =
      Option.declare("learner.batch-size").whole(64).from(1).says("Transitions in a batch.");
  static final Option<List<Long>> HIDDEN =
      Option.declare("network.hidden")
          .wholes(128L, 128L)
          .must("one width of at least 1 for each layer", widths -> !widths.contains(0L))
          .fixedForTheRun()
          .says("Units of the hidden layers.");

  @Override
  public String name() {
    return "testing";
  }

  @Override
  public String sentence() {
    return "Learns nothing.";
  }

  @Override
  public List<Option<?>> options() {
    return List.of(STEPS, RATE, BATCH, HIDDEN);
  }

  @Override
  public Agent bind(EnvironmentSpec environment, int environments, Settings settings) {
    if (!(environment.actions() instanceof Space.Discrete actions)) {
      throw new IllegalArgumentException("needs a discrete action space");
    }
    settings.get(RATE);
    List<NetworkSpec.Dense> hidden =
        settings.get(HIDDEN).stream()
            .map(units -> new NetworkSpec.Dense(units.intValue(), NetworkSpec.Activation.RELU))
            .toList();
    return new TestingAgent(
        new NetworkSpec(
            environment.observationSize(), hidden, NetworkSpec.Head.LINEAR, actions.n()),
        new ReplaySpec.Sampled(environment.observationSize(), 1, settings.count(BATCH)),
        settings.count(STEPS));
  }

  private record TestingAgent(NetworkSpec network, ReplaySpec.Sampled replay, int steps)
      implements ReplayAgent {
    @Override
    public Policy policy() {
      return new Policy() {
        @Override
        public int annotationSize() {
          return 0;
        }

        @Override
        public void install(float[] parameters) {}

        @Override
        public void act(ActingBatch batch) {}
      };
    }

    @Override
    public Accumulator<Transition> accumulator(int environment) {
      return new TestingAccumulator(steps);
    }

    @Override
    public Learner<SampleBatch> learner(Networks networks, long seed) {
      throw new UnsupportedOperationException();
    }
  }
}
