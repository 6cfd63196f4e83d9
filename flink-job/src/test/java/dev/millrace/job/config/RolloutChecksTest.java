package dev.millrace.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.agent.RateLimiter;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.config.Settings;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RolloutChecksTest {
  private static final int MAX_EPISODE_STEPS = 500;
  private static final ReplaySpec.Fifo LOCK_STEP = ReplaySpec.Fifo.lockStep(0.99);
  private static final ReplaySpec.Fifo EPISODES = ReplaySpec.Fifo.lockStepEpisodes(0.99);
  private static final ReplaySpec.Fifo DECOUPLED = ReplaySpec.Fifo.decoupled(0.99, 500, 20);

  private final List<String> problems = new ArrayList<>();

  /** Eight environments in groups of four, unless {@code keysAndValues} say otherwise. */
  private Pace pace(ReplaySpec.Fifo fifo, Object... keysAndValues) {
    return pace(fifo, Set.of(), keysAndValues);
  }

  private Pace pace(ReplaySpec.Fifo fifo, Set<String> bad, Object... keysAndValues) {
    Map<String, Serializable> values = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put((String) keysAndValues[i], (Serializable) keysAndValues[i + 1]);
    }
    ComparedOptions options =
        new ComparedOptions(new Settings(values), bad, (key, message) -> problems.add(message));
    return new RolloutChecks(options, MAX_EPISODE_STEPS).pace(fifo);
  }

  @Test
  void whatIsLeftToBeChosenIsChosen() {
    assertThat(pace(LOCK_STEP)).isEqualTo(new Pace(32, RateLimiter.atMost(1, 1), 1));
    assertThat(pace(EPISODES)).isEqualTo(new Pace(500, RateLimiter.atMost(1, 1), 1));
    assertThat(pace(DECOUPLED))
        .isEqualTo(new Pace(32, new RateLimiter(1, 1, 0, 2 * 32 * 8 + 500), 1));
    assertThat(problems).isEmpty();
  }

  @Test
  void whatIsGivenIsTaken() {
    assertThat(pace(LOCK_STEP, "actor.steps-per-ticket", 128L, "learner.publish-every", 1L))
        .isEqualTo(new Pace(128, RateLimiter.atMost(1, 1), 1));
    assertThat(
            pace(
                DECOUPLED,
                "actor.steps-per-ticket",
                20L,
                "learner.publish-every",
                5L,
                "replay.window",
                580L))
        .isEqualTo(new Pace(20, new RateLimiter(1, 1, 0, 580), 5));
    assertThat(problems).isEmpty();
  }

  @Test
  void aRolloutThatIsAnEpisodeHasNoNumberOfSteps() {
    pace(EPISODES, "actor.steps-per-ticket", 20L);
    assertThat(problems)
        .containsExactly(
            "actor.steps-per-ticket=20: must be 0; a rollout of this algorithm is a whole episode");
  }

  @Test
  void inLockStepEveryUpdateIsPublishedAndNothingDriftsApart() {
    pace(LOCK_STEP, "learner.publish-every", 2L, "replay.window", 100L);
    assertThat(problems)
        .containsExactly(
            "learner.publish-every=2: must be 1, or 0; in lock-step actors wait for every update's parameters",
            "replay.window=100: must be 0; in lock-step acting and learning cannot drift apart");
  }

  @Test
  void theBudgetHoldsARound() {
    pace(LOCK_STEP, "budget.environment-steps", 255L);
    pace(EPISODES, "environment.count", 3L, "budget.environment-steps", 1499L);
    assertThat(problems)
        .containsExactly(
            "budget.environment-steps=255: must be at least 256, a round of 32 steps in each of 8 environments; none would ever be begun",
            "budget.environment-steps=1499: must be at least 1500, a round of 500 steps in each of 3 environments; none would ever be begun");
    problems.clear();
    pace(LOCK_STEP, "budget.environment-steps", 256L);
    pace(DECOUPLED, "budget.environment-steps", 5L);
    assertThat(problems).isEmpty();
  }

  @Test
  void aWindowHoldsABatchAndATicket() {
    pace(DECOUPLED, "replay.window", 627L);
    assertThat(problems)
        .containsExactly(
            "replay.window=627: must be at least 628, or acting and learning could wait for each other for good: learner.batch-size (500) + a ticket of 32 steps in each environment of a group; 0 chooses it");
    problems.clear();
    assertThat(pace(DECOUPLED, "replay.window", 628L).limiter().max()).isEqualTo(628);
    assertThat(problems).isEmpty();
  }

  @Test
  void whatIsKnownToBeBadIsNotCompared() {
    assertThat(pace(LOCK_STEP, Set.of("replay.window"), "replay.window", 3L)).isNull();
    assertThat(problems).isEmpty();
  }
}
