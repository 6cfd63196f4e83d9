package dev.millrace.core.experience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.core.Golden;
import dev.millrace.core.env.TimeStep;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.policy.ParameterVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class NStepAccumulatorTest {
  private static final ParameterVersion VERSION = new ParameterVersion(5, 7);
  private final List<Transition> emitted = new ArrayList<>();

  @Test
  void foldsAsTheGoldenNumbersSay() {
    JsonNode golden = Golden.read("n_step_accumulator.json");
    JsonNode steps = golden.get("timesteps");
    NStepAccumulator accumulator = new NStepAccumulator(0, golden.get("n").asInt(), 1, 1, 1);
    int count = steps.get("obs").size();
    accumulator.begin(0, observation(steps.get("obs").get(0).asDouble()));
    for (int i = 0; i < count; i++) {
      decide(accumulator, steps.get("action").get(i).asDouble(), 0, 0);
      if (i + 1 < count) {
        accumulator.stepped(
            new TimeStep(
                TimeStep.Kind.MID,
                observation(steps.get("obs").get(i + 1).asDouble()),
                (float) steps.get("reward").get(i + 1).asDouble(),
                (float) steps.get("discount").get(i + 1).asDouble()),
            emitted::add);
      }
    }
    JsonNode expected = golden.get("transitions");
    assertThat(emitted).hasSize(expected.size());
    for (int i = 0; i < expected.size(); i++) {
      Transition transition = emitted.get(i);
      assertThat(transition.observation()[0]).isEqualTo(number(expected, i, "s_tm1"));
      assertThat(transition.action()[0]).isEqualTo(number(expected, i, "a_tm1"));
      assertThat(transition.nextObservation()[0]).isEqualTo(number(expected, i, "s_t"));
      assertThat(transition.reward()).isCloseTo(number(expected, i, "r_t"), Offset.offset(1e-5f));
      assertThat(transition.discount())
          .isCloseTo(number(expected, i, "discount_t"), Offset.offset(1e-6f));
    }
  }

  @Test
  void terminationFlushesTheResidueWithDiscountZero() {
    NStepAccumulator accumulator = new NStepAccumulator(9, 3, 0.5, 1, 1);
    accumulator.begin(100, observation(0));
    decide(accumulator, 1, 10, 99);
    accumulator.stepped(TimeStep.mid(observation(1), 2), emitted::add);
    decide(accumulator, 2, 20, 99);
    assertThat(emitted).isEmpty();
    accumulator.stepped(TimeStep.terminated(observation(2), 4), emitted::add);
    assertThat(emitted).hasSize(2);
    check(emitted.get(0), 100, 0, 1, 2 + 0.5 * 4, 0, 2, 6);
    check(emitted.get(1), 101, 1, 2, 4, 0, 2, 16);
    assertThat(emitted).allSatisfy(t -> assertThat(t.environment()).isEqualTo(9));
    assertThat(emitted).allSatisfy(t -> assertThat(t.version()).isEqualTo(VERSION));
  }

  @Test
  void truncationKeepsTheDiscountsAndTheFinalObservation() {
    NStepAccumulator accumulator = new NStepAccumulator(0, 3, 0.5, 1, 1);
    accumulator.begin(0, observation(0));
    decide(accumulator, 1, 10, 30);
    accumulator.stepped(TimeStep.mid(observation(1), 2), emitted::add);
    decide(accumulator, 2, 20, 40);
    accumulator.stepped(TimeStep.truncated(observation(2), 4), emitted::add);
    assertThat(emitted).hasSize(2);
    check(emitted.get(0), 0, 0, 1, 4, 0.25, 2, Math.abs(4 + 0.25 * 40 - 10));
    check(emitted.get(1), 1, 1, 2, 4, 0.5, 2, Math.abs(4 + 0.5 * 40 - 20));
  }

  @Test
  void aFullWindowWaitsForTheValueOfItsLastState() {
    NStepAccumulator accumulator = new NStepAccumulator(0, 1, 0.5, 1, 1);
    accumulator.begin(0, observation(0));
    decide(accumulator, 1, 10, 10);
    accumulator.stepped(TimeStep.mid(observation(1), 2), emitted::add);
    assertThat(emitted).isEmpty();
    decide(accumulator, 1, 30, 50);
    assertThat(emitted).hasSize(1);
    check(emitted.get(0), 0, 0, 1, 2, 0.5, 1, 2 + 0.5 * 50 - 10);
  }

  @Test
  void abandonedTransitionsAreCountedWithTheUnansweredOne() {
    NStepAccumulator accumulator = new NStepAccumulator(0, 3, 1, 1, 1);
    assertThat(accumulator.abandon()).isZero();
    accumulator.begin(0, observation(0));
    for (int i = 0; i < 5; i++) {
      decide(accumulator, i, 0, 0);
      if (i < 4) {
        accumulator.stepped(TimeStep.mid(observation(i + 1), 1), emitted::add);
      }
    }
    assertThat(emitted).hasSize(2);
    assertThat(accumulator.abandon()).isEqualTo(3);
    accumulator.begin(5, observation(50));
    decide(accumulator, 7, 0, 0);
    accumulator.stepped(TimeStep.terminated(observation(51), 3), emitted::add);
    assertThat(emitted).hasSize(3);
    check(emitted.get(2), 5, 50, 7, 3, 0, 51, 3);
  }

  @Property(tries = 300, seed = "1")
  void agreesWithThePlainModelAcrossInterruptions(
      @ForAll @IntRange(min = 1, max = 6) int n, @ForAll long seed) {
    SeededRandom random = new SeededRandom(seed);
    double gamma = 0.5 + random.nextDouble() / 2;
    NStepAccumulator accumulator = new NStepAccumulator(3, n, gamma, 2, 1);
    List<Transition> expected = new ArrayList<>();
    List<Transition> actual = new ArrayList<>();
    long step = 1000;
    for (int episode = 0; episode < 4; episode++) {
      Episode played = Episode.random(1 + random.nextInt(12), random);
      accumulator = interrupted(accumulator, n, gamma, random);
      accumulator.begin(step, played.observations[0]);
      for (int k = 0; k < played.length; k++) {
        accumulator = interrupted(accumulator, n, gamma, random);
        accumulator.decided(
            new ParameterVersion(1, step + k),
            new float[] {8, played.actions[k]},
            1,
            new float[] {8, 8, played.taken[k], played.best[k]},
            2,
            actual::add);
        accumulator = interrupted(accumulator, n, gamma, random);
        accumulator.stepped(played.answer(k), actual::add);
      }
      played.fold(n, gamma, step, expected);
      step += played.length;
    }
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertSame(actual.get(i), expected.get(i));
    }
  }

  @Test
  void refusesStateOfAnotherConfiguration() throws IOException {
    byte[] saved = save(new NStepAccumulator(4, 3, 1, 2, 1));
    assertThatThrownBy(() -> restore(new NStepAccumulator(4, 5, 1, 2, 1), saved))
        .hasMessage(
            "accumulator of environment 4 was saved with n=3, the configuration says 5: transitions under way cannot be continued; resume with 3");
    assertThatThrownBy(() -> restore(new NStepAccumulator(4, 3, 1, 7, 1), saved))
        .hasMessageContaining("observation size=2, the configuration says 7");
    assertThatThrownBy(() -> restore(new NStepAccumulator(4, 3, 1, 2, 3), saved))
        .hasMessageContaining("action size=1, the configuration says 3");
    saved[3] = 99;
    assertThatThrownBy(() -> restore(new NStepAccumulator(4, 3, 1, 2, 1), saved))
        .hasMessage(
            "n-step accumulator version=99: this build reads version 1; use the build that wrote it");
  }

  @Test
  void refusesWhatBreaksTheProtocol() {
    NStepAccumulator accumulator = new NStepAccumulator(2, 3, 1, 1, 1);
    assertThatThrownBy(() -> decide(accumulator, 0, 0, 0))
        .hasMessage(
            "accumulator of environment 2: an action is decided upon while BETWEEN_EPISODES, must be OBSERVED; a broken episode ends with abandon()");
    assertThatThrownBy(() -> accumulator.begin(0, new float[2]))
        .hasMessage(
            "observation=float[2] of environment 2: must be float[1], as its specification says");
    accumulator.begin(0, observation(0));
    assertThatThrownBy(() -> accumulator.begin(0, observation(0)))
        .hasMessageContaining("an episode begins while OBSERVED");
    assertThatThrownBy(() -> new NStepAccumulator(0, 0, 0.99, 1, 1))
        .hasMessage(
            "n-step accumulator n=0, gamma=0.99: n must be at least 1 and gamma between 0 and 1");
  }

  /** Half the time the accumulator itself, otherwise a fresh one that continues. */
  private static NStepAccumulator interrupted(
      NStepAccumulator accumulator, int n, double gamma, SeededRandom random) {
    if (random.nextBoolean()) {
      return accumulator;
    }
    try {
      NStepAccumulator fresh = new NStepAccumulator(3, n, gamma, 2, 1);
      restore(fresh, save(accumulator));
      return fresh;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] save(NStepAccumulator accumulator) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    accumulator.save(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static void restore(NStepAccumulator accumulator, byte[] saved) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(saved));
    accumulator.restore(in);
    assertThat(in.read()).as("everything was read").isEqualTo(-1);
  }

  /** An episode, and its transitions written down straight from the definition. */
  private static final class Episode {
    final int length;
    final float[][] observations;
    final float[] actions;
    final float[] taken;
    final float[] best;
    final float[] rewards;
    final float[] discounts;

    private Episode(int length) {
      this.length = length;
      observations = new float[length + 1][];
      actions = new float[length];
      taken = new float[length];
      best = new float[length];
      rewards = new float[length];
      discounts = new float[length];
    }

    static Episode random(int length, SeededRandom random) {
      Episode episode = new Episode(length);
      for (int k = 0; k <= length; k++) {
        episode.observations[k] = new float[] {random.nextFloat(), random.nextFloat()};
      }
      for (int k = 0; k < length; k++) {
        episode.actions[k] = random.nextInt(4);
        episode.taken[k] = random.nextFloat();
        episode.best[k] = random.nextFloat();
        episode.rewards[k] = random.nextFloat() - 0.5f;
        episode.discounts[k] = random.nextFloat();
      }
      if (random.nextBoolean()) {
        episode.discounts[length - 1] = 0;
      }
      return episode;
    }

    TimeStep answer(int k) {
      TimeStep.Kind kind = k == length - 1 ? TimeStep.Kind.LAST : TimeStep.Kind.MID;
      return new TimeStep(kind, observations[k + 1], rewards[k], discounts[k]);
    }

    void fold(int n, double gamma, long step, List<Transition> into) {
      for (int k = 0; k < length; k++) {
        int end = Math.min(k + n, length);
        double reward = 0;
        double discount = 1;
        for (int j = k; j < end; j++) {
          reward += discount * rewards[j];
          discount *= discounts[j] * gamma;
        }
        double value = end < length ? best[end] : best[length - 1];
        double priority = Math.abs(reward + discount * value - taken[k]);
        into.add(
            new Transition(
                3,
                step + k,
                new ParameterVersion(1, step + k),
                observations[k],
                new float[] {actions[k]},
                (float) reward,
                (float) discount,
                observations[end],
                (float) priority));
      }
    }
  }

  private static void assertSame(Transition actual, Transition expected) {
    assertThat(actual.environment()).isEqualTo(expected.environment());
    assertThat(actual.step()).isEqualTo(expected.step());
    assertThat(actual.version()).isEqualTo(expected.version());
    assertThat(actual.observation()).isEqualTo(expected.observation());
    assertThat(actual.action()).isEqualTo(expected.action());
    assertThat(actual.nextObservation()).isEqualTo(expected.nextObservation());
    assertThat(actual.reward()).isCloseTo(expected.reward(), Offset.offset(1e-6f));
    assertThat(actual.discount()).isCloseTo(expected.discount(), Offset.offset(1e-6f));
    assertThat(actual.priority()).isCloseTo(expected.priority(), Offset.offset(1e-5f));
  }

  private static void check(
      Transition transition,
      long step,
      double observation,
      double action,
      double reward,
      double discount,
      double next,
      double priority) {
    assertThat(transition.step()).isEqualTo(step);
    assertThat(transition.observation()).containsExactly((float) observation);
    assertThat(transition.action()).containsExactly((float) action);
    assertThat(transition.reward()).isEqualTo((float) reward);
    assertThat(transition.discount()).isEqualTo((float) discount);
    assertThat(transition.nextObservation()).containsExactly((float) next);
    assertThat(transition.priority()).isEqualTo((float) priority);
  }

  private void decide(NStepAccumulator accumulator, double action, double taken, double best) {
    accumulator.decided(
        VERSION,
        new float[] {(float) action},
        0,
        new float[] {(float) taken, (float) best},
        0,
        emitted::add);
  }

  private static float[] observation(double value) {
    return new float[] {(float) value};
  }

  private static float number(JsonNode rows, int row, String name) {
    return (float) rows.get(row).get(name).asDouble();
  }
}
