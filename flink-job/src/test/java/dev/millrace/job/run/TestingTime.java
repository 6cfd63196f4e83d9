package dev.millrace.job.run;

import java.time.Instant;
import java.time.InstantSource;

/** Time that passes when it is told to. */
final class TestingTime implements InstantSource {
  long millis = 1_700_000_000_000L;

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis);
  }
}
