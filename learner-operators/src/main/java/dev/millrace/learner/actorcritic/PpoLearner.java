package dev.millrace.learner.actorcritic;

import dev.millrace.core.agent.LearnerOptions;
import dev.millrace.core.agent.Update;
import dev.millrace.core.config.Settings;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.math.Advantages;
import dev.millrace.core.math.PolicyLosses;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.Networks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/** The learning half of {@link Ppo}. */
final class PpoLearner extends ActorCriticLearner {
  /** As far beyond the target may the policy have moved before its round is left. */
  private static final double KL_TOLERANCE = 1.5;

  private final int batchSize;
  private final double lambda;
  private final double clip;
  private final long epochs;
  private final double targetKl;
  private final boolean normalizeAdvantages;
  private SeededRandom random;

  PpoLearner(Actor actor, int environments, Networks networks, long seed) {
    super(
        "ppo",
        actor,
        environments,
        networks,
        actor.settings().count(LearnerOptions.BATCH_SIZE),
        seed);
    Settings settings = actor.settings();
    batchSize = settings.count(LearnerOptions.BATCH_SIZE);
    lambda = settings.get(ActorCriticOptions.GAE_LAMBDA);
    clip = settings.get(Ppo.CLIP);
    epochs = settings.get(Ppo.EPOCHS);
    targetKl = settings.get(Ppo.TARGET_KL);
    normalizeAdvantages = settings.get(Ppo.NORMALIZE_ADVANTAGES);
    random = SeededRandom.of(seed, "minibatches");
  }

  @Override
  public Update update(List<Rollout> rollouts) {
    Steps steps = Steps.of(rollouts, actor, normalization);
    if (steps.count() == 0) {
      return Update.dropped(Double.NaN, Double.NaN);
    }
    byte[] before = saved();
    Round round = new Round(steps);
    if (!round.learn()) {
      restored(before);
      return Update.dropped(round.loss, round.gradientNorm);
    }
    normalization.learned(steps.batch());
    return round.update();
  }

  /** One round of rollouts: what is to be learned from it, and what came of that. */
  private final class Round {
    private final Steps steps;
    private final Estimates estimates;
    private ActorCritic.Terms terms = ActorCritic.Terms.NONE;
    private double loss;
    private double gradientNorm;
    private double kl;
    private double clipped;
    private int minibatches;

    Round(Steps steps) {
      this.steps = steps;
      estimates = Estimates.of(steps, actorCritic.values(steps), lambda);
    }

    /** Returns whether everything was finite. */
    boolean learn() {
      int[] order = steps.all();
      for (int epoch = 0; epoch < epochs; epoch++) {
        shuffle(order);
        for (int from = 0; from < order.length; from += batchSize) {
          int to = Math.min(order.length, from + batchSize);
          double divergence = learn(Arrays.copyOfRange(order, from, to));
          if (!Double.isFinite(loss) || !Double.isFinite(gradientNorm)) {
            return false;
          }
          if (divergence > KL_TOLERANCE * targetKl) {
            return true;
          }
        }
      }
      return true;
    }

    private double learn(int[] rows) {
      PolicyLosses.Surrogate[] surrogate = new PolicyLosses.Surrogate[1];
      ActorCritic.Terms now =
          actorCritic.addGradient(
              steps,
              rows,
              estimates.targets(),
              (logProbabilities, taken) -> {
                surrogate[0] =
                    PolicyLosses.clippedSurrogate(
                        logProbabilities,
                        Steps.gathered(steps.behaviourLogProbabilities(), taken),
                        scaled(Steps.gathered(estimates.advantages(), taken)),
                        clip);
                return surrogate[0].loss();
              },
              1);
      double norm = actorCritic.apply();
      minibatches++;
      terms = terms.plus(now, 1);
      loss += actorCritic.loss(now);
      gradientNorm += norm;
      clipped += surrogate[0].clipFraction();
      kl = surrogate[0].approximateKl();
      return kl;
    }

    Update update() {
      return Update.of(
          loss / minibatches,
          gradientNorm / minibatches,
          estimates.meanValue(),
          List.of(
              terms.policyLoss() / minibatches,
              terms.valueLoss() / minibatches,
              terms.entropy() / minibatches,
              kl,
              clipped / minibatches));
    }
  }

  /** Fisher and Yates's, the last place first. */
  private void shuffle(int[] order) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }

  private float[] scaled(float[] advantages) {
    if (normalizeAdvantages) {
      Advantages.normalize(advantages);
    }
    return advantages;
  }

  private byte[] saved() {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      save(new DataOutputStream(bytes));
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void restored(byte[] saved) {
    try {
      restore(new DataInputStream(new ByteArrayInputStream(saved)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  void saveOwn(DataOutput out) throws IOException {
    out.writeLong(random.state());
  }

  @Override
  void restoreOwn(DataInput in) throws IOException {
    random = new SeededRandom(in.readLong());
  }
}
