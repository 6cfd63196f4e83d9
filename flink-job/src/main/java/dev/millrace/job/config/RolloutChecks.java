package dev.millrace.job.config;

import static dev.millrace.job.config.ExperimentOptions.BUDGET;
import static dev.millrace.job.config.ExperimentOptions.ENVIRONMENT_COUNT;
import static dev.millrace.job.config.ExperimentOptions.GROUP_SIZE;
import static dev.millrace.job.config.ExperimentOptions.PUBLISH_EVERY;
import static dev.millrace.job.config.ExperimentOptions.STEPS_PER_TICKET;
import static dev.millrace.job.config.ExperimentOptions.WINDOW;

import dev.millrace.core.agent.RateLimiter;
import dev.millrace.core.agent.ReplaySpec;

/** The rules between options where each rollout is learned from once. */
record RolloutChecks(ComparedOptions options, int maxEpisodeSteps) {
  private static final int STEPS_OF_A_ROLLOUT = 32;

  /** What was left to be chosen; null if what it depends on is known to be bad. */
  Pace pace(ReplaySpec.Fifo fifo) {
    if (!options.good(WINDOW, STEPS_PER_TICKET, ENVIRONMENT_COUNT, GROUP_SIZE, PUBLISH_EVERY)) {
      return null;
    }
    if (fifo.wholeEpisodes() && options.get(STEPS_PER_TICKET) != 0) {
      options.refuse(STEPS_PER_TICKET, "must be 0; a rollout of this algorithm is a whole episode");
    }
    int steps =
        fifo.wholeEpisodes()
            ? maxEpisodeSteps
            : options.chosen(STEPS_PER_TICKET, STEPS_OF_A_ROLLOUT);
    int publishEvery = options.chosen(PUBLISH_EVERY, 1);
    return new Pace(steps, limiter(fifo, steps), publishEvery);
  }

  private RateLimiter limiter(ReplaySpec.Fifo fifo, long steps) {
    if (fifo.lockStep()) {
      roundsCanRun(steps);
      return RateLimiter.atMost(1, 1);
    }
    return decoupled(steps, fifo.batchSize());
  }

  private void roundsCanRun(long steps) {
    if (options.get(PUBLISH_EVERY) > 1) {
      options.refuse(
          PUBLISH_EVERY, "must be 1, or 0; in lock-step actors wait for every update's parameters");
    }
    if (options.get(WINDOW) != 0) {
      options.refuse(WINDOW, "must be 0; in lock-step acting and learning cannot drift apart");
    }
    long count = options.get(ENVIRONMENT_COUNT);
    if (options.good(BUDGET) && options.get(BUDGET) < steps * count) {
      options.refuse(
          BUDGET,
          "must be at least %d, a round of %d steps in each of %d environments; none would ever be begun",
          steps * count,
          steps,
          count);
    }
  }

  /** At least a ticket more than what may wait for the rest of its batch. */
  private RateLimiter decoupled(long steps, long batch) {
    long count = options.get(ENVIRONMENT_COUNT);
    long least = batch + steps * Math.min(options.get(GROUP_SIZE), count);
    long window = options.get(WINDOW);
    if (window == 0) {
      window = 2 * steps * count + batch;
    } else if (window < least) {
      options.refuse(
          WINDOW,
          "must be at least %d, or acting and learning could wait for each other for good: learner.batch-size (%d) + a ticket of %d steps in each environment of a group; 0 chooses it",
          least,
          batch,
          steps);
      return null;
    }
    return new RateLimiter(1, 1, 0, window);
  }
}
