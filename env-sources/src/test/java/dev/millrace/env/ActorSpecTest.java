package dev.millrace.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ActorSpecTest {

  @Test
  void theLastGroupTakesWhatIsLeft() {
    ActorSpec actors = new ActorSpec(TestingEnvironment.SPEC, 20, 8, 1, 3);
    assertThat(actors.groups()).isEqualTo(3);
    assertThat(actors.groupSizes()).containsExactly(8, 8, 4);
    assertThat(actors.firstOf(2)).isEqualTo(16);
  }

  @Test
  void fewerEnvironmentsThanAGroupHoldsMakeOneGroup() {
    assertThat(new ActorSpec(TestingEnvironment.SPEC, 5, 8, 1, 3).groupSizes()).containsExactly(5);
  }

  @Test
  void countsMustBePositive() {
    assertThatThrownBy(() -> new ActorSpec(TestingEnvironment.SPEC, 5, 0, 1, 3))
        .hasMessage(
            "actors environments=5, groupSize=0, maxConsecutiveFaults=3: must be at least 1");
  }

  @Test
  void unknownEnvironmentsAreNamed() {
    ActorSpec actors =
        new ActorSpec(
            new dev.millrace.core.env.EnvironmentSpec(
                "CartPole-v2",
                TestingEnvironment.SPEC.observations(),
                TestingEnvironment.SPEC.actions(),
                1),
            1,
            1,
            1,
            1);
    assertThatThrownBy(() -> actors.provider(getClass().getClassLoader()))
        .hasMessageStartingWith(
            "no environment is called CartPole-v2 (did you mean CartPole-v1?); known: Acrobot-v1,");
  }
}
