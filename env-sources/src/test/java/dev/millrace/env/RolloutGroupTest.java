package dev.millrace.env;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.env.TimeStep;
import dev.millrace.core.experience.Trajectory;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.ActingBatch;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.Policy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link EnvironmentGroup} where steps become trajectories. */
class RolloutGroupTest {
  private static final ParameterVersion VERSION = new ParameterVersion(7, 3);

  private final TestingEnvironment.Provider provider = new TestingEnvironment.Provider();
  private final List<Trajectory> trajectories = new ArrayList<>();
  private final List<Report.Episode> episodes = new ArrayList<>();

  private static ActorSpec actors(int environments) {
    return new ActorSpec(TestingEnvironment.SPEC, environments, environments, 42, 3);
  }

  private EnvironmentGroup<Trajectory> group(int environments, boolean wholeEpisodes) {
    return EnvironmentGroup.of(
        actors(environments), 0, provider, new TestingTrajectoryAgent(wholeEpisodes));
  }

  private void advance(EnvironmentGroup<Trajectory> group, long number, int steps) {
    advance(group, number, steps, new TestingTrajectoryAgent(false).policy());
  }

  private void advance(EnvironmentGroup<Trajectory> group, long number, int steps, Policy policy) {
    trajectories.clear();
    group.advance(
        new Ticket(0, number, steps, 1000 * number, number - 1),
        VERSION,
        policy,
        trajectories::add,
        episodes::add);
  }

  private static int steps(List<Trajectory> trajectories) {
    return trajectories.stream().mapToInt(Trajectory::steps).sum();
  }

  private static TimeStep mid(int elapsed) {
    return TimeStep.mid(new float[] {elapsed, 0}, 1);
  }

  private static TimeStep last(int elapsed) {
    return TimeStep.terminated(new float[] {elapsed, 0}, 1);
  }

  @Test
  void nothingIsLeftBetweenTickets() {
    EnvironmentGroup<Trajectory> group = group(3, false);
    long[] next = new long[3];
    for (int number = 1; number <= 5; number++) {
      advance(group, number, 7);
      assertThat(steps(trajectories)).isEqualTo(21);
      for (Trajectory trajectory : trajectories) {
        assertThat(trajectory.step()).isEqualTo(next[trajectory.environment()]);
        next[trajectory.environment()] += trajectory.steps();
      }
    }
    assertThat(next).containsExactly(35, 35, 35);
    assertThat(group.progress()).isEqualTo(new Progress.Group(0, 5, 105, 0, 0));
    assertThat(episodes).isNotEmpty();
  }

  @Test
  void eachTrajectoryIsOfOneEpisode() {
    EnvironmentGroup<Trajectory> group = group(1, false);
    provider.steps(mid(1), last(2), mid(1), mid(2), mid(3));
    advance(group, 1, 4);
    assertThat(trajectories).extracting(Trajectory::steps).containsExactly(2, 2);
    assertThat(trajectories).extracting(Trajectory::ended).containsExactly(true, false);
    assertThat(trajectories.get(0).discounts()).containsExactly(0.5f, 0);
    assertThat(trajectories.get(1).discounts()).containsExactly(0.5f, 0.5f);
    assertThat(trajectories.get(1).nextObservation()).containsExactly(2, 0);
    advance(group, 2, 1);
    assertThat(trajectories.get(0).observations()).containsExactly(2, 0);
    assertThat(trajectories.get(0).annotations()[0]).as("steps remembered").isEqualTo(2);
  }

  @Test
  void aWholeEpisodeLeavesItsRowAndItsOtherStepsAreSpared() {
    EnvironmentGroup<Trajectory> group = group(3, true);
    provider.steps(mid(1), last(1), mid(1), last(2), mid(2), mid(3), last(4));
    advance(group, 1, 10);
    assertThat(trajectories).extracting(Trajectory::environment).containsExactly(1, 0, 2);
    assertThat(trajectories).extracting(Trajectory::steps).containsExactly(1, 2, 4);
    assertThat(trajectories).allMatch(Trajectory::ended);
    assertThat(group.progress()).isEqualTo(new Progress.Group(0, 1, 7, 0, 23));
    assertThat(group.steps()).isEqualTo(7);
    assertThat(trajectories.get(2).annotations())
        .as("the clock counts the steps taken")
        .containsExactly(0, 1000, 1, 1003, 2, 1005, 3, 1006);
    advance(group, 2, 10);
    assertThat(trajectories).extracting(Trajectory::environment).contains(0, 1, 2);
    assertThat(trajectories).as("from the first step").allMatch(t -> t.annotations()[0] == 0);
  }

  @Test
  void anEpisodeThatIsNotOverWithTheTicketGoesOn() {
    EnvironmentGroup<Trajectory> group = group(1, true);
    provider.steps(mid(1), mid(2), mid(3), last(4));
    advance(group, 1, 3);
    assertThat(trajectories.get(0).ended()).isFalse();
    advance(group, 2, 3);
    assertThat(trajectories).extracting(Trajectory::steps).containsExactly(1);
    assertThat(group.progress()).isEqualTo(new Progress.Group(0, 2, 4, 0, 2));
  }

  @Test
  void aFaultTakesTheStepsOfItsTrajectoryAndAnEpisodeBeginsAnew() {
    EnvironmentGroup<Trajectory> group = group(1, false);
    RuntimeException failure = new IllegalStateException("lost its simulator");
    provider.steps(mid(1), last(2), mid(1), failure, mid(1), mid(2));
    advance(group, 1, 6);
    assertThat(trajectories).extracting(Trajectory::step).containsExactly(0L, 4L);
    assertThat(trajectories).extracting(Trajectory::steps).containsExactly(2, 2);
    assertThat(trajectories.get(1).annotations()[0]).as("nothing remembered").isZero();
    assertThat(group.progress()).isEqualTo(new Progress.Group(0, 1, 4, 2, 0));
    assertThat(group.faults()).isEqualTo(1);
  }

  @Test
  void aFaultEndsAnEnvironmentsPartWhereARolloutIsAnEpisode() {
    EnvironmentGroup<Trajectory> group = group(2, true);
    RuntimeException failure = new IllegalStateException("lost its simulator");
    provider.steps(mid(1), mid(1), failure, mid(2), last(3));
    advance(group, 1, 5);
    assertThat(trajectories).extracting(Trajectory::environment).containsExactly(1);
    assertThat(group.progress()).isEqualTo(new Progress.Group(0, 1, 3, 2, 5));
  }

  @Test
  void aTicketOfFaultsAloneIsAnsweredWithNothing() {
    EnvironmentGroup<Trajectory> group = group(2, true);
    RuntimeException failure = new IllegalStateException("no display");
    provider.steps(failure, failure);
    advance(group, 1, 5);
    assertThat(trajectories).isEmpty();
    assertThat(group.progress()).isEqualTo(new Progress.Group(0, 1, 0, 2, 8));
  }

  @ParameterizedTest
  @CsvSource({"false, 1", "false, 9", "true, 40", "true, 2"})
  void theFutureAfterARestoreIsTheSame(boolean wholeEpisodes, int stepsBefore) throws IOException {
    EnvironmentGroup<Trajectory> original = group(4, wholeEpisodes);
    advance(original, 1, stepsBefore);
    EnvironmentGroup<Trajectory> restored = restored(original, wholeEpisodes);
    assertThat(restored.progress()).isEqualTo(original.progress());
    assertThat(future(restored)).isEqualTo(future(original)).hasSizeGreaterThan(5);
  }

  private List<String> future(EnvironmentGroup<Trajectory> group) {
    episodes.clear();
    List<String> all = new ArrayList<>();
    for (int number = 2; number < 5; number++) {
      advance(group, number, 30);
      trajectories.forEach(t -> all.add(TestingTrajectoryAgent.text(t)));
    }
    episodes.forEach(episode -> all.add(episode.toString()));
    all.add(group.progress().toString());
    return all;
  }

  @Test
  void withoutSnapshotsAnEpisodeIsLostButNoStep() throws IOException {
    provider.snapshots = false;
    EnvironmentGroup<Trajectory> original = group(4, false);
    provider.steps(mid(1), mid(1), mid(1), mid(1), mid(2), mid(2), mid(2), mid(2));
    advance(original, 1, 2);
    EnvironmentGroup<Trajectory> restored = restored(original, false);
    assertThat(restored.progress()).isEqualTo(new Progress.Group(0, 1, 8, 0, 0));
    advance(restored, 2, 1);
    assertThat(trajectories).hasSize(4);
    for (Trajectory trajectory : trajectories) {
      assertThat(trajectory.step()).isEqualTo(2);
      assertThat(trajectory.observations()[0]).as("a first observation").isZero();
      assertThat(trajectory.annotations()[0]).as("nothing remembered").isZero();
    }
  }

  @Test
  void anEpisodeGoesOnWithAPolicyThatRemembersMoreOrNothing() throws IOException {
    for (int memory : new int[] {0, 3}) {
      EnvironmentGroup<Trajectory> original = group(4, false);
      provider.steps(mid(1), mid(1), mid(1), mid(1));
      advance(original, 1, 1);
      EnvironmentGroup<Trajectory> restored = restored(original, false);
      advance(restored, 2, 5, new Remembering(memory));
      assertThat(steps(trajectories)).isEqualTo(20);
    }
  }

  /** Counts the steps of an episode in each of its memories. */
  private record Remembering(int memorySize) implements Policy {
    @Override
    public int annotationSize() {
      return 2;
    }

    @Override
    public void install(float[] parameters) {}

    @Override
    public void act(ActingBatch batch) {
      for (int i = 0; i < batch.count * memorySize; i++) {
        batch.memory[i]++;
        assertThat(batch.memory[i]).isEqualTo(batch.memory[i - i % memorySize]);
      }
    }
  }

  private EnvironmentGroup<Trajectory> restored(
      EnvironmentGroup<Trajectory> original, boolean wholeEpisodes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    original.save(new DataOutputStream(bytes));
    EnvironmentGroup<Trajectory> restored = group(4, wholeEpisodes);
    restored.restore(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    return restored;
  }
}
