package dev.millrace.core.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SpaceTest {

  @Test
  void aDiscreteValueCarriesItsIndex() {
    Space.Discrete space = new Space.Discrete(3);
    assertThat(space.size()).isEqualTo(1);
    assertThat(space.index(0)).isZero();
    assertThat(space.index(2)).isEqualTo(2);
  }

  @Test
  void whatIsNoChoiceIsRefused() {
    Space.Discrete space = new Space.Discrete(3);
    for (float value : new float[] {-1, 3, 0.5f, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> space.index(value))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("action=%s: must be a whole number from 0 to 2".formatted(value));
    }
  }

  @Test
  void aFloatMustBeAbleToCountTheChoices() {
    int most = 1 << 24;
    assertThat(new Space.Discrete(most).index(most - 1)).isEqualTo(most - 1);
    assertThatThrownBy(() -> new Space.Discrete(most + 1))
        .hasMessage("discrete n=16777217: must be between 1 and 16777216");
    assertThatThrownBy(() -> new Space.Discrete(0))
        .hasMessage("discrete n=0: must be between 1 and 16777216");
  }

  @Test
  void aBoxClipsToTheBoundsOfTheDimension() {
    Space.Box box = new Space.Box(new float[] {-1, 0}, new float[] {2, Float.POSITIVE_INFINITY});
    assertThat(box.clip(0, -1.5f)).isEqualTo(-1f);
    assertThat(box.clip(0, 0.3f)).isEqualTo(0.3f);
    assertThat(box.clip(0, Float.MAX_VALUE)).isEqualTo(2f);
    assertThat(box.clip(1, -1.5f)).isZero();
    assertThat(box.clip(1, Float.MAX_VALUE)).isEqualTo(Float.MAX_VALUE);
  }

  @Test
  void aBoxClipsNothingThatIsNotFinite() {
    Space.Box box = new Space.Box(new float[] {-1, -3}, new float[] {2, 4});
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      assertThatThrownBy(() -> box.clip(1, value))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "action[1]=%s: must be finite; only finite numbers are clipped to -3.0 to 4.0"
                  .formatted(value));
    }
  }

  @Test
  void boxesWithEqualBoundsAreEqual() {
    Space.Box box = Space.Box.symmetric(2, 1.5f);
    Space.Box same = new Space.Box(new float[] {-1.5f, -1.5f}, new float[] {1.5f, 1.5f});
    assertThat(box).isEqualTo(same).hasSameHashCodeAs(same);
    assertThat(box).isNotEqualTo(Space.Box.symmetric(2, 2));
    assertThat(box).isNotEqualTo(Space.Box.symmetric(3, 1.5f));
    assertThat(box.size()).isEqualTo(2);
    assertThat(box).hasToString("Box[low=[-1.5, -1.5], high=[1.5, 1.5]]");
  }

  @Test
  void aBoxMayBeInfiniteButNotInsideOut() {
    new Space.Box(new float[] {Float.NEGATIVE_INFINITY}, new float[] {Float.POSITIVE_INFINITY});
    assertThatThrownBy(() -> new Space.Box(new float[] {0, 2}, new float[] {1, 1}))
        .hasMessage("box low[1]=2.0, high[1]=1.0: low must not exceed high");
    assertThatThrownBy(() -> new Space.Box(new float[] {Float.NaN}, new float[] {1}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Space.Box(new float[2], new float[3]))
        .hasMessage("box low has 2 and high has 3 dimensions: must be equal and at least 1");
    assertThatThrownBy(() -> new Space.Box(new float[0], new float[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
