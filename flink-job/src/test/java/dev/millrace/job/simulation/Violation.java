package dev.millrace.job.simulation;

/** An invariant of the loop does not hold. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Violation(String message) {
    super(message);
  }
}
