package dev.millrace.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  @Test
  void constantStays() {
    assertThat(Schedule.constant(0.3).at(0)).isEqualTo(0.3);
    assertThat(Schedule.constant(0.3).at(Long.MAX_VALUE)).isEqualTo(0.3);
  }

  @Test
  void linearRunsStraightAndStays() {
    Schedule schedule = Schedule.linear(1, 0.2, 100);
    assertThat(schedule.at(0)).isEqualTo(1);
    assertThat(schedule.at(25)).isCloseTo(0.8, Offset.offset(1e-12));
    assertThat(schedule.at(100)).isEqualTo(0.2);
    assertThat(schedule.at(1000)).isEqualTo(0.2);
    assertThat(Schedule.linear(1, 0.2, 0).at(0)).isEqualTo(0.2);
  }

  @Test
  void exponentialShrinksByAConstantFactorAndStays() {
    Schedule schedule = Schedule.exponential(1, 0.0625, 4);
    assertThat(schedule.at(0)).isEqualTo(1);
    assertThat(schedule.at(1)).isCloseTo(0.5, Offset.offset(1e-12));
    assertThat(schedule.at(3)).isCloseTo(0.125, Offset.offset(1e-12));
    assertThat(schedule.at(4)).isEqualTo(0.0625);
    assertThat(schedule.at(99)).isEqualTo(0.0625);
  }

  @Test
  void refusesWhatHasNoMeaning() {
    assertThatThrownBy(() -> Schedule.linear(1, 0, -1))
        .hasMessage("schedule steps=-1: must be at least 0");
    assertThatThrownBy(() -> Schedule.exponential(1, 0, 10))
        .hasMessage(
            "exponential schedule from=1.0, to=0.0: both must be positive; take a linear schedule to reach 0");
  }
}
