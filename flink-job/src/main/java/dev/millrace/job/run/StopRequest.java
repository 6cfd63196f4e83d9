package dev.millrace.job.run;

/**
 * "Please stop": asked by a signal handler, heeded by a {@link Runner}. Asking twice is asking
 * once.
 */
public final class StopRequest {
  private volatile boolean requested;

  /** Asks. */
  public void request() {
    requested = true;
  }

  public boolean requested() {
    return requested;
  }
}
