package dev.millrace.core.network;

/**
 * Networks in pure Java, where native code is not wanted: actors that differentiate what they
 * played. On one machine the same numbers give the same gradients to the bit.
 */
public final class JavaNetworks implements Networks {

  @Override
  public Network create(NetworkSpec spec, int maxCount) {
    return new JavaNetwork(ForwardPass.of(spec, maxCount));
  }
}
