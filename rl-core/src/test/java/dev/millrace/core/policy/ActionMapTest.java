package dev.millrace.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.env.Space;
import org.junit.jupiter.api.Test;

class ActionMapTest {
  private static final Space.Box BOX = new Space.Box(new float[] {-1, 0}, new float[] {2, 10});
  private final float[] actions = {99, 99, 99, 99};

  @Test
  void aChoiceStaysWhatItIs() {
    ActionMap.SAME.apply(new float[] {7, 3, 5}, 1, actions);
    assertThat(actions).containsExactly(99, 3, 99, 99);
  }

  @Test
  void whatLiesOutsideIsClippedToTheNearest() {
    ActionMap map = ActionMap.clipped(BOX);
    map.apply(new float[] {0, 0, -3, 12}, 1, actions);
    assertThat(actions).containsExactly(99, 99, -1, 10);
    map.apply(new float[] {1.5f, 4, 0, 0}, 0, actions);
    assertThat(actions).containsExactly(1.5f, 4, -1, 10);
  }

  @Test
  void aBoxWithoutBoundsClipsNothing() {
    float infinite = Float.POSITIVE_INFINITY;
    ActionMap.clipped(Space.Box.symmetric(2, infinite)).apply(new float[] {1e30f, -7}, 0, actions);
    assertThat(actions).startsWith(1e30f, -7);
  }

  @Test
  void theLineIsSquashedIntoTheBox() {
    ActionMap map = ActionMap.squashed(BOX);
    map.apply(new float[] {9, 9, 0, 0.5f}, 1, actions);
    assertThat(actions)
        .containsExactly(
            new float[] {99, 99, 0.5f, (float) (5 + 5 * Math.tanh(0.5))}, within(1e-5f));
    map.apply(new float[] {-100, 100}, 0, actions);
    assertThat(actions[0]).isBetween(-1f, -0.999f);
    assertThat(actions[1]).isBetween(9.99f, 10f);
  }

  @Test
  void aBoxWithoutBoundsCannotBeSquashedInto() {
    assertThatThrownBy(() -> ActionMap.squashed(Space.Box.symmetric(1, Float.POSITIVE_INFINITY)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
