package dev.millrace.core.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.math.SeededRandom;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.Test;

class VectorTanhTest {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  private static float tanh(float x) {
    return VectorTanh.of(FloatVector.broadcast(SPECIES, x)).lane(0);
  }

  @Test
  void isTheHyperbolicTangent() {
    for (float x = -12; x <= 12; x += 1 / 512f) {
      assertThat(tanh(x)).as("tanh %s", x).isCloseTo((float) Math.tanh(x), within(2e-7f));
    }
    for (float x = 1e-30f; x < 0.3f; x *= 1.7f) {
      float expected = (float) Math.tanh(x);
      assertThat(tanh(x)).isCloseTo(expected, within(3e-7f * expected));
      assertThat(tanh(-x)).isEqualTo(-tanh(x));
    }
    assertThat(tanh(0)).isEqualTo(0);
    assertThat(tanh(Float.POSITIVE_INFINITY)).isEqualTo(1);
    assertThat(tanh(Float.NEGATIVE_INFINITY)).isEqualTo(-1);
    assertThat(tanh(Float.NaN)).isNaN();
  }

  @Test
  void isTheSameToTheBitBeforeAndAfterItIsCompiled() {
    float[] inputs = new float[4096];
    SeededRandom random = new SeededRandom(5);
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) (3 * random.nextGaussian());
    }
    float[] first = all(inputs);
    for (int again = 0; again < 4000; again++) { // VectorOperators.TANH changes within 2000
      if (!Arrays.equals(all(inputs), first)) {
        assertThat(all(inputs)).as("after %d times", again).isEqualTo(first);
      }
    }
  }

  private static float[] all(float[] inputs) {
    float[] outputs = new float[inputs.length];
    for (int i = 0; i < inputs.length; i += SPECIES.length()) {
      VectorTanh.of(FloatVector.fromArray(SPECIES, inputs, i)).intoArray(outputs, i);
    }
    return outputs;
  }
}
