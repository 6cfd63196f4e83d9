package dev.millrace.job.client;

/** Nothing more will be heard of a job, whatever has become of it. */
public final class LostJobException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LostJobException(String message, Throwable cause) {
    super(message, cause);
  }
}
