package dev.millrace.core.network;

/** Makes differentiable networks: a numerical backend. */
@FunctionalInterface
public interface Networks {

  /**
   * A network for up to {@code maxCount} observations at a time; its parameters are zero until set.
   */
  Network create(NetworkSpec spec, int maxCount);
}
