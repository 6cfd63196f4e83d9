package dev.millrace.streams;

import org.apache.flink.streaming.api.watermark.Watermark;

/**
 * Tells an operator that its run is over and that it should send what it has left: the source of
 * tickets says so with a watermark, which overtakes nothing, and so does the end of any input.
 * Unlike the end of the input the watermark leaves the job up, for a client that wants to see how
 * it ended and to take a savepoint.
 */
public final class RunOver {
  /** Of the watermark; later than any event, before the end of time that ends an input. */
  public static final long TIMESTAMP = Long.MAX_VALUE - 1;

  private boolean seen;

  /** Whether {@code mark} is the first to say that the run is over. */
  public boolean begins(Watermark mark) {
    boolean begins = !seen && mark.getTimestamp() >= TIMESTAMP;
    seen |= begins;
    return begins;
  }
}
