package dev.millrace.learner.actorcritic;

import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.LearnerOptions;
import dev.millrace.core.config.Settings;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.network.Networks;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/** What learners of an actor and a critic publish and keep, whatever they learn by. */
abstract class ActorCriticLearner implements Learner<List<Rollout>> {
  private static final int VERSION = 1;

  final Actor actor;
  final ActorCritic actorCritic;
  final Normalization normalization;
  private final String algorithm;

  /**
   * @param rowsAtOnce steps the networks are given at once, at most
   */
  ActorCriticLearner(
      String algorithm,
      Actor actor,
      int environments,
      Networks networks,
      int rowsAtOnce,
      long seed) {
    this.algorithm = algorithm;
    this.actor = actor;
    Settings settings = actor.settings();
    actorCritic = new ActorCritic(actor, networks, rowsAtOnce, seed);
    normalization =
        new Normalization(
            settings,
            settings.get(LearnerOptions.DISCOUNT),
            actor.network().inputs(),
            environments);
  }

  @Override
  public final float[] parameters() {
    return normalization.folded(actor.network(), actorCritic.policyParameters());
  }

  /** Writes what the algorithm has besides networks and statistics. */
  void saveOwn(DataOutput out) throws IOException {}

  /** Continues what {@link #saveOwn} wrote. */
  void restoreOwn(DataInput in) throws IOException {}

  @Override
  public final void save(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    saveOwn(out);
    actorCritic.save(out);
    normalization.save(out);
  }

  @Override
  public final void restore(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(
          "%s learner version=%d: this build reads version %d; use the build that wrote it"
              .formatted(algorithm, version, VERSION));
    }
    restoreOwn(in);
    actorCritic.restore(in);
    normalization.restore(in);
  }

  @Override
  public final void close() {
    actorCritic.close();
  }
}
