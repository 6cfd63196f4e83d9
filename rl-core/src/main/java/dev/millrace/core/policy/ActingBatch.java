package dev.millrace.core.policy;

import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.math.SeededRandom;

/**
 * One decision for each of a few environments: what a {@link Policy} reads and what it fills in.
 * Reused from step to step; row {@code i} belongs to environment {@code environments[i]}.
 */
public final class ActingBatch {
  public final int capacity;
  public final int observationSize;
  public final int actionSize;
  public final int annotationSize;
  public final int memorySize;

  /** In: {@code [capacity × D]}. */
  public final float[] observations;

  /** In: the experiment-wide number of the environment in each row, from 0. */
  public final int[] environments;

  /** In: the generator of the environment in each row. */
  public final SeededRandom[] randoms;

  /** In: rows in use. */
  public int count;

  /** In: true to exploit only, as evaluation does. */
  public boolean greedy;

  /** In: the experiment's clock, environment steps issued so far over all environments. */
  public long environmentSteps;

  /**
   * In and out: {@code [capacity × memorySize]}, what the policy carries from step to step of an
   * episode; zeros when one begins.
   */
  public final float[] memory;

  /** Out: {@code [capacity × A]}. */
  public final float[] actions;

  /** Out: {@code [capacity × annotationSize]}, what the algorithm's accumulator wants to know. */
  public final float[] annotations;

  public ActingBatch(int capacity, EnvironmentSpec spec, Policy policy) {
    this.capacity = capacity;
    this.observationSize = spec.observationSize();
    this.actionSize = spec.actionSize();
    annotationSize = policy.annotationSize();
    memorySize = policy.memorySize();
    observations = new float[capacity * observationSize];
    environments = new int[capacity];
    randoms = new SeededRandom[capacity];
    memory = new float[capacity * memorySize];
    actions = new float[capacity * actionSize];
    annotations = new float[capacity * annotationSize];
  }
}
