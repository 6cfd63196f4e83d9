package dev.millrace.env;

import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.agent.RolloutWorker;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.experience.Trajectory;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.Networks;
import dev.millrace.core.policy.ActingBatch;
import dev.millrace.core.policy.Policy;
import java.util.Arrays;
import java.util.List;

/**
 * Acts at random, shifted by its first parameter, by what it observes and by how many steps of the
 * episode it remembers; annotates with those and with the clock.
 */
final class TestingTrajectoryAgent implements TrajectoryAgent {
  static final float DISCOUNT = 0.5f;

  private final boolean wholeEpisodes;
  private final RolloutWorker worker;

  TestingTrajectoryAgent(boolean wholeEpisodes) {
    this(wholeEpisodes, RolloutWorker.SENDS_TRAJECTORIES);
  }

  TestingTrajectoryAgent(boolean wholeEpisodes, RolloutWorker worker) {
    this.wholeEpisodes = wholeEpisodes;
    this.worker = worker;
  }

  @Override
  public NetworkSpec network() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Policy policy() {
    return new TestingPolicy();
  }

  @Override
  public ReplaySpec.Fifo replay() {
    return wholeEpisodes
        ? ReplaySpec.Fifo.lockStepEpisodes(DISCOUNT)
        : ReplaySpec.Fifo.lockStep(DISCOUNT);
  }

  @Override
  public RolloutWorker worker() {
    return worker;
  }

  @Override
  public Learner<List<Rollout>> learner(Networks networks, long seed) {
    throw new UnsupportedOperationException();
  }

  static String text(Rollout rollout) {
    StringBuilder text =
        new StringBuilder(
            "%d:%d by %d".formatted(rollout.group(), rollout.number(), rollout.version().step()));
    rollout.trajectories().forEach(trajectory -> text.append('\n').append(text(trajectory)));
    return text.toString();
  }

  static String text(Trajectory t) {
    return "%d from %d%s: %s %s %s %s %s %s"
        .formatted(
            t.environment(),
            t.step(),
            t.ended() ? " ended" : "",
            Arrays.toString(t.observations()),
            Arrays.toString(t.actions()),
            Arrays.toString(t.annotations()),
            Arrays.toString(t.rewards()),
            Arrays.toString(t.discounts()),
            Arrays.toString(t.nextObservation()));
  }

  private static final class TestingPolicy implements Policy {
    private float[] parameters = new float[1];

    @Override
    public int annotationSize() {
      return 2;
    }

    @Override
    public int memorySize() {
      return 1;
    }

    @Override
    public void install(float[] parameters) {
      this.parameters = parameters;
    }

    @Override
    public void act(ActingBatch batch) {
      for (int i = 0; i < batch.count; i++) {
        int seen = (int) (8 * batch.observations[2 * i + 1]) + (int) batch.memory[i];
        batch.actions[i] = (batch.randoms[i].nextInt(3) + seen + (int) parameters[0]) % 3;
        batch.annotations[2 * i] = batch.memory[i]++;
        batch.annotations[2 * i + 1] = batch.environmentSteps;
      }
    }
  }
}
