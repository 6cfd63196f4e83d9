package dev.millrace.learner;

import dev.millrace.core.agent.Evaluation;
import dev.millrace.core.env.Environment;
import dev.millrace.core.loop.Report;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.Policy;
import dev.millrace.core.policy.PolicyParameters;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * Judges one version of a policy after another, always the newest it was offered: a few episodes
 * first and, if they promise the target or a new best, the many that decide. What it plays depends
 * on the seed and on how many versions it has judged, so that an evaluation begun again after a
 * restore plays the same episodes.
 */
public final class Judge {
  private static final int VERSION = 1;

  private final Policy policy;
  private final List<Environment> environments;
  private final EvaluatorSettings settings;

  private PolicyParameters newest;
  private PolicyParameters pinned;
  private Evaluation evaluation;
  private boolean decisive;
  private boolean promised;
  private ParameterVersion judged = ParameterVersion.NONE;
  private boolean judgedDecisively;
  private long count;
  private double best = Double.NaN;

  /**
   * @param policy for the judge alone
   * @param environments played side by side; not closed
   */
  public Judge(Policy policy, List<Environment> environments, EvaluatorSettings settings) {
    this.policy = policy;
    this.environments = environments;
    this.settings = settings;
  }

  /** Takes note of parameters; the newest are judged next. */
  public void offer(PolicyParameters parameters) {
    if (newest == null || parameters.version().newerThan(newest.version())) {
      newest = parameters;
    }
  }

  /** Whether there is anything to judge. */
  public boolean busy() {
    return pinned != null || newest != null && newest.version().newerThan(judged);
  }

  /** Whether the first episodes of the version being judged promised the target. */
  public boolean promised() {
    return promised;
  }

  /** Mean return of the best decisive evaluation; NaN before there is one. */
  public double best() {
    return best;
  }

  /**
   * Plays at least {@code maxSteps} steps, or to the end of what is under way.
   *
   * @return the verdict if that ended it, otherwise null
   */
  public Report.Evaluation advance(int maxSteps) {
    if (!busy()) {
      return null;
    }
    if (pinned == null) {
      pinned = newest;
    }
    if (evaluation == null) {
      begin(false);
    }
    if (!evaluation.advance(maxSteps)) {
      return null;
    }
    double mean = evaluation.meanReturn();
    if (!decisive && (settings.reached(mean) || better(mean))) {
      promised = settings.reached(mean);
      begin(true);
      return null;
    }
    return conclude(mean);
  }

  /** Judges the newest parameters decisively and nothing else; not again if that was done. */
  public void insist() {
    if (newest == null) {
      newest = pinned;
    }
    if (newest == null || newest.version().equals(judged) && judgedDecisively) {
      pinned = null;
      evaluation = null;
      return;
    }
    if (pinned != newest || !decisive) {
      pinned = newest;
      begin(true);
    }
  }

  private boolean better(double mean) {
    return Double.isNaN(best) ? !Double.isNaN(mean) : mean > best;
  }

  private void begin(boolean decisive) {
    this.decisive = decisive;
    policy.install(pinned.values());
    evaluation =
        new Evaluation(
            environments,
            policy,
            decisive ? settings.episodes() : settings.episodesFirst(),
            settings.seed(),
            2 * count + (decisive ? 1 : 0));
  }

  private Report.Evaluation conclude(double mean) {
    boolean better = decisive && better(mean);
    if (better) {
      best = mean;
    }
    Report.Evaluation verdict =
        new Report.Evaluation(
            pinned.version(),
            pinned.environmentSteps(),
            decisive ? settings.episodes() : settings.episodesFirst(),
            mean,
            decisive,
            decisive && settings.reached(mean),
            better ? pinned : null);
    judged = pinned.version();
    judgedDecisively = decisive;
    pinned = null;
    evaluation = null;
    promised = false;
    count++;
    return verdict;
  }

  /** Writes a versioned record; an evaluation under way is kept as what it judges. */
  public void save(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    out.writeLong(count);
    out.writeDouble(best);
    out.writeLong(judged.epoch());
    out.writeLong(judged.step());
    out.writeBoolean(judgedDecisively);
    out.writeBoolean(pinned != null);
    if (pinned != null) {
      write(pinned, out);
    }
  }

  /** Continues what {@link #save} wrote, the evaluation that was under way from its beginning. */
  public void restore(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(
          "evaluator state version=%d: this build reads version %d; use the build that wrote it"
              .formatted(version, VERSION));
    }
    count = in.readLong();
    best = in.readDouble();
    judged = new ParameterVersion(in.readLong(), in.readLong());
    judgedDecisively = in.readBoolean();
    pinned = in.readBoolean() ? read(in) : null;
  }

  private static void write(PolicyParameters parameters, DataOutput out) throws IOException {
    out.writeLong(parameters.version().epoch());
    out.writeLong(parameters.version().step());
    out.writeLong(parameters.environmentSteps());
    out.writeLong(parameters.publishedAtMillis());
    out.writeInt(parameters.values().length);
    for (float value : parameters.values()) {
      out.writeFloat(value);
    }
  }

  private static PolicyParameters read(DataInput in) throws IOException {
    ParameterVersion version = new ParameterVersion(in.readLong(), in.readLong());
    long environmentSteps = in.readLong();
    long publishedAtMillis = in.readLong();
    float[] values = new float[in.readInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readFloat();
    }
    return new PolicyParameters(version, environmentSteps, publishedAtMillis, values);
  }
}
