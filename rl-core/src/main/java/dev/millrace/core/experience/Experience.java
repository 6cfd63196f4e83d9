package dev.millrace.core.experience;

/** What an {@link Accumulator} completes. */
public sealed interface Experience permits Transition, Trajectory {

  /** How many steps of the environment begin in it. */
  int steps();
}
