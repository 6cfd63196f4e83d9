package dev.millrace.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.env.TimeStep;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.ParameterVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentGroupTest {
  private static final ParameterVersion VERSION = new ParameterVersion(7, 3);

  private final TestingEnvironment.Provider provider = new TestingEnvironment.Provider();
  private final List<Transition> transitions = new ArrayList<>();
  private final List<Report.Episode> episodes = new ArrayList<>();

  private static ActorSpec actors(int environments, int groupSize) {
    return new ActorSpec(TestingEnvironment.SPEC, environments, groupSize, 42, 3);
  }

  private EnvironmentGroup<Transition> group(int environments) {
    return EnvironmentGroup.of(actors(environments, environments), 0, provider, new TestingAgent());
  }

  private void advance(EnvironmentGroup<Transition> group, long number, int steps) {
    group.advance(
        new Ticket(group.group(), number, steps, 1000 * number, 0),
        VERSION,
        new TestingAgent().policy(),
        transitions::add,
        episodes::add);
  }

  @Test
  void everyStepBeginsExactlyOneTransition() {
    EnvironmentGroup<Transition> group = group(3);
    advance(group, 1, 40);
    advance(group, 2, 60);
    for (int environment = 0; environment < 3; environment++) {
      List<Long> steps = new ArrayList<>();
      for (Transition transition : transitions) {
        if (transition.environment() == environment) {
          steps.add(transition.step());
          assertThat(transition.version()).isEqualTo(VERSION);
        }
      }
      assertThat(steps).hasSizeBetween(100 - TestingAgent.DELAY, 100);
      assertThat(steps)
          .containsExactlyElementsOf(LongStream.range(0, steps.size()).boxed().toList());
    }
    assertThat(group.progress()).isEqualTo(new Progress.Group(0, 2, transitions.size(), 0, 0));
  }

  @Test
  void episodesAreReportedWithReturnLengthAndClock() {
    advance(group(2), 1, 100);
    assertThat(episodes).hasSizeGreaterThan(10);
    for (Report.Episode episode : episodes) {
      assertThat(episode.environmentSteps()).isEqualTo(1000);
      assertThat(episode.truncated()).isFalse();
    }
    List<Transition> first = new ArrayList<>();
    for (Transition transition : transitions) {
      if (transition.environment() == episodes.get(0).environment()) {
        first.add(transition);
        if (transition.discount() == 0) {
          break;
        }
      }
    }
    assertThat(episodes.get(0).length()).isEqualTo(first.size());
    assertThat(episodes.get(0).episodeReturn())
        .isEqualTo(first.stream().mapToDouble(Transition::reward).sum());
  }

  @Test
  void aTruncatedEpisodeIsReportedAsSuch() {
    provider.steps(TimeStep.truncated(new float[2], 5));
    advance(group(1), 1, 1);
    assertThat(episodes).containsExactly(new Report.Episode(0, 1000, 5, 1, true));
  }

  @Test
  void thePolicySeesTheExperimentsClock() {
    advance(group(2), 1, 20);
    for (Transition transition : transitions) {
      assertThat(transition.priority()).isEqualTo(1000 + 2 * transition.step());
    }
  }

  @Test
  void anEnvironmentDoesTheSameInAnyCompany() {
    EnvironmentGroup<Transition> all = group(4);
    advance(all, 1, 50);
    List<Transition> together = List.copyOf(transitions);
    transitions.clear();
    advance(EnvironmentGroup.of(actors(4, 2), 1, provider, new TestingAgent()), 1, 50);
    List<String> alone = transitions.stream().map(EnvironmentGroupTest::text).toList();
    assertThat(alone).hasSizeGreaterThan(90);
    assertThat(alone)
        .containsExactlyElementsOf(
            together.stream()
                .filter(t -> t.environment() >= 2)
                .map(EnvironmentGroupTest::text)
                .toList());
  }

  @Test
  void ticketsComeInOrder() {
    EnvironmentGroup<Transition> group = group(1);
    advance(group, 1, 1);
    assertThatThrownBy(() -> advance(group, 3, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "group 0 got ticket 3 of group 0 after its own ticket 1: tickets come in order and without gaps; the states of source and actors are not of one checkpoint");
  }

  @Test
  void aFailingEnvironmentIsMadeAnewAndItsTransitionsAreCountedAsLost() {
    provider.steps(mid(0), mid(1), mid(2), mid(3), new IllegalStateException("lost its simulator"));
    EnvironmentGroup<Transition> group = group(1);
    advance(group, 1, 30);
    assertThat(provider.created).isEqualTo(2);
    assertThat(provider.closed).isEqualTo(1);
    assertThat(group.faults()).isEqualTo(1);
    assertThat(group.steps()).isEqualTo(30);
    assertThat(group.report(VERSION)).isEqualTo(new Report.Acting(0, 30, 1, VERSION));
    long lost = group.progress().abandoned();
    assertThat(lost).isEqualTo(TestingAgent.DELAY);
    assertThat(transitions.stream().mapToLong(Transition::step).max().orElseThrow())
        .isGreaterThan(25);
    assertThat(transitions).extracting(Transition::step).contains(2L, 5L).doesNotContain(3L, 4L);
    assertThat(transitions).hasSizeBetween(30 - (int) lost - TestingAgent.DELAY, 30 - (int) lost);
  }

  static List<Object[]> wrongAnswers() {
    float nan = Float.NaN;
    float infinite = Float.POSITIVE_INFINITY;
    float[] fine = new float[2];
    return List.of(
        new Object[] {
          TimeStep.mid(new float[3], 0),
          "Testing answered an observation of 3 numbers: must be 2, as its specification says"
        },
        new Object[] {
          TimeStep.mid(new float[] {0, nan}, 0),
          "Testing answered observation[1]=NaN: must be finite, or no network can act on it"
        },
        new Object[] {
          TimeStep.mid(new float[] {-infinite, 0}, 0),
          "Testing answered observation[0]=-Infinity: must be finite, or no network can act on it"
        },
        new Object[] {
          TimeStep.mid(fine, nan),
          "Testing answered reward=NaN: must be finite, or nothing could be learned from it"
        },
        new Object[] {
          new TimeStep(TimeStep.Kind.MID, fine, 0, 2),
          "Testing answered discount=2.0: must be between 0 and 1, or values could grow without bound"
        },
        new Object[] {
          TimeStep.first(fine),
          "Testing answered a FIRST step to an action: a reset is answered by the first step, and only a reset"
        });
  }

  @ParameterizedTest
  @MethodSource("wrongAnswers")
  void wrongAnswersAreFaults(TimeStep wrong, String message) {
    provider.steps(wrong, wrong, wrong);
    EnvironmentGroup<Transition> group = group(1);
    assertThatThrownBy(() -> advance(group, 1, 10))
        .isInstanceOf(EnvironmentFaultException.class)
        .rootCause()
        .hasMessage(message);
  }

  @Test
  void aResetThatDoesNotAnswerAFirstStepIsAFault() {
    provider.resets(TimeStep.mid(new float[2], 0));
    EnvironmentGroup<Transition> group = group(1);
    advance(group, 1, 1);
    assertThat(group.faults()).isEqualTo(1);
    assertThat(group.progress().abandoned()).isZero();
  }

  @Test
  void tooManyFaultsInARowFailNamingEverything() {
    RuntimeException failure = new IllegalStateException("no more memory");
    provider.steps(failure, failure, failure);
    EnvironmentGroup<Transition> group =
        EnvironmentGroup.of(actors(5, 4), 1, provider, new TestingAgent());
    assertThatThrownBy(() -> advance(group, 1, 10))
        .isInstanceOf(EnvironmentFaultException.class)
        .hasCause(failure)
        .hasMessage(
            "environment 4 (Testing) of group 1 failed environment.max-consecutive-faults=3 times in a row: java.lang.IllegalStateException: no more memory; mend it, or tolerate more");
  }

  @Test
  void failingResetsCountToo() {
    RuntimeException failure = new IllegalStateException("no display");
    provider.resets(failure, failure, failure);
    EnvironmentGroup<Transition> group = group(1);
    assertThatThrownBy(() -> advance(group, 1, 10))
        .isInstanceOf(EnvironmentFaultException.class)
        .hasMessageContaining("no display");
    assertThat(provider.created).isEqualTo(3);
  }

  @Test
  void aSuccessfulStepEndsARowOfFaults() {
    RuntimeException failure = new IllegalStateException("now and then");
    for (int i = 0; i < 4; i++) {
      provider.steps(failure, failure, TimeStep.mid(new float[2], 0));
    }
    EnvironmentGroup<Transition> group = group(1);
    advance(group, 1, 12);
    assertThat(group.faults()).isEqualTo(8);
  }

  @Test
  void theRowOfFaultsOutlivesACheckpoint() throws IOException {
    RuntimeException failure = new IllegalStateException("again");
    provider.steps(failure, failure);
    EnvironmentGroup<Transition> group = group(1);
    advance(group, 1, 2);
    EnvironmentGroup<Transition> restored = restored(group, 1);
    provider.steps(failure);
    assertThatThrownBy(() -> advance(restored, 2, 1)).isInstanceOf(EnvironmentFaultException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 10, 57})
  void theFutureAfterARestoreIsTheSame(int stepsBefore) throws IOException {
    EnvironmentGroup<Transition> original = group(4);
    if (stepsBefore > 0) {
      advance(original, 1, stepsBefore);
    }
    EnvironmentGroup<Transition> restored = restored(original, 4);
    assertThat(restored.progress()).isEqualTo(original.progress());
    assertThat(restored.episodes()).isEqualTo(original.episodes());
    assertThat(future(restored, stepsBefore)).isEqualTo(future(original, stepsBefore));
  }

  private List<String> future(EnvironmentGroup<Transition> group, int stepsBefore) {
    transitions.clear();
    episodes.clear();
    advance(group, stepsBefore > 0 ? 2 : 1, 70);
    assertThat(transitions).hasSizeGreaterThan(250);
    List<String> all = new ArrayList<>();
    transitions.forEach(t -> all.add(text(t)));
    episodes.forEach(e -> all.add(e.toString()));
    all.add(group.progress().toString());
    return all;
  }

  @Test
  void anEnvironmentWithoutSnapshotsStartsAnewAndItsTransitionsAreCountedAsLost()
      throws IOException {
    provider.snapshots = false;
    EnvironmentGroup<Transition> original = group(2);
    provider.steps(Arrays.stream(new int[10]).mapToObj(i -> mid(i)).toArray());
    advance(original, 1, 5);
    transitions.clear();
    EnvironmentGroup<Transition> restored = restored(original, 2);
    int lost = 2 * TestingAgent.DELAY;
    assertThat(restored.progress()).isEqualTo(new Progress.Group(0, 1, 10 - lost, lost, 0));
    assertThat(restored.faults()).isZero();
    advance(restored, 2, 20);
    assertThat(transitions.stream().mapToLong(Transition::step).min().orElseThrow()).isEqualTo(5);
    assertThat(transitions.get(0).observation()[0]).isZero();
  }

  private static TimeStep mid(int elapsed) {
    return TimeStep.mid(new float[] {elapsed + 1, 0}, 0);
  }

  @Test
  void stateOfAnotherGroupOrVersionIsRefused() throws IOException {
    byte[] state = saved(group(2));
    EnvironmentGroup<Transition> other = group(3);
    assertThatThrownBy(() -> restore(other, state))
        .hasMessage(
            "state is of group 0 with 2 environments, this is group 0 with 3: groups are fixed for a run");
    assertThatThrownBy(() -> restore(other, new byte[] {0, 0, 0, 9}))
        .hasMessage(
            "environment group version=9: this build reads version 1; use the build that wrote it");
  }

  @Test
  void closingClosesEveryEnvironment() {
    EnvironmentGroup<Transition> group = group(3);
    advance(group, 1, 1);
    group.close();
    assertThat(provider.closed).isEqualTo(3);
  }

  private EnvironmentGroup<Transition> restored(
      EnvironmentGroup<Transition> original, int environments) throws IOException {
    EnvironmentGroup<Transition> restored = group(environments);
    restore(restored, saved(original));
    return restored;
  }

  private static byte[] saved(EnvironmentGroup<Transition> group) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    group.save(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static void restore(EnvironmentGroup<Transition> group, byte[] state) throws IOException {
    group.restore(new DataInputStream(new ByteArrayInputStream(state)));
  }

  private static String text(Transition t) {
    return "%d %d %s %s %s %s %s %s"
        .formatted(
            t.environment(),
            t.step(),
            t.version(),
            Arrays.toString(t.observation()),
            Arrays.toString(t.action()),
            t.reward(),
            t.discount(),
            Arrays.toString(t.nextObservation()));
  }
}
