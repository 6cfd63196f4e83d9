package dev.millrace.core.experience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.policy.ParameterVersion;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TransitionLayoutTest {

  @Property(tries = 200, seed = "1")
  void whatWasWrittenIsReadIntoTheRowAndNowhereElse(
      @ForAll @IntRange(min = 1, max = 100) int d,
      @ForAll @IntRange(min = 1, max = 40) int a,
      @ForAll @IntRange(min = 0, max = 2) int row,
      @ForAll long seed) {
    TransitionLayout layout = new TransitionLayout(d, a);
    Transition transition = transition(d, a, new SeededRandom(seed));
    byte[] bytes = new byte[layout.bytes() + 11];
    Arrays.fill(bytes, (byte) 77);
    layout.write(transition, bytes, 7);
    for (int i : new int[] {0, 6, layout.bytes() + 7, layout.bytes() + 10}) {
      assertThat(bytes[i]).isEqualTo((byte) 77);
    }

    SampleBatch batch = SampleBatch.allocate(0, 0, 3, 3, d, a);
    layout.read(bytes, 7, batch, row);

    assertThat(layout.environment(bytes, 7)).isEqualTo(transition.environment());
    assertThat(layout.step(bytes, 7)).isEqualTo(transition.step());
    assertThat(batch.observations()).isEqualTo(inRow(transition.observation(), row));
    assertThat(batch.actions()).isEqualTo(inRow(transition.action(), row));
    assertThat(batch.rewards()).isEqualTo(inRow(new float[] {transition.reward()}, row));
    assertThat(batch.discounts()).isEqualTo(inRow(new float[] {transition.discount()}, row));
    assertThat(batch.nextObservations()).isEqualTo(inRow(transition.nextObservation(), row));
  }

  @Test
  void theBytesStayAsTheyAreBecauseStateIsMadeOfThem() {
    TransitionLayout layout = new TransitionLayout(2, 1);
    byte[] bytes = new byte[layout.bytes()];
    layout.write(
        new Transition(
            3,
            258,
            ParameterVersion.NONE,
            new float[] {1, 2},
            new float[] {-1},
            0.5f,
            0.25f,
            new float[] {4, 8},
            Float.NaN),
        bytes,
        0);
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            "03000000"
                + "0201000000000000"
                + "0000803f00000040"
                + "000080bf"
                + "0000003f"
                + "0000803e"
                + "0000804000000041");
  }

  @Test
  void refusesATransitionOfOtherWidths() {
    Transition transition = transition(3, 1, new SeededRandom(1));
    assertThatThrownBy(() -> new TransitionLayout(4, 1).write(transition, new byte[100], 0))
        .hasMessage(
            "transition of environment %d has observation[3], action[1], nextObservation[3]: must be as wide as its layout, observation[4] and action[1]"
                .formatted(transition.environment()));
    assertThatThrownBy(() -> new TransitionLayout(0, 1))
        .hasMessage("transition layout observationSize=0, actionSize=1: must be at least 1");
    assertThatThrownBy(() -> new TransitionLayout(Integer.MAX_VALUE, 1))
        .hasMessageContaining("must fit a byte array of 2 GiB");
  }

  private static float[] inRow(float[] values, int row) {
    float[] rows = new float[3 * values.length];
    System.arraycopy(values, 0, rows, row * values.length, values.length);
    return rows;
  }

  private static Transition transition(int d, int a, SeededRandom random) {
    return new Transition(
        random.nextInt(1 << 20),
        random.nextLong(),
        ParameterVersion.NONE,
        floats(d, random),
        floats(a, random),
        random.nextFloat(),
        random.nextFloat(),
        floats(d, random),
        Float.NaN);
  }

  private static float[] floats(int count, SeededRandom random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }
}
