package dev.millrace.job.cli;

import dev.millrace.core.env.Environment;
import dev.millrace.core.env.TimeStep;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.policy.ActingBatch;
import dev.millrace.core.policy.Policy;
import java.io.PrintWriter;
import java.util.Locale;

/** One greedy episode as text frames: in place on a terminal, one below the other otherwise. */
final class TextEpisode {
  private static final String CLEAR = "\033[H\033[2J";
  private static final long FRAME_MILLIS = 40;

  private TextEpisode() {}

  /**
   * Plays the first episode of evaluation {@code series}.
   *
   * @param policy with parameters installed
   */
  static void play(
      Environment environment, Policy policy, long seed, long series, PrintWriter out) {
    ActingBatch batch = new ActingBatch(1, environment.spec(), policy);
    batch.greedy = true;
    batch.count = 1;
    batch.randoms[0] = SeededRandom.of(seed, "evaluation-acting", series, 0);
    boolean terminal = Boolean.getBoolean("millrace.terminal");
    TimeStep step = environment.reset(SeededRandom.of(seed, "evaluation", series, 0));
    double episodeReturn = 0;
    for (int steps = 0; ; steps++) {
      show(environment.render(), steps, episodeReturn, terminal, out);
      if (step.last()) {
        return;
      }
      System.arraycopy(step.observation(), 0, batch.observations, 0, batch.observationSize);
      policy.act(batch);
      step = environment.step(batch.actions.clone());
      episodeReturn += step.reward();
    }
  }

  private static void show(
      String frame, int steps, double episodeReturn, boolean terminal, PrintWriter out) {
    out.print(terminal ? CLEAR : "");
    out.print(frame.endsWith("\n") ? frame : frame + "\n");
    out.printf(Locale.ROOT, "step %d, return %.1f%n", steps, episodeReturn);
    if (terminal) {
      out.flush();
      pause();
    } else {
      out.println();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(FRAME_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
