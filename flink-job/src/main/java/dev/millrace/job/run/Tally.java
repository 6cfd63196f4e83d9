package dev.millrace.job.run;

import dev.millrace.core.loop.Report;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.PolicyParameters;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The latest of everything reported, summed over those who report. Reports are absolute, so one
 * that is repeated after a restore changes nothing.
 *
 * <p>The file is long because what is saved stands beside what is tallied.
 */
final class Tally {
  private static final int VERSION = 1;
  private static final int RECENT = 100;

  /** Of one group: steps and faults. Of one shard: the columns of {@link ShardColumn}. */
  private final Map<Integer, long[]> groups = new TreeMap<>();

  private final Map<Integer, long[]> shards = new TreeMap<>();
  private final ArrayDeque<Double> recentReturns = new ArrayDeque<>();
  private long episodes;
  private Report.Learning learning =
      new Report.Learning(
          ParameterVersion.NONE, 0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0, List.of());
  private double bestEvaluation = Double.NaN;
  private PolicyParameters best;
  private double secondsToTarget = Double.NaN;

  /** What is kept of a shard's report. */
  enum ShardColumn {
    INSERTED,
    SAMPLED,
    SIZE,
    APPLIED,
    IGNORED,
    DROPPED,
    CACHED,
    STORED
  }

  void note(Report.Episode episode) {
    episodes++;
    recentReturns.add(episode.episodeReturn());
    if (recentReturns.size() > RECENT) {
      recentReturns.poll();
    }
  }

  void note(Report.Acting acting) {
    groups.put(acting.group(), new long[] {acting.steps(), acting.faults()});
  }

  void note(Report.Replay replay) {
    shards.put(
        replay.progress().shard(),
        new long[] {
          replay.progress().inserted(),
          replay.progress().sampled(),
          replay.progress().size(),
          replay.prioritiesApplied(),
          replay.prioritiesIgnored(),
          replay.prioritiesDropped(),
          replay.cachedBytes(),
          replay.storedBytes()
        });
  }

  void note(Report.Learning report) {
    learning = report;
  }

  /** Takes note of an evaluation that ended {@code seconds} after the command. */
  void note(Report.Evaluation evaluation, double seconds) {
    if (evaluation.best() != null) {
      best = evaluation.best();
      bestEvaluation = evaluation.meanReturn();
    }
    if (evaluation.targetReached() && Double.isNaN(secondsToTarget)) {
      secondsToTarget = seconds;
    }
  }

  /** Forgets that a target was reached if that was a lower one than {@code targetReturn}. */
  void aimAt(double targetReturn) {
    if (!(bestEvaluation >= targetReturn)) {
      secondsToTarget = Double.NaN;
    }
  }

  long environmentSteps() {
    return groups.values().stream().mapToLong(group -> group[0]).sum();
  }

  long faults() {
    return groups.values().stream().mapToLong(group -> group[1]).sum();
  }

  long sum(ShardColumn column) {
    return shards.values().stream().mapToLong(shard -> shard[column.ordinal()]).sum();
  }

  /** Sampled over inserted; NaN before the first insert. */
  double samplesPerInsert() {
    long inserted = sum(ShardColumn.INSERTED);
    return inserted == 0 ? Double.NaN : (double) sum(ShardColumn.SAMPLED) / inserted;
  }

  /** Mean return of the last 100 episodes; NaN before the first. */
  double meanReturn() {
    return recentReturns.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }

  long episodes() {
    return episodes;
  }

  long updates() {
    return learning.version().step();
  }

  Report.Learning learning() {
    return learning;
  }

  double bestEvaluation() {
    return bestEvaluation;
  }

  /** The best policy's parameters, or null. */
  PolicyParameters best() {
    return best;
  }

  /** NaN while the target is not reached. */
  double secondsToTarget() {
    return secondsToTarget;
  }

  void save(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    saveColumns(groups, out);
    saveColumns(shards, out);
    out.writeInt(recentReturns.size());
    for (double episodeReturn : recentReturns) {
      out.writeDouble(episodeReturn);
    }
    out.writeLong(episodes);
    out.writeLong(learning.version().epoch());
    out.writeLong(learning.version().step());
    out.writeLong(learning.dropped());
    out.writeDouble(learning.loss());
    out.writeDouble(learning.gradientNorm());
    out.writeDouble(learning.meanValue());
    out.writeDouble(learning.policyLag());
    out.writeLong(learning.refused());
    out.writeInt(learning.measures().size());
    for (double measure : learning.measures()) {
      out.writeDouble(measure);
    }
    out.writeDouble(secondsToTarget);
    saveBest(out);
  }

  private void saveBest(DataOutput out) throws IOException {
    out.writeBoolean(best != null);
    if (best != null) {
      out.writeDouble(bestEvaluation);
      out.writeLong(best.version().epoch());
      out.writeLong(best.version().step());
      out.writeLong(best.environmentSteps());
      out.writeLong(best.publishedAtMillis());
      out.writeInt(best.values().length);
      for (float value : best.values()) {
        out.writeFloat(value);
      }
    }
  }

  private static void saveColumns(Map<Integer, long[]> rows, DataOutput out) throws IOException {
    out.writeInt(rows.size());
    for (Map.Entry<Integer, long[]> row : rows.entrySet()) {
      out.writeInt(row.getKey());
      out.writeInt(row.getValue().length);
      for (long value : row.getValue()) {
        out.writeLong(value);
      }
    }
  }

  static Tally restored(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(
          "recorder's tally version=%d: this build reads version %d; use the build that wrote it"
              .formatted(version, VERSION));
    }
    Tally tally = new Tally();
    restoreColumns(tally.groups, in);
    restoreColumns(tally.shards, in);
    for (int left = in.readInt(); left > 0; left--) {
      tally.recentReturns.add(in.readDouble());
    }
    tally.episodes = in.readLong();
    tally.learning =
        new Report.Learning(
            new ParameterVersion(in.readLong(), in.readLong()),
            in.readLong(),
            in.readDouble(),
            in.readDouble(),
            in.readDouble(),
            in.readDouble(),
            in.readLong(),
            restoredMeasures(in));
    tally.secondsToTarget = in.readDouble();
    tally.restoreBest(in);
    return tally;
  }

  private static List<Double> restoredMeasures(DataInput in) throws IOException {
    Double[] measures = new Double[in.readInt()];
    for (int i = 0; i < measures.length; i++) {
      measures[i] = in.readDouble();
    }
    return List.of(measures);
  }

  private void restoreBest(DataInput in) throws IOException {
    if (in.readBoolean()) {
      bestEvaluation = in.readDouble();
      ParameterVersion version = new ParameterVersion(in.readLong(), in.readLong());
      long environmentSteps = in.readLong();
      long publishedAtMillis = in.readLong();
      float[] values = new float[in.readInt()];
      for (int i = 0; i < values.length; i++) {
        values[i] = in.readFloat();
      }
      best = new PolicyParameters(version, environmentSteps, publishedAtMillis, values);
    }
  }

  private static void restoreColumns(Map<Integer, long[]> rows, DataInput in) throws IOException {
    for (int left = in.readInt(); left > 0; left--) {
      int key = in.readInt();
      long[] values = new long[in.readInt()];
      for (int i = 0; i < values.length; i++) {
        values[i] = in.readLong();
      }
      rows.put(key, values);
    }
  }
}
