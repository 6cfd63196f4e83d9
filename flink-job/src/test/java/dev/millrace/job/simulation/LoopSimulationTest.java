package dev.millrace.job.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Ten thousand schedules of the loop keep its invariants, and a loop that is broken in any of many
 * ways does not. To run one schedule alone: {@code -Dmillrace.simulation.seed=N}.
 */
class LoopSimulationTest {
  private static final Long ONLY = Long.getLong("millrace.simulation.seed");
  private static final int SCHEDULES = 10_000;

  /** Enough for the rarest defect to show, several times over. */
  private static final int ENOUGH = 2_000;

  @Test
  void tenThousandSchedulesKeepTheInvariants() {
    Tally total = new Tally();
    List<String> failures = new ArrayList<>();
    long first = ONLY == null ? 0 : ONLY;
    long end = ONLY == null ? SCHEDULES : ONLY + 1;
    for (long seed = first; seed < end; seed++) {
      try {
        total.add(new LoopSimulation(seed, Defect.NONE).run());
      } catch (AssertionError e) {
        failures.add(e.getMessage());
      }
    }
    assertThat(failures.size())
        .as(() -> "schedules that failed; the first is " + failures.get(0))
        .isZero();
    if (ONLY == null) {
      checkVariety(total);
    }
  }

  /** That nothing was violated says something only if there was occasion to. */
  private static void checkVariety(Tally total) {
    assertThat(total.oneEnvironment).as("with one environment").isGreaterThan(1000);
    assertThat(total.smallestWindow).as("at the smallest window").isGreaterThan(4000);
    assertThat(total.skewed).as("with uneven shards").isGreaterThan(2000);
    assertThat(total.residueBeyondMinimum).as("held back at the start").isGreaterThan(2000);
    assertThat(total.closed).as("ended by the target").isGreaterThan(500);
    assertThat(total.dropped).as("messages lost").isGreaterThan(total.sent / 10);
    assertThat(total.outlived).as("messages from before a crash").isGreaterThan(5000);
    assertThat(total.restored).as("restores").isGreaterThan(5000);
    assertThat(total.startedOver).as("crashes before a checkpoint").isGreaterThan(1000);
    assertThat(total.abandoned).as("transitions abandoned").isGreaterThan(10_000);
    assertThat(total.prioritiesIgnored).as("priorities ignored").isGreaterThan(10_000);
    assertThat(total.prioritiesApplied).as("priorities applied").isGreaterThan(100_000);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void findsWhatIsBroken(Defect defect) {
    assertThatThrownBy(
            () -> {
              for (long seed = 0; seed < ENOUGH; seed++) {
                new LoopSimulation(seed, defect).run();
              }
            })
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("runs it alone");
  }

  @Test
  void aSeedDecidesTheSchedule() {
    for (long seed = 0; seed < 20; seed++) {
      Tally once = new LoopSimulation(seed, Defect.NONE).run();
      Tally again = new LoopSimulation(seed, Defect.NONE).run();
      assertThat(again).hasToString(once.toString());
    }
  }
}
