package dev.millrace.core.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.agent.RateLimiter;
import org.junit.jupiter.api.Test;

class SmallestWindowTest {
  private static final SmallestWindow WINDOW = SmallestWindow.of(0.5, 8, 3, 4, 2, 64);

  @Test
  void isWhatActingAndLearningAskForAtOnce() {
    assertThat(WINDOW).isEqualTo(new SmallestWindow(16, 64));
    assertThat(WINDOW.samples()).isEqualTo(80);
    assertThat(SmallestWindow.of(0.5, 1, 2, 1, 1, 64).samples()).as("rounded up").isEqualTo(66);
  }

  @Test
  void hasRoomForBothWhereSamplingBegins() {
    assertThat(WINDOW.limiter(0.5, 100, 80)).isEqualTo(new RateLimiter(0.5, 100, -14, 66));
    assertThat(WINDOW.limiter(0.5, 100, 90)).isEqualTo(new RateLimiter(0.5, 100, -19, 71));
  }

  @Test
  void refusesANarrowerOne() {
    assertThatThrownBy(() -> WINDOW.limiter(0.5, 100, 79.5))
        .hasMessage(
            "window=79.5: must be at least 80, or acting and learning could wait for each other for good");
  }

  /**
   * At every lead one side may go on; in a window that is one sample narrower, not at every one.
   */
  @Test
  void neverLetsBothSidesWait() {
    assertThat(leadsAtWhichBothWait(WINDOW.limiter(0.5, 100, 80))).isZero();
    RateLimiter narrower = new RateLimiter(0.5, 100, -13, 66);
    assertThat(leadsAtWhichBothWait(narrower)).isPositive();
  }

  private static int leadsAtWhichBothWait(RateLimiter limiter) {
    int both = 0;
    for (long inserted = 100; inserted < 400; inserted++) {
      for (long sampled = 0; sampled < 400; sampled++) {
        boolean acts = limiter.mayInsert(inserted + 24, sampled, 8);
        both += acts || limiter.maySample(inserted, sampled, 64) ? 0 : 1;
      }
    }
    return both;
  }
}
