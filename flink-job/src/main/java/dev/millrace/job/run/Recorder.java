package dev.millrace.job.run;

import dev.millrace.core.loop.Report;
import dev.millrace.core.policy.PolicyFile;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.job.run.Tally.ShardColumn;
import java.io.Closeable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a run down in its folder. What it remembers is counters, the best policy and the lengths
 * of its files; restored, it cuts the files back to those lengths, so that nothing stands there
 * twice however often a job starts over.
 */
public final class Recorder implements Closeable {
  private static final int VERSION = 1;
  private static final long PROGRESS_MILLIS = 200;

  private final Recording recording;
  private final InstantSource time;
  private final RunClock clock;
  private final Tally tally;
  private final RunFiles files;
  private long checkpoints;
  private long checkpointAtMillis;
  private long progressAtMillis;
  private long metricsAtMillis;
  private long stepsAtMetrics;
  private long updatesAtMetrics;
  private long insertedAtMetrics;
  private double bestAtMetrics = Double.NaN;
  private boolean over;

  /**
   * Begins, or continues.
   *
   * @param attempt of the command's job, from 0: how often it was restarted
   * @param state what {@link #save} wrote; null to begin
   */
  public Recorder(Recording recording, InstantSource time, int attempt, DataInput state)
      throws IOException {
    this.recording = recording;
    this.time = time;
    clock = new RunClock(recording.startedAtMillis(), attempt);
    if (!recording.folder().holdsRun()) {
      recording.folder().writeConfig(recording.configuration());
    }
    metricsAtMillis = time.millis();
    if (state == null) {
      tally = new Tally();
      files = open(RunFiles.none());
    } else {
      checkVersion(state.readInt());
      checkpoints = state.readLong();
      clock.restore(state);
      List<AppendedFile.End> ends = RunFiles.restoredEnds(state);
      tally = Tally.restored(state);
      tally.aimAt(recording.targetReturn());
      files = open(ends);
      writeBest();
    }
    stepsAtMetrics = tally.environmentSteps();
    updatesAtMetrics = tally.updates();
    insertedAtMetrics = tally.sum(ShardColumn.INSERTED);
    bestAtMetrics = tally.bestEvaluation();
    writeProgress(time.millis());
  }

  private static void checkVersion(int version) throws IOException {
    if (version != VERSION) {
      throw new IOException(
          "recorder's state version=%d: this build reads version %d; use the build that wrote it"
              .formatted(version, VERSION));
    }
  }

  private RunFiles open(List<AppendedFile.End> ends) throws IOException {
    List<String> columns = List.copyOf(metrics(time.millis()).keySet());
    return new RunFiles(recording.folder(), ends, columns, time.millis());
  }

  /** Writes down what was reported. */
  public void record(Report report) throws IOException {
    long now = time.millis();
    clock.active(now);
    if (report instanceof Report.Episode episode) {
      tally.note(episode);
      files.append(episode, now);
    } else if (report instanceof Report.Acting acting) {
      tally.note(acting);
    } else if (report instanceof Report.Replay replay) {
      tally.note(replay);
    } else if (report instanceof Report.Learning learning) {
      tally.note(learning);
    } else if (report instanceof Report.Evaluation evaluation) {
      record(evaluation, now);
    }
  }

  private void record(Report.Evaluation evaluation, long now) throws IOException {
    tally.note(evaluation, clock.seconds(now));
    files.append(evaluation, now);
    if (evaluation.best() != null) {
      writeBest();
    }
    if (evaluation.targetReached()) {
      writeProgress(now);
    }
  }

  private void writeBest() throws IOException {
    PolicyParameters best = tally.best();
    if (best != null) {
      new PolicyFile(
              recording.algorithm(),
              recording.environment(),
              recording.network(),
              best.version(),
              bestValues())
          .write(recording.folder().bestPolicy());
    }
  }

  /** What acts, of the best policy; null if there is none. */
  private float[] bestValues() {
    PolicyParameters best = tally.best();
    return best == null ? null : Arrays.copyOf(best.values(), recording.network().parameterCount());
  }

  /** A checkpoint that holds this recorder's state was completed. */
  public void checkpointed() {
    checkpoints++;
    checkpointAtMillis = time.millis();
  }

  /** Writes what is due by now; to be called a few times a second. */
  public void tick() throws IOException {
    long now = time.millis();
    if (now - progressAtMillis >= PROGRESS_MILLIS) {
      writeProgress(now);
    }
    if (now - metricsAtMillis >= recording.interval().toMillis() && (!over || moved())) {
      writeMetrics(now);
    }
  }

  private void writeProgress(long now) throws IOException {
    progressAtMillis = now;
    progress().write(recording.folder());
  }

  /** Whether anything was done since the last row of metrics. */
  private boolean moved() {
    return tally.environmentSteps() != stepsAtMetrics
        || tally.updates() != updatesAtMetrics
        || tally.sum(ShardColumn.INSERTED) != insertedAtMetrics
        || Double.compare(tally.bestEvaluation(), bestAtMetrics) != 0;
  }

  /** Where the run stands. */
  public RunProgress progress() {
    return new RunProgress(
        time.millis(),
        tally.environmentSteps(),
        tally.updates(),
        tally.meanReturn(),
        tally.bestEvaluation(),
        tally.sum(ShardColumn.SIZE),
        tally.samplesPerInsert(),
        tally.learning().policyLag(),
        checkpoints,
        checkpointAtMillis,
        clock.restarts(),
        !Double.isNaN(tally.secondsToTarget()),
        over);
  }

  /** The run is over and everything was reported; only its client may want something yet. */
  void over() throws IOException {
    over = true;
    long now = time.millis();
    writeMetrics(now);
    writeProgress(now);
  }

  /** What a client asked for. One that is about to stop the run gets all of it. */
  Answer answer(Question question, long generation) throws IOException {
    if (question.halt() && moved()) {
      writeMetrics(time.millis());
    }
    files.flush();
    RunContents contents = new RunContents(recording.folder(), files.all());
    return new Answer(
        progress().bytes(),
        generation,
        recording.folder().path(),
        contents.list(),
        question.file() == null ? new byte[0] : contents.read(question.file(), question.from()));
  }

  private void writeMetrics(long now) throws IOException {
    files.append(metrics(now), tally.environmentSteps(), now);
    files.flush();
    metricsAtMillis = now;
    stepsAtMetrics = tally.environmentSteps();
    updatesAtMetrics = tally.updates();
    insertedAtMetrics = tally.sum(ShardColumn.INSERTED);
    bestAtMetrics = tally.bestEvaluation();
    summary().write(recording.folder());
  }

  private Map<String, Number> metrics(long now) {
    double seconds = (now - metricsAtMillis) / 1e3;
    Map<String, Number> row = new LinkedHashMap<>();
    row.put("seconds", clock.seconds(now));
    row.put("environment_steps", tally.environmentSteps());
    row.put("updates", tally.updates());
    row.put("episodes", tally.episodes());
    row.put("mean_return", tally.meanReturn());
    row.put("best_evaluation", tally.bestEvaluation());
    row.put("steps_per_second", (tally.environmentSteps() - stepsAtMetrics) / seconds);
    row.put("updates_per_second", (tally.updates() - updatesAtMetrics) / seconds);
    row.put("loss", tally.learning().loss());
    row.put("gradient_norm", tally.learning().gradientNorm());
    row.put("mean_value", tally.learning().meanValue());
    row.put("policy_lag", tally.learning().policyLag());
    row.put("updates_dropped", tally.learning().dropped());
    row.put("transitions_refused", tally.learning().refused());
    for (int i = 0; i < recording.measures().size(); i++) {
      List<Double> measures = tally.learning().measures();
      row.put(recording.measures().get(i), i < measures.size() ? measures.get(i) : Double.NaN);
    }
    row.put("environment_faults", tally.faults());
    row.put("replay_size", tally.sum(ShardColumn.SIZE));
    row.put("inserted", tally.sum(ShardColumn.INSERTED));
    row.put("sampled", tally.sum(ShardColumn.SAMPLED));
    row.put("samples_per_insert", tally.samplesPerInsert());
    row.put("priorities_applied", tally.sum(ShardColumn.APPLIED));
    row.put("priorities_ignored", tally.sum(ShardColumn.IGNORED));
    row.put("priorities_dropped", tally.sum(ShardColumn.DROPPED));
    row.put("replay_cached_bytes", tally.sum(ShardColumn.CACHED));
    row.put("replay_stored_bytes", tally.sum(ShardColumn.STORED));
    row.put("checkpoints", checkpoints);
    row.put("restarts", clock.restarts());
    return row;
  }

  private Summary summary() {
    double seconds = clock.activeSeconds();
    return new Summary(
        !Double.isNaN(tally.secondsToTarget()),
        Summary.known(tally.secondsToTarget()),
        tally.environmentSteps(),
        tally.updates(),
        Summary.known(tally.bestEvaluation()),
        Summary.known(tally.meanReturn()),
        Summary.known(tally.environmentSteps() / seconds),
        Summary.known(tally.updates() / seconds),
        checkpoints,
        clock.restarts(),
        recording.seed(),
        recording.versions());
  }

  /** Writes a versioned record of everything, for a checkpoint. */
  public void save(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    // Who restores from this checkpoint knows that it was completed.
    out.writeLong(checkpoints + 1);
    clock.save(out, time.millis());
    files.saveEnds(out);
    tally.save(out);
  }

  /** Writes everything that is left, and draws the curve. */
  @Override
  public void close() throws IOException {
    long now = time.millis();
    if (moved()) {
      writeMetrics(now);
    }
    summary().write(recording.folder());
    writeProgress(now);
    files.close();
    Portraits.draw(recording, bestValues());
  }
}
