package dev.millrace.learner.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.ForwardPass;
import dev.millrace.core.network.Initialization;
import dev.millrace.core.network.NetworkContract;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.NetworkSpec.Activation;
import dev.millrace.core.network.NetworkSpec.Dense;
import dev.millrace.core.network.NetworkSpec.Head;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;

class Dl4jExportTest {
  @TempDir Path folder;

  @Test
  void deepLearning4jAnswersWhatTheDuelingPolicyAnswers() throws Exception {
    agrees(
        new NetworkSpec(
            4,
            List.of(new Dense(16, Activation.RELU), new Dense(12, Activation.TANH)),
            Head.DUELING,
            3));
  }

  @Test
  void deepLearning4jAnswersWhatTheLinearPolicyAnswers() throws Exception {
    agrees(new NetworkSpec(3, List.of(new Dense(8, Activation.TANH)), Head.LINEAR, 2));
  }

  @Test
  void deepLearning4jAnswersWithTheMeansOfAGaussianPolicy() throws Exception {
    agrees(new NetworkSpec(3, List.of(new Dense(8, Activation.TANH)), Head.GAUSSIAN, 4));
  }

  private void agrees(NetworkSpec spec) throws Exception {
    SeededRandom random = new SeededRandom(5);
    float[] parameters = Initialization.FAN_IN.parameters(spec, random);
    int count = 6;
    float[] observations = NetworkContract.gaussians(random, count * spec.inputs());
    float[] expected = new float[count * spec.outputs()];
    ForwardPass pass = ForwardPass.of(spec, count);
    pass.parameters(parameters);
    pass.forward(observations, count, expected);

    Path path = folder.resolve("policy.zip");
    Dl4jExport.write(spec, parameters, path);
    MultiLayerNetwork network = ModelSerializer.restoreMultiLayerNetwork(path.toFile(), false);
    float[] answers =
        network
            .output(Nd4j.create(observations, new int[] {count, spec.inputs()}, 'c'))
            .dup('c')
            .data()
            .asFloat();

    int exported = spec.head() == Head.GAUSSIAN ? spec.outputs() / 2 : spec.outputs();
    assertThat(answers).hasSize(count * exported);
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < exported; j++) {
        assertThat(answers[i * exported + j])
            .isCloseTo(expected[i * spec.outputs() + j], within(1e-5f));
      }
    }
  }

  @Test
  void refusesParametersOfAnotherNetwork() {
    NetworkSpec spec = new NetworkSpec(2, List.of(), Head.LINEAR, 1);
    assertThatThrownBy(() -> Dl4jExport.write(spec, new float[4], folder.resolve("policy.zip")))
        .hasMessage("parameters=float[4]: network 2-1 has 3; they belong to another network");
  }
}
