package dev.millrace.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.network.Network;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.replay.SamplerProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExampleConfigurationsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cartpole-apex",
        "acrobot-apex",
        "cartpole-dqn",
        "cartpole-ppo",
        "acrobot-ppo",
        "pendulum-ppo",
        "mountain-car-continuous-ppo",
        "cartpole-impala",
        "impala-throughput",
        "cartpole-a2c",
        "cartpole-reinforce",
        "cartpole-a3c"
      })
  void isGoodAndEveryOptionOfItsAlgorithmIsRead(String name) {
    ClassLoader loader = ExampleConfigurationsTest.class.getClassLoader();
    ExperimentReader reader = new ExperimentReader(loader);

    Experiment experiment = reader.read(Path.of("..", "conf", name + ".yaml"), List.of());

    assertThat(experiment.name()).isEqualTo(name);
    assertThat(experiment.evaluation().targetReturn()).isNotNaN();
    Agent agent = experiment.agent(loader);
    agent.policy();
    agent.replay();
    if (agent instanceof ReplayAgent sampling) {
      sampling.accumulator(0);
      sampling.learner((network, count) -> new TestingNetwork(network), 1).close();
      SamplerProvider.catalogue(loader)
          .get(experiment.replay().sampler())
          .create(1, experiment.settings());
    } else if (agent instanceof TrajectoryAgent inTurn) {
      inTurn.worker();
      inTurn.learner((network, count) -> new TestingNetwork(network), 1).close();
    }
    Set<String> unread = new TreeSet<>();
    reader.options(experiment).forEach(option -> unread.add(option.key()));
    unread.removeAll(experiment.settings().read());
    assertThat(unread).as("options that nothing reads").isEmpty();
  }

  /** A network that is made and never asked. */
  private record TestingNetwork(NetworkSpec spec) implements Network {
    @Override
    public void parameters(float[] parameters) {}

    @Override
    public void forward(float[] inputs, int count, float[] outputs) {}

    @Override
    public void backward(float[] outputGradients, int count, float[] parameterGradients) {}
  }
}
