package dev.millrace.env;

/** An environment failed as often in a row as the configuration tolerates. */
public final class EnvironmentFaultException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EnvironmentFaultException(String message, Throwable cause) {
    super(message, cause);
  }
}
