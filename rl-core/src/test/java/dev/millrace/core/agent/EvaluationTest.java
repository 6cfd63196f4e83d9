package dev.millrace.core.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.env.Environment;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.env.TimeStep;
import dev.millrace.core.policy.ActingBatch;
import dev.millrace.core.policy.Policy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private final TestingPolicy policy = new TestingPolicy();

  @Test
  void playsEveryEpisodeToItsEnd() {
    Evaluation evaluation = new Evaluation(environments(3, 40), policy, 7, 1, 0);
    assertThat(evaluation.advance(1_000_000)).isTrue();
    int[] lengths = evaluation.lengths();
    double[] returns = evaluation.returns();
    assertThat(returns).hasSize(7);
    double sum = 0;
    for (int i = 0; i < 7; i++) {
      assertThat(lengths[i]).isBetween(1, 40);
      assertThat(returns[i])
          .as("rewards are 1, 2, 3, …")
          .isEqualTo(lengths[i] * (lengths[i] + 1) / 2.0);
      sum += returns[i];
    }
    assertThat(evaluation.meanReturn()).isEqualTo(sum / 7);
    assertThat(Arrays.stream(lengths).distinct().count()).as("episodes differ").isGreaterThan(2);
  }

  @Test
  void resultsDependOnSeedAndSeriesButNotOnSeatsOrSlices() {
    double[] alone = play(1, 1_000_000, 1, 0);
    assertThat(play(4, 1_000_000, 1, 0)).isEqualTo(alone);
    assertThat(play(100, 1, 1, 0)).isEqualTo(alone);
    assertThat(play(3, 7, 1, 0)).isEqualTo(alone);
    assertThat(play(1, 7, 1, 1)).isNotEqualTo(alone);
    assertThat(play(1, 7, 2, 0)).isNotEqualTo(alone);
  }

  private double[] play(int seats, int slice, long seed, long series) {
    Evaluation evaluation = new Evaluation(environments(seats, 40), policy, 20, seed, series);
    while (!evaluation.advance(slice)) {
      assertThat(evaluation.finished()).isFalse();
    }
    return evaluation.returns();
  }

  @Test
  void aSliceIsAsLongAsItMayBe() {
    Evaluation evaluation = new Evaluation(environments(4, 1000), policy, 4, 1, 0);
    evaluation.advance(9);
    assertThat(policy.decisions).as("three rounds of four").isEqualTo(12);
    evaluation.advance(0);
    assertThat(policy.decisions).isEqualTo(12);
  }

  @Test
  void actsGreedily() {
    new Evaluation(environments(2, 40), policy, 2, 1, 0).advance(100_000);
    assertThat(policy.exploring).isZero();
    assertThat(policy.decisions).isPositive();
  }

  @Test
  void aPolicysMemoryBeginsWithTheEpisodeAndFollowsIt() {
    for (int seats : new int[] {1, 3, 7}) {
      Remembering remembering = new Remembering();
      Evaluation evaluation = new Evaluation(environments(seats, 40), remembering, 12, 1, 0);
      while (!evaluation.advance(1)) {
        assertThat(evaluation.finished()).isFalse();
      }
      assertThat(remembering.decisions).isEqualTo(Arrays.stream(evaluation.lengths()).sum());
    }
  }

  @Test
  void refusesResultsBeforeTheEnd() {
    Evaluation evaluation = new Evaluation(environments(2, 1000), policy, 2, 1, 0);
    evaluation.advance(2);
    for (Runnable early :
        List.<Runnable>of(evaluation::returns, evaluation::lengths, evaluation::meanReturn)) {
      assertThatThrownBy(early::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "evaluation has 2 episodes under way: its results would favour short ones; advance it to the end");
    }
  }

  @Test
  void refusesAnEnvironmentThatNeverEnds() {
    Environment endless = new TestingEnvironment(Integer.MAX_VALUE, 50);
    Evaluation evaluation = new Evaluation(List.of(endless), policy, 1, 1, 0);
    assertThatThrownBy(() -> evaluation.advance(100))
        .hasMessage(
            "environment counting goes on after 50 steps: must end an episode at maxEpisodeSteps=50; an evaluation would never end");
  }

  @Test
  void refusesToPlayNothing() {
    assertThatThrownBy(() -> new Evaluation(List.of(), policy, 3, 1, 0))
        .hasMessage("evaluation of episodes=3 in 0 environments: needs at least 1 of each");
    assertThatThrownBy(() -> new Evaluation(environments(2, 9), policy, 0, 1, 0))
        .hasMessage("evaluation of episodes=0 in 2 environments: needs at least 1 of each");
  }

  private static List<Environment> environments(int count, int longest) {
    List<Environment> environments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      environments.add(new TestingEnvironment(longest, longest));
    }
    return environments;
  }

  /** Answers with an action that tells the observation. */
  private static final class TestingPolicy implements Policy {
    int decisions;
    int exploring;

    @Override
    public int annotationSize() {
      return 1;
    }

    @Override
    public void install(float[] parameters) {}

    @Override
    public void act(ActingBatch batch) {
      for (int i = 0; i < batch.count; i++) {
        batch.actions[i] = batch.observations[2 * i] + batch.observations[2 * i + 1];
        decisions++;
        exploring += batch.greedy ? 0 : 1;
      }
    }
  }

  /** Carries episode and step in its memory, and finds there what the environment says of them. */
  private static final class Remembering implements Policy {
    int decisions;

    @Override
    public int annotationSize() {
      return 0;
    }

    @Override
    public int memorySize() {
      return 2;
    }

    @Override
    public void install(float[] parameters) {}

    @Override
    public void act(ActingBatch batch) {
      for (int i = 0; i < batch.count; i++) {
        float number = batch.observations[2 * i];
        float step = batch.observations[2 * i + 1];
        assertThat(batch.memory[2 * i]).as("zero at first").isEqualTo(step == 0 ? 0 : number);
        assertThat(batch.memory[2 * i + 1]).isEqualTo(step);
        batch.memory[2 * i] = number;
        batch.memory[2 * i + 1] = step + 1;
        batch.actions[i] = number + step;
        decisions++;
      }
    }
  }

  /**
   * Ends after as many steps as its generator says at reset, rewards step {@code k} with {@code k},
   * and notices an action that was meant for another environment or another step.
   */
  private static final class TestingEnvironment implements Environment {
    private final int longest;
    private final EnvironmentSpec spec;
    private int number;
    private int length;
    private int step;

    TestingEnvironment(int longest, int maxEpisodeSteps) {
      this.longest = longest;
      spec =
          new EnvironmentSpec(
              "counting",
              Space.Box.symmetric(2, 2000),
              Space.Box.symmetric(1, 4000),
              maxEpisodeSteps);
    }

    @Override
    public EnvironmentSpec spec() {
      return spec;
    }

    @Override
    public TimeStep reset(RandomGenerator random) {
      number = random.nextInt(1000);
      length = longest >= 1000 ? longest : 1 + random.nextInt(longest);
      step = 0;
      return TimeStep.first(observation());
    }

    @Override
    public TimeStep step(float[] action) {
      assertThat(action).containsExactly(number + step);
      step++;
      return step == length
          ? TimeStep.terminated(observation(), step)
          : TimeStep.mid(observation(), step);
    }

    private float[] observation() {
      return new float[] {number, step};
    }
  }
}
