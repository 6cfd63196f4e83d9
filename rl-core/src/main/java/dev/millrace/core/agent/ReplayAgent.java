package dev.millrace.core.agent;

import dev.millrace.core.experience.Accumulator;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.network.Networks;

/** An agent that keeps transitions in a replay and learns from samples of them. */
public non-sealed interface ReplayAgent extends Agent {

  @Override
  ReplaySpec.Sampled replay();

  /**
   * What it remembers: a new accumulator, for one environment.
   *
   * @param environment the experiment-wide number that its transitions carry
   */
  Accumulator<Transition> accumulator(int environment);

  /**
   * How it learns: a new learner, at its first step or about to be restored. Its batches have
   * probabilities over the whole replay; its updates answer with priorities.
   *
   * @param seed decides the initial parameters and every later draw
   */
  Learner<SampleBatch> learner(Networks networks, long seed);
}
