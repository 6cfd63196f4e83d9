package dev.millrace.job.run;

import org.apache.flink.runtime.operators.coordination.CoordinationRequest;

/**
 * What a client asks the recorder of a running job. Asking is attending: a run that is over stays
 * up for who asked lately.
 *
 * @param halt whether there shall be no further ticket, because a savepoint is to be taken
 * @param file of the run folder, of which to send the bytes from {@code from}; null for none
 */
public record Question(boolean halt, String file, long from) implements CoordinationRequest {
  /** How the run stands, and nothing else. */
  public static final Question STANDING = new Question(false, null, 0);

  /** How the run stands, and let there be no further ticket. */
  public static final Question HALT = new Question(true, null, 0);
}
