package dev.millrace.job;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.Algorithm;
import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.agent.RolloutWorker;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.experience.Accumulator;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.Networks;
import dev.millrace.core.policy.ActingBatch;
import dev.millrace.core.policy.Policy;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The algorithm that the current {@link Witness} observes, under its eyes. */
public final class ObservedAlgorithm implements Algorithm {
  static final String NAME = "observed";

  /** The folder to add to a class path on which it is to be found. */
  static URL registeredIn(Path folder) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(Algorithm.class.getName()), ObservedAlgorithm.class.getName());
    return folder.toUri().toURL();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String sentence() {
    return "Does what another algorithm does.";
  }

  @Override
  public List<Option<?>> options() {
    return Witness.current().observed().options();
  }

  @Override
  public boolean samplesReplay() {
    return Witness.current().observed().samplesReplay();
  }

  @Override
  public Agent bind(EnvironmentSpec environment, int environments, Settings settings) {
    Witness witness = Witness.current();
    Agent agent = witness.observed().bind(environment, environments, settings);
    return agent instanceof ReplayAgent sampling
        ? new Sampling(sampling, witness)
        : new InTurn((TrajectoryAgent) agent, witness);
  }

  private record Sampling(ReplayAgent agent, Witness witness) implements ReplayAgent {

    @Override
    public NetworkSpec network() {
      return agent.network();
    }

    @Override
    public Policy policy() {
      return new ObservedPolicy(agent.policy(), witness);
    }

    @Override
    public ReplaySpec.Sampled replay() {
      return agent.replay();
    }

    @Override
    public List<String> measures() {
      return agent.measures();
    }

    @Override
    public Accumulator<Transition> accumulator(int environment) {
      return agent.accumulator(environment);
    }

    @Override
    public Learner<SampleBatch> learner(Networks networks, long seed) {
      return new ObservedLearner<>(each -> agent.learner(networks, each), witness, seed);
    }
  }

  private record InTurn(TrajectoryAgent agent, Witness witness) implements TrajectoryAgent {

    @Override
    public NetworkSpec network() {
      return agent.network();
    }

    @Override
    public Policy policy() {
      return new ObservedPolicy(agent.policy(), witness);
    }

    @Override
    public ReplaySpec.Fifo replay() {
      return agent.replay();
    }

    @Override
    public List<String> measures() {
      return agent.measures();
    }

    @Override
    public RolloutWorker worker() {
      return agent.worker();
    }

    @Override
    public Learner<List<Rollout>> learner(Networks networks, long seed) {
      return new ObservedLearner<>(each -> agent.learner(networks, each), witness, seed);
    }
  }

  private record ObservedPolicy(Policy policy, Witness witness) implements Policy {

    @Override
    public int annotationSize() {
      return policy.annotationSize();
    }

    @Override
    public int memorySize() {
      return policy.memorySize();
    }

    @Override
    public void install(float[] parameters) {
      policy.install(parameters);
    }

    @Override
    public void act(ActingBatch batch) {
      witness.acts(batch);
      policy.act(batch);
    }
  }
}
