package dev.millrace.core.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RateLimiterTest {
  @Test
  void theWindowLiesAroundTheMinimumSize() {
    RateLimiter limiter = RateLimiter.around(4, 100, 40);

    assertThat(limiter).isEqualTo(new RateLimiter(4, 100, 380, 420));
  }

  @Test
  void withholdsInsertsOnlyPastTheMinimumSizeAndTheWindow() {
    RateLimiter limiter = new RateLimiter(4, 100, 380, 420);

    assertThat(limiter.mayInsert(99, 1000, 0, 1)).isTrue();
    assertThat(limiter.mayInsert(100, 104, 0, 1)).isTrue();
    assertThat(limiter.mayInsert(100, 105, 0, 1)).isFalse();
    assertThat(limiter.mayInsert(100, 105, 4, 1)).isTrue();
  }

  @Test
  void withholdsSamplesBeforeTheMinimumSizeAndPastTheWindow() {
    RateLimiter limiter = new RateLimiter(4, 100, 380, 420);

    assertThat(limiter.maySample(99, 1000, 0, 1)).isFalse();
    assertThat(limiter.maySample(100, 100, 0, 20)).isTrue();
    assertThat(limiter.maySample(100, 100, 0, 21)).isFalse();
    assertThat(limiter.maySample(100, 100, 20, 1)).isFalse();
  }

  @Test
  void atMostNeverWithholdsInserts() {
    RateLimiter limiter = RateLimiter.atMost(4, 100);

    assertThat(limiter.mayInsert(100, Long.MAX_VALUE / 2, 0, 1)).isTrue();
    assertThat(limiter.maySample(100, 100, 0, 400)).isTrue();
    assertThat(limiter.maySample(100, 100, 0, 401)).isFalse();
  }

  @Test
  void refusesAWindowThatIsNone() {
    assertThatThrownBy(() -> new RateLimiter(4, 100, 420, 420))
        .hasMessage(
            "rate limiter samplesPerInsert=4.0, minimumSize=100, min=420.0, max=420.0: needs a positive ratio, a minimum size of at least 1 and min < max");
  }
}
