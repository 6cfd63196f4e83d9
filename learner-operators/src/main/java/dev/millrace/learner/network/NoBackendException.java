package dev.millrace.learner.network;

/** That ND4J, or what it is to compute on, is not here: no network can be made in this JVM. */
public final class NoBackendException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * @param missing what could not be found
   */
  public NoBackendException(Throwable missing) {
    super(
        "ND4J cannot run here (%s): put the jars of deploy/lib, which `mvn -pl deploy/lib package` gathers, into the lib/ of every TaskManager and start it again; a jar of natives must be for its processor"
            .formatted(first(missing)));
    addSuppressed(missing); // as a cause it would be what a client shows, instead of the remedy
  }

  /** For want of something else that is not here, which {@code message} names. */
  public NoBackendException(String message) {
    super(message);
  }

  /** What was missed first; the rest tells how that was found. */
  private static String first(Throwable missing) {
    Throwable first = missing;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    return first.toString();
  }
}
