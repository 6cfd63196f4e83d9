package dev.millrace.learner.actorcritic;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.Algorithm;
import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.LearnerOptions;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.agent.Update;
import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.math.Advantages;
import dev.millrace.core.math.PolicyLosses;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.Networks;
import dev.millrace.core.policy.Policy;
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

/**
 * Proximal policy optimization (Schulman et al. 2017, "Proximal Policy Optimization Algorithms"),
 * with many actors in lock-step as in DPPO (Heess et al. 2017): several epochs of minibatches on
 * the clipped surrogate of each round of rollouts, advantages by GAE, ended early where the policy
 * has moved further than a target divergence.
 */
public final class Ppo implements Algorithm {
  static final Option<Double> CLIP =
      Option.declare("algorithm.clip")
          .number(0.2)
          .above(0)
          .says("How far the probability of an action may move from the one it was drawn with.");

  static final Option<Long> EPOCHS =
      Option.declare("algorithm.epochs")
          .whole(10)
          .from(1)
          .says("Times that each round of rollouts is gone through.");

  static final Option<Double> TARGET_KL =
      Option.declare("algorithm.target-kl")
          .number(Double.POSITIVE_INFINITY)
          .above(0)
          .says("A round is left for the next once the policy has diverged by 1.5 times this.");

  static final Option<Boolean> NORMALIZE_ADVANTAGES = ActorCriticOptions.normalizeAdvantages(true);

  private static final double KL_TOLERANCE = 1.5;

  @Override
  public String name() {
    return "ppo";
  }

  @Override
  public String sentence() {
    return "PPO: clipped surrogate with GAE on lock-step rollouts; discrete and continuous actions.";
  }

  @Override
  public boolean samplesReplay() {
    return false;
  }

  @Override
  public List<Option<?>> options() {
    return ActorCriticOptions.with(
        ActorCriticOptions.GAE_LAMBDA,
        CLIP,
        EPOCHS,
        TARGET_KL,
        NORMALIZE_ADVANTAGES,
        Normalization.OBSERVATIONS,
        Normalization.REWARDS,
        LearnerOptions.BATCH_SIZE);
  }

  @Override
  public Agent bind(EnvironmentSpec environment, int environments, Settings settings) {
    return new Bound(Actor.of(environment, settings), environments, settings);
  }

  private record Bound(Actor actor, int environments, Settings settings)
      implements TrajectoryAgent {

    @Override
    public NetworkSpec network() {
      return actor.network();
    }

    @Override
    public Policy policy() {
      return actor.policy();
    }

    @Override
    public ReplaySpec.Fifo replay() {
      return ReplaySpec.Fifo.lockStep(settings.get(LearnerOptions.DISCOUNT));
    }

    @Override
    public List<String> measures() {
      return List.of("policy_loss", "value_loss", "entropy", "approximate_kl", "clip_fraction");
    }

    @Override
    public Learner<List<Rollout>> learner(Networks networks, long seed) {
      return new PpoLearner(actor, environments, networks, seed);
    }
  }

  private static final class PpoLearner implements Learner<List<Rollout>> {
    private static final int VERSION = 1;

    private final Actor actor;
    private final ActorCritic actorCritic;
    private final Normalization normalization;
    private final int batchSize;
    private final double lambda;
    private final double clip;
    private final long epochs;
    private final double targetKl;
    private final boolean normalizeAdvantages;
    private SeededRandom random;

    PpoLearner(Actor actor, int environments, Networks networks, long seed) {
      this.actor = actor;
      Settings settings = actor.settings();
      batchSize = settings.count(LearnerOptions.BATCH_SIZE);
      actorCritic = new ActorCritic(actor, networks, batchSize, seed);
      normalization =
          new Normalization(
              settings,
              settings.get(LearnerOptions.DISCOUNT),
              actor.network().inputs(),
              environments);
      lambda = settings.get(ActorCriticOptions.GAE_LAMBDA);
      clip = settings.get(CLIP);
      epochs = settings.get(EPOCHS);
      targetKl = settings.get(TARGET_KL);
      normalizeAdvantages = settings.get(NORMALIZE_ADVANTAGES);
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

    @Override
    public float[] parameters() {
      return normalization.folded(actor.network(), actorCritic.policyParameters());
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
    public void save(DataOutput out) throws IOException {
      out.writeInt(VERSION);
      out.writeLong(random.state());
      actorCritic.save(out);
      normalization.save(out);
    }

    @Override
    public void restore(DataInput in) throws IOException {
      int version = in.readInt();
      if (version != VERSION) {
        throw new IOException(
            "ppo learner version=%d: this build reads version %d; use the build that wrote it"
                .formatted(version, VERSION));
      }
      random = new SeededRandom(in.readLong());
      actorCritic.restore(in);
      normalization.restore(in);
    }

    @Override
    public void close() {
      actorCritic.close();
    }
  }
}
