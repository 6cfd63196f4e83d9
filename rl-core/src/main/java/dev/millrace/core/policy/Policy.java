package dev.millrace.core.policy;

/** How an agent acts. One instance is used by one thread; it loads no native code. */
public interface Policy {

  /** Floats per decision that {@link #act} writes to {@link ActingBatch#annotations}. */
  int annotationSize();

  /** Floats in {@link ActingBatch#memory} that it carries from step to step of an episode. */
  default int memorySize() {
    return 0;
  }

  /**
   * Acts with these parameters from now on. The array is read, never written, and may be kept.
   *
   * @throws IllegalArgumentException if the vector's length is not that of the policy's network
   */
  void install(float[] parameters);

  /** Fills in {@code actions} and {@code annotations} of the first {@code count} rows. */
  void act(ActingBatch batch);
}
