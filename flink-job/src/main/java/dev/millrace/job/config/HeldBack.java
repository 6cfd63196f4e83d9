package dev.millrace.job.config;

import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.env.TimeStep;
import dev.millrace.core.experience.Accumulator;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.policy.ParameterVersion;
import java.util.function.Consumer;

/** How many steps of one environment an agent may hold back before it remembers them. */
final class HeldBack {
  /** An accumulator that waits for longer than this waits for the end of the episode. */
  private static final int STEPS = 1000;

  private HeldBack() {}

  /** Asks a fresh accumulator, after an episode that has not ended. */
  static int by(ReplayAgent agent) {
    int annotations = agent.policy().annotationSize();
    float[] observation = new float[agent.replay().observationSize()];
    float[] action = new float[agent.replay().actionSize()];
    Consumer<Transition> ignored = transition -> {};
    Accumulator<Transition> accumulator = agent.accumulator(0);
    accumulator.begin(0, observation);
    for (int step = 0; step < STEPS; step++) {
      accumulator.decided(ParameterVersion.NONE, action, 0, new float[annotations], 0, ignored);
      accumulator.stepped(TimeStep.mid(observation, 0f), ignored);
    }
    return accumulator.abandon();
  }
}
