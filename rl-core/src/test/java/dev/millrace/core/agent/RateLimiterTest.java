package dev.millrace.core.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RateLimiterTest {
  @Test
  void withholdsInsertsPastTheWindow() {
    RateLimiter limiter = new RateLimiter(4, 100, 380, 420);

    assertThat(limiter.mayInsert(104, 0, 1)).isTrue();
    assertThat(limiter.mayInsert(105, 0, 1)).isFalse();
    assertThat(limiter.mayInsert(105, 4, 1)).isTrue();
  }

  @Test
  void withholdsSamplesBeforeTheMinimumSizeAndPastTheWindow() {
    RateLimiter limiter = new RateLimiter(4, 100, 380, 420);

    assertThat(new RateLimiter(4, 100, 0, 420).maySample(99, 0, 1)).isFalse();
    assertThat(limiter.maySample(100, 0, 20)).isTrue();
    assertThat(limiter.maySample(100, 0, 21)).isFalse();
    assertThat(limiter.maySample(100, 20, 1)).isFalse();
  }

  @Test
  void atMostNeverWithholdsInserts() {
    RateLimiter limiter = RateLimiter.atMost(4, 100);

    assertThat(limiter.mayInsert(Long.MAX_VALUE / 2, 0, 1)).isTrue();
    assertThat(limiter.maySample(100, 0, 400)).isTrue();
    assertThat(limiter.maySample(100, 0, 401)).isFalse();
  }

  /** 0.1 × 3 is more than 0.3: both sides would wait at a bound that neither is beyond. */
  @Test
  void roundingWithholdsNothing() {
    assertThat(new RateLimiter(0.1, 1, -1, 0.3).mayInsert(2, 0, 1)).isTrue();
    assertThat(new RateLimiter(0.7, 1, 1.1, 9).maySample(3, 0, 1)).isTrue();
  }

  @Test
  void refusesAnUpperBoundBelowTheMinimumSize() {
    assertThatThrownBy(() -> new RateLimiter(4, 100, 0, 399))
        .hasMessage(
            "rate limiter max=399.0: must be at least samplesPerInsert × minimumSize (4.0 × 100); too little could be inserted for the first sample");
  }

  @Test
  void refusesAWindowThatIsNone() {
    assertThatThrownBy(() -> new RateLimiter(4, 100, 420, 420))
        .hasMessage(
            "rate limiter samplesPerInsert=4.0, minimumSize=100, min=420.0, max=420.0: needs a positive ratio, a minimum size of at least 1 and min < max");
  }
}
