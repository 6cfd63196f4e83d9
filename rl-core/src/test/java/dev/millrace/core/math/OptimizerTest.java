package dev.millrace.core.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.core.Golden;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class OptimizerTest {
  private static final JsonNode GOLDEN = Golden.read("optimizers.json");

  @Test
  void adamTakesTheReferenceSteps() {
    for (JsonNode row : GOLDEN.get("adam")) {
      follow(
          Optimizer.adam(
              4,
              row.get("learning_rate").asDouble(),
              row.get("beta1").asDouble(),
              row.get("beta2").asDouble(),
              row.get("epsilon").asDouble()),
          row.get("parameters"));
    }
  }

  @Test
  void rmsPropTakesTheReferenceSteps() {
    for (JsonNode row : GOLDEN.get("rmsprop")) {
      follow(
          Optimizer.rmsProp(
              4,
              row.get("learning_rate").asDouble(),
              row.get("smoothing").asDouble(),
              row.get("epsilon").asDouble()),
          row.get("parameters"));
    }
  }

  private static void follow(Optimizer optimizer, JsonNode expected) {
    float[] parameters = Golden.floats(GOLDEN.get("parameters"));
    JsonNode gradients = GOLDEN.get("gradients");
    for (int step = 0; step < gradients.size(); step++) {
      optimizer.apply(parameters, Golden.floats(gradients.get(step)));
      assertThat(optimizer.step()).isEqualTo(step + 1);
      for (int i = 0; i < parameters.length; i++) {
        assertThat((double) parameters[i])
            .as("step %d, parameter %d", step, i)
            .isCloseTo(expected.get(step).get(i).asDouble(), Offset.offset(2e-6));
      }
    }
  }

  @Test
  void aFreshOneContinuesWhatWasSaved() throws IOException {
    List<Supplier<Optimizer>> kinds =
        List.of(
            () -> Optimizer.adam(100, 0.01, 0.9, 0.999, 1e-8),
            () -> Optimizer.rmsProp(100, 0.01, 0.9, 1e-8));
    for (Supplier<Optimizer> kind : kinds) {
      SeededRandom random = new SeededRandom(5);
      Optimizer optimizer = kind.get();
      float[] parameters = floats(random);
      optimizer.apply(parameters, floats(random));
      optimizer.apply(parameters, floats(random));
      Optimizer fresh = kind.get();
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(save(optimizer)));
      fresh.restore(in);
      assertThat(in.read()).isEqualTo(-1);
      assertThat(fresh.step()).isEqualTo(2);
      float[] copy = parameters.clone();
      float[] gradient = floats(random);
      optimizer.apply(parameters, gradient);
      fresh.apply(copy, gradient);
      assertThat(copy).isEqualTo(parameters);
    }
  }

  @Test
  void refusesTheStateOfAnother() throws IOException {
    byte[] saved = save(Optimizer.adam(3, 0.1, 0.9, 0.999, 1e-8));
    assertThatThrownBy(() -> restore(Optimizer.rmsProp(3, 0.1, 0.9, 1e-8), saved))
        .hasMessage(
            "optimizer was saved as adam over 3 parameters, the configuration says rmsprop over 3: its running means cannot be continued; resume with the optimizer and network of before");
    assertThatThrownBy(() -> restore(Optimizer.adam(4, 0.1, 0.9, 0.999, 1e-8), saved))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("adam over 3 parameters, the configuration says adam over 4");
    saved[3] = 9;
    assertThatThrownBy(() -> restore(Optimizer.adam(3, 0.1, 0.9, 0.999, 1e-8), saved))
        .hasMessage("optimizer version=9: this build reads version 1; use the build that wrote it");
  }

  @Test
  void refusesWhatHasNoMeaning() {
    assertThatThrownBy(() -> Optimizer.adam(3, 0, 0.9, 0.999, 1e-8))
        .hasMessage("learning rate=0.0: must be greater than 0");
    assertThatThrownBy(() -> Optimizer.adam(3, 1, 1, 0.999, 1e-8))
        .hasMessage("beta1=1.0: must be at least 0 and below 1");
    assertThatThrownBy(() -> Optimizer.adam(3, 1, 0, -0.1, 1e-8))
        .hasMessage("beta2=-0.1: must be at least 0 and below 1");
    assertThatThrownBy(() -> Optimizer.rmsProp(3, 1, 1, 1e-8))
        .hasMessage("smoothing=1.0: must be at least 0 and below 1");
    assertThatThrownBy(() -> Optimizer.rmsProp(3, 1, 0.9, 0))
        .hasMessage("epsilon=0.0: must be greater than 0");
    Optimizer optimizer = Optimizer.rmsProp(3, 1, 0.9, 1e-8);
    assertThatThrownBy(() -> optimizer.apply(new float[2], new float[3]))
        .hasMessage("parameters has 2 entries: must have 3, as the optimizer was made for");
    assertThatThrownBy(() -> optimizer.apply(new float[3], new float[2]))
        .hasMessage("gradient has 2 entries: must have 3, one for each parameter");
    assertThat(optimizer.step()).isZero();
  }

  private static float[] floats(SeededRandom random) {
    float[] values = new float[100];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static byte[] save(Optimizer optimizer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    optimizer.save(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static void restore(Optimizer optimizer, byte[] saved) throws IOException {
    optimizer.restore(new DataInputStream(new ByteArrayInputStream(saved)));
  }
}
