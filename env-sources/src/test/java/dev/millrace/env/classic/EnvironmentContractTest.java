package dev.millrace.env.classic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.env.Environment;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.env.TimeStep;
import dev.millrace.core.math.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every environment in the catalogue keeps to. */
class EnvironmentContractTest {

  static Stream<EnvironmentProvider> providers() {
    return EnvironmentProvider.catalogue(EnvironmentContractTest.class.getClassLoader())
        .all()
        .stream()
        .filter(p -> p.getClass().getPackage().equals(EpisodeClock.class.getPackage()));
  }

  @Test
  void theCatalogueNamesThemAll() {
    assertThat(providers().map(EnvironmentProvider::name))
        .containsExactlyInAnyOrder(
            "Acrobot-v1",
            "CartPole-v1",
            "Chain",
            "GridWorld",
            "MountainCar-v0",
            "MountainCarContinuous-v0",
            "Pendulum-v1");
  }

  @ParameterizedTest
  @MethodSource("providers")
  void specificationAndAnswersAgree(EnvironmentProvider provider) {
    Environment environment = provider.create();
    EnvironmentSpec spec = environment.spec();
    assertThat(spec.name()).isEqualTo(provider.name());
    TimeStep first = environment.reset(new SeededRandom(1));
    assertThat(first.kind()).isEqualTo(TimeStep.Kind.FIRST);
    SeededRandom choice = new SeededRandom(2);
    float[] before = first.observation();
    for (int i = 0; i < 500; i++) {
      TimeStep next = environment.step(choose(spec, choice));
      assertThat(next.observation()).isNotSameAs(before).hasSize(spec.observationSize());
      for (int j = 0; j < spec.observationSize(); j++) {
        assertThat(next.observation()[j])
            .isBetween(spec.observations().low()[j], spec.observations().high()[j]);
      }
      before = next.observation();
      if (next.last()) {
        before = environment.reset(choice).observation();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void stepsNeedAnEpisodeUnderWay(EnvironmentProvider provider) {
    Environment environment = provider.create();
    String message =
        provider.name()
            + " has no episode under way: reset it before the first step and after each last one";
    assertThatThrownBy(() -> environment.step(new float[1]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(message);
    environment.reset(new SeededRandom(1));
    SeededRandom choice = new SeededRandom(2);
    int steps = 0;
    while (!environment.step(choose(environment.spec(), choice)).last()) {
      steps++;
      assertThat(steps).isLessThan(environment.spec().maxEpisodeSteps());
    }
    assertThatThrownBy(() -> environment.step(new float[1])).hasMessage(message);
  }

  static Stream<EnvironmentProvider> choosing() {
    return providers().filter(p -> p.create().spec().actions() instanceof Space.Discrete);
  }

  static Stream<EnvironmentProvider> pushing() {
    return providers().filter(p -> p.create().spec().actions() instanceof Space.Box);
  }

  @ParameterizedTest
  @MethodSource("choosing")
  void whatIsNoChoiceIsRefused(EnvironmentProvider provider) {
    Environment environment = provider.create();
    environment.reset(new SeededRandom(1));
    int n = ((Space.Discrete) environment.spec().actions()).n();
    for (float wrong : new float[] {n, -1, 0.5f, Float.NaN}) {
      assertThatThrownBy(() -> environment.step(new float[] {wrong}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("action=%s: must be a whole number from 0 to %d".formatted(wrong, n - 1));
    }
  }

  @ParameterizedTest
  @MethodSource("pushing")
  void actionsOutsideABoxActAsItsEdge(EnvironmentProvider provider) {
    Environment edge = provider.create();
    Environment beyond = provider.create();
    Space.Box actions = (Space.Box) edge.spec().actions();
    for (float[] bound : List.of(actions.low(), actions.high())) {
      edge.reset(new SeededRandom(1));
      beyond.reset(new SeededRandom(1));
      TimeStep expected = edge.step(bound);
      TimeStep answer = beyond.step(new float[] {1000 * bound[0]});
      assertThat(answer.kind()).isEqualTo(expected.kind());
      assertThat(answer.observation()).containsExactly(expected.observation(), within(1e-9f));
    }
  }

  @ParameterizedTest
  @MethodSource("pushing")
  void actionsThatAreNotFiniteAreRefusedAndChangeNothing(EnvironmentProvider provider) {
    Environment environment = provider.create();
    environment.reset(new SeededRandom(1));
    String before = environment.render();
    Space.Box actions = (Space.Box) environment.spec().actions();
    for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      assertThatThrownBy(() -> environment.step(new float[] {wrong}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "action[0]=%s: must be finite; only finite numbers are clipped to %s to %s",
              wrong, actions.low()[0], actions.high()[0]);
    }
    assertThat(environment.render()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void aRestoredEpisodeHasTheSameFuture(EnvironmentProvider provider) throws IOException {
    Environment original = provider.create();
    SeededRandom random = new SeededRandom(3);
    SeededRandom choice = new SeededRandom(4);
    original.reset(random);
    for (int i = 0; i < 700; i++) {
      if (original.step(choose(original.spec(), choice)).last()) {
        original.reset(random);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    original.save(new DataOutputStream(bytes));
    Environment restored = provider.create();
    SeededRandom restoredRandom = new SeededRandom(random.state());
    restored.restore(
        new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), restoredRandom);
    assertThat(restored.render()).isEqualTo(original.render());
    SeededRandom restoredChoice = new SeededRandom(choice.state());
    assertThat(future(restored, restoredRandom, restoredChoice))
        .isEqualTo(future(original, random, choice));
  }

  @ParameterizedTest
  @MethodSource("providers")
  void aSnapshotOfAnotherVersionIsRefused(EnvironmentProvider provider) {
    byte[] future = {0, 0, 0, 9};
    assertThatThrownBy(
            () ->
                provider
                    .create()
                    .restore(
                        new DataInputStream(new ByteArrayInputStream(future)), new SeededRandom(1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("snapshot version=9: this build reads version 1");
  }

  @ParameterizedTest
  @MethodSource("providers")
  void framesAreLinesOfText(EnvironmentProvider provider) {
    Environment environment = provider.create();
    environment.reset(new SeededRandom(1));
    assertThat(environment.render()).contains("step").endsWith("\n").doesNotContain("\t");
  }

  private static List<Object> future(
      Environment environment, SeededRandom random, SeededRandom choice) {
    List<Object> answers = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      TimeStep step = environment.step(choose(environment.spec(), choice));
      answers.add(List.of(step.kind(), step.observation().clone(), step.reward()));
      if (step.last()) {
        answers.add(environment.reset(random).observation());
      }
    }
    return answers.stream().map(EnvironmentContractTest::readable).toList();
  }

  private static Object readable(Object answer) {
    if (answer instanceof float[] observation) {
      return java.util.Arrays.toString(observation);
    }
    return ((List<?>) answer)
        .stream()
            .map(part -> part instanceof float[] o ? java.util.Arrays.toString(o) : part)
            .toList();
  }

  /** In a box, from a quarter of its width below it to as much above. */
  private static float[] choose(EnvironmentSpec spec, SeededRandom random) {
    if (spec.actions() instanceof Space.Discrete discrete) {
      return new float[] {random.nextInt(discrete.n())};
    }
    Space.Box box = (Space.Box) spec.actions();
    float[] action = new float[box.size()];
    for (int i = 0; i < action.length; i++) {
      float width = box.high()[i] - box.low()[i];
      action[i] = box.low()[i] + width * (1.5f * random.nextFloat() - 0.25f);
    }
    return action;
  }
}
