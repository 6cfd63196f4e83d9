package dev.millrace.job.run;

import java.util.ArrayList;
import java.util.List;

/**
 * "Please stop": asked by a signal handler, heeded by a {@link Runner}. Asking twice is asking
 * once.
 */
public final class StopRequest {
  private final List<Runnable> listeners = new ArrayList<>();
  private boolean requested;

  /** Asks. Listeners run in the caller's thread. */
  public void request() {
    List<Runnable> waiting;
    synchronized (this) {
      if (requested) {
        return;
      }
      requested = true;
      waiting = List.copyOf(listeners);
    }
    waiting.forEach(Runnable::run);
  }

  public synchronized boolean requested() {
    return requested;
  }

  /** Runs {@code listener} when it is asked, or now if it was. */
  public void onRequest(Runnable listener) {
    synchronized (this) {
      if (!requested) {
        listeners.add(listener);
        return;
      }
    }
    listener.run();
  }
}
