package dev.millrace.job.run;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How long a run has taken and how often it was interrupted, over the commands that ran it. A
 * restart within a command keeps that command's clock running; a resume adds a new command's.
 */
final class RunClock {
  private final long startedAtMillis;
  private int attempt;
  private long earlierMillis;
  private long earlierRestarts;
  private long activeBeforeMillis;
  private long firstReportMillis;
  private long lastReportMillis;

  /**
   * @param startedAtMillis when the command was given
   * @param attempt of this command's job, from 0
   */
  RunClock(long startedAtMillis, int attempt) {
    this.startedAtMillis = startedAtMillis;
    this.attempt = attempt;
  }

  /** Something was reported. */
  void active(long nowMillis) {
    if (firstReportMillis == 0) {
      firstReportMillis = nowMillis;
    }
    lastReportMillis = nowMillis;
  }

  /** Since the start of the command, and in the commands before. */
  double seconds(long nowMillis) {
    return (earlierMillis + Math.max(0, nowMillis - startedAtMillis)) / 1e3;
  }

  /** Between first and last reports. */
  double activeSeconds() {
    return (activeBeforeMillis + lastReportMillis - firstReportMillis) / 1e3;
  }

  long restarts() {
    return earlierRestarts + attempt;
  }

  void save(DataOutput out, long nowMillis) throws IOException {
    out.writeLong(startedAtMillis);
    out.writeLong(earlierMillis);
    out.writeLong(earlierRestarts);
    out.writeInt(attempt);
    out.writeLong(nowMillis);
    out.writeLong(activeBeforeMillis + lastReportMillis - firstReportMillis);
  }

  void restore(DataInput in) throws IOException {
    long savedStart = in.readLong();
    earlierMillis = in.readLong();
    earlierRestarts = in.readLong();
    int savedAttempt = in.readInt();
    long savedAt = in.readLong();
    activeBeforeMillis = in.readLong();
    if (savedStart != startedAtMillis) {
      earlierMillis += Math.max(0, savedAt - savedStart);
      earlierRestarts += savedAttempt;
    } else {
      // Attempts are counted anew by each JobManager.
      attempt = Math.max(attempt, savedAttempt + 1);
    }
  }
}
