package dev.millrace.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.env.Environment;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.NetworkSpec.Activation;
import dev.millrace.core.network.NetworkSpec.Dense;
import dev.millrace.core.network.NetworkSpec.Head;
import dev.millrace.core.policy.ActingBatch;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.PolicyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyInUseTest {
  private static final ClassLoader LOADER = PolicyInUseTest.class.getClassLoader();
  private static final List<Dense> HIDDEN =
      List.of(new Dense(6, Activation.TANH), new Dense(5, Activation.TANH));

  /** Mean 0.5 and a deviation of 1, whatever it observes. */
  private static final NetworkSpec GAUSSIAN = new NetworkSpec(3, HIDDEN, Head.GAUSSIAN, 2);

  @TempDir Path folder;

  private Path write(String environment, NetworkSpec network, int parameter, float value)
      throws IOException {
    float[] values = new float[network.parameterCount()];
    values[values.length - parameter] = value;
    Path file = folder.resolve("best-policy.millrace");
    new PolicyFile("ppo", environment, network, ParameterVersion.NONE, values).write(file);
    return file;
  }

  private void writeConfig(String environment, String more) throws IOException {
    Files.writeString(
        folder.resolve("config.yaml"),
        """
        name: trial
        seed: 9
        environment: {name: %s}
        algorithm: {name: ppo%s}
        network: {hidden: [6, 5], activation: tanh}
        """
            .formatted(environment, more));
  }

  private static float action(PolicyInUse used) {
    try (Environment environment = used.environment().create()) {
      ActingBatch batch = new ActingBatch(1, environment.spec(), used.policy());
      batch.count = 1;
      batch.greedy = true;
      used.policy().act(batch);
      return batch.actions[0];
    }
  }

  @Test
  void aPolicyOfPpoActsWithoutTheRunsConfiguration() throws IOException {
    NetworkSpec network = new NetworkSpec(4, HIDDEN, Head.LINEAR, 2);
    PolicyInUse used = PolicyInUse.read(write("CartPole-v1", network, 1, 3), LOADER);
    assertThat(used.algorithm()).isEqualTo("ppo");
    assertThat(action(used)).isEqualTo(1);
    assertThat(action(PolicyInUse.read(write("CartPole-v1", network, 2, 3), LOADER))).isZero();
  }

  @Test
  void aGaussianPolicyActsWithItsMeanWithAndWithoutTheRunsConfiguration() throws IOException {
    Path file = write("Pendulum-v1", GAUSSIAN, 2, 0.5f);
    assertThat(action(PolicyInUse.read(file, LOADER))).isEqualTo(0.5f);
    writeConfig("Pendulum-v1", "");
    PolicyInUse used = PolicyInUse.read(folder, LOADER);
    assertThat(action(used)).isEqualTo(0.5f);
    assertThat(used.seed()).isEqualTo(9);
  }

  @Test
  void theRunsConfigurationSaysHowActionsAreBounded() throws IOException {
    Path file = write("Pendulum-v1", GAUSSIAN, 2, 0.5f);
    writeConfig("Pendulum-v1", ", squash-actions: true");
    assertThat(action(PolicyInUse.read(file, LOADER)))
        .isCloseTo((float) (2 * Math.tanh(0.5)), within(1e-5f));
  }

  @Test
  void aPolicyOfAnotherNetworkIsRefused() throws IOException {
    Path file = write("Pendulum-v1", new NetworkSpec(3, HIDDEN, Head.LINEAR, 2), 1, 0);
    assertThatThrownBy(() -> PolicyInUse.read(file, LOADER))
        .hasMessageContaining(
            "its network is 3-6t-5t-2, but ppo on Pendulum-v1 builds 3-6t-5t-2 gaussian; put the run's config.yaml beside it");
  }
}
