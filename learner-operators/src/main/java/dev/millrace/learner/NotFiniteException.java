package dev.millrace.learner;

/** Too many updates in a row were not finite: learning has failed for good. */
final class NotFiniteException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  NotFiniteException(String message) {
    super(message);
  }
}
