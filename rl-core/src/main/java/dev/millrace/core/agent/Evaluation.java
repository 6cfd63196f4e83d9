package dev.millrace.core.agent;

import dev.millrace.core.env.Environment;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.TimeStep;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.policy.ActingBatch;
import dev.millrace.core.policy.Policy;
import java.util.Arrays;
import java.util.List;

/**
 * Plays greedy episodes with the parameters that a policy has installed, several side by side, in
 * slices as short as the caller likes. An episode's randomness depends on seed, series and episode
 * number alone, and on no seed that training uses.
 */
public final class Evaluation {

  /** The episode under way in one environment. */
  private static final class Seat {
    final Environment environment;
    int episode;
    double episodeReturn;
    int length;

    Seat(Environment environment) {
      this.environment = environment;
    }
  }

  private final EnvironmentSpec spec;
  private final Policy policy;
  private final long seed;
  private final long series;
  private final double[] returns;
  private final int[] lengths;
  private final Seat[] seats;
  private final ActingBatch batch;
  private final float[] action;
  private int begun;

  /**
   * @param environments play side by side, each one episode after another; they are not closed
   * @param policy with parameters installed; no others may be installed before the end
   * @param episodes how many to play
   * @param seed of the experiment
   * @param series tells evaluations of one experiment apart: another series, other episodes
   */
  public Evaluation(
      List<Environment> environments, Policy policy, int episodes, long seed, long series) {
    if (environments.isEmpty() || episodes < 1) {
      throw new IllegalArgumentException(
          "evaluation of episodes=%d in %d environments: needs at least 1 of each"
              .formatted(episodes, environments.size()));
    }
    this.spec = environments.get(0).spec();
    this.policy = policy;
    this.seed = seed;
    this.series = series;
    returns = new double[episodes];
    lengths = new int[episodes];
    seats = environments.stream().limit(episodes).map(Seat::new).toArray(Seat[]::new);
    batch = new ActingBatch(seats.length, spec, policy);
    batch.greedy = true;
    action = new float[spec.actionSize()];
    while (batch.count < seats.length) {
      begin(batch.count++);
    }
  }

  /**
   * Plays on until all episodes have ended or at least {@code maxSteps} environment steps were
   * taken, summed over the environments.
   *
   * @return whether all episodes have ended
   */
  public boolean advance(int maxSteps) {
    for (int taken = 0; taken < maxSteps && batch.count > 0; ) {
      taken += batch.count;
      policy.act(batch);
      for (int row = batch.count - 1; row >= 0; row--) {
        step(row);
      }
    }
    return finished();
  }

  private void step(int row) {
    Seat seat = seats[row];
    System.arraycopy(batch.actions, row * action.length, action, 0, action.length);
    TimeStep next = seat.environment.step(action);
    seat.episodeReturn += next.reward();
    seat.length++;
    if (!next.last()) {
      if (seat.length >= spec.maxEpisodeSteps()) {
        throw new IllegalStateException(
            "environment %s goes on after %d steps: must end an episode at maxEpisodeSteps=%d; an evaluation would never end"
                .formatted(spec.name(), seat.length, spec.maxEpisodeSteps()));
      }
      observe(row, next.observation());
      return;
    }
    returns[seat.episode] = seat.episodeReturn;
    lengths[seat.episode] = seat.length;
    if (begun < returns.length) {
      begin(row);
    } else {
      leave(row);
    }
  }

  private void begin(int row) {
    Seat seat = seats[row];
    seat.episode = begun++;
    seat.episodeReturn = 0;
    seat.length = 0;
    batch.randoms[row] = SeededRandom.of(seed, "evaluation-acting", series, seat.episode);
    int memory = batch.memorySize;
    Arrays.fill(batch.memory, row * memory, (row + 1) * memory, 0);
    SeededRandom random = SeededRandom.of(seed, "evaluation", series, seat.episode);
    observe(row, seat.environment.reset(random).observation());
  }

  /** Gives the row up: the last row in use takes its place. */
  private void leave(int row) {
    int last = --batch.count;
    Seat left = seats[row];
    seats[row] = seats[last];
    seats[last] = left;
    batch.randoms[row] = batch.randoms[last];
    int memory = batch.memorySize;
    System.arraycopy(batch.memory, last * memory, batch.memory, row * memory, memory);
    int width = spec.observationSize();
    System.arraycopy(batch.observations, last * width, batch.observations, row * width, width);
  }

  private void observe(int row, float[] observation) {
    System.arraycopy(
        observation, 0, batch.observations, row * observation.length, observation.length);
  }

  /** Whether all episodes have ended. */
  public boolean finished() {
    return batch.count == 0;
  }

  /**
   * Undiscounted returns by episode number.
   *
   * @throws IllegalStateException if not all episodes have ended
   */
  public double[] returns() {
    requireFinished();
    return returns.clone();
  }

  /** Steps by episode number. */
  public int[] lengths() {
    requireFinished();
    return lengths.clone();
  }

  /** The mean of the returns. */
  public double meanReturn() {
    requireFinished();
    return Arrays.stream(returns).average().orElseThrow();
  }

  private void requireFinished() {
    if (!finished()) {
      throw new IllegalStateException(
          "evaluation has %d episodes under way: its results would favour short ones; advance it to the end"
              .formatted(batch.count));
    }
  }
}
