package dev.millrace.job.run;

import dev.millrace.core.loop.Report;
import java.io.Closeable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The files of a run that grow: episodes, evaluations, metrics, TensorBoard's events. Neither
 * episodes nor evaluations tell the time, so a run that repeats another leaves the same bytes.
 */
final class RunFiles implements Closeable {
  private static final int FILES = 4;
  private static final String EPISODES =
      "environment_steps,environment,episode_return,length,truncated\n";
  private static final String EVALUATIONS =
      "environment_steps,updates,episodes,mean_return,decisive,target_reached\n";

  private final AppendedFile episodes;
  private final AppendedFile evaluations;
  private final AppendedFile metrics;
  private final AppendedFile events;

  /**
   * @param ends to which the files are cut, in the order of {@link #all}
   * @param columns of the metrics
   */
  RunFiles(RunFolder folder, List<AppendedFile.End> ends, List<String> columns, long nowMillis)
      throws IOException {
    episodes = new AppendedFile(folder.episodes(), ends.get(0), utf8(EPISODES));
    evaluations = new AppendedFile(folder.evaluations(), ends.get(1), utf8(EVALUATIONS));
    metrics =
        new AppendedFile(folder.metrics(), ends.get(2), utf8(String.join(",", columns) + "\n"));
    events =
        new AppendedFile(
            folder.tensorBoardEvents(), ends.get(3), TensorBoardEvents.header(nowMillis));
  }

  /** The ends of files that have yet to begin. */
  static List<AppendedFile.End> none() {
    return Collections.nCopies(FILES, AppendedFile.End.NEW);
  }

  void append(Report.Episode episode, long nowMillis) throws IOException {
    row(
        episodes,
        episode.environmentSteps(),
        episode.environment(),
        number(episode.episodeReturn()),
        episode.length(),
        episode.truncated());
    event(nowMillis, "episode/return", episode.environmentSteps(), episode.episodeReturn());
    event(nowMillis, "episode/length", episode.environmentSteps(), episode.length());
  }

  void append(Report.Evaluation evaluation, long nowMillis) throws IOException {
    row(
        evaluations,
        evaluation.environmentSteps(),
        evaluation.version().step(),
        evaluation.episodes(),
        number(evaluation.meanReturn()),
        evaluation.decisive(),
        evaluation.targetReached());
    event(
        nowMillis,
        evaluation.decisive() ? "evaluation/return" : "evaluation/first_episodes",
        evaluation.environmentSteps(),
        evaluation.meanReturn());
  }

  /** A row of metrics, and a point of each in TensorBoard. */
  void append(Map<String, Number> values, long environmentSteps, long nowMillis)
      throws IOException {
    row(metrics, values.values().stream().map(RunFiles::number).toArray());
    for (Map.Entry<String, Number> value : values.entrySet()) {
      event(
          nowMillis, "metrics/" + value.getKey(), environmentSteps, value.getValue().doubleValue());
    }
  }

  private void event(long nowMillis, String tag, long step, double value) throws IOException {
    if (Double.isFinite(value)) {
      events.append(TensorBoardEvents.scalar(nowMillis, tag, step, value));
    }
  }

  private static void row(AppendedFile file, Object... values) throws IOException {
    StringJoiner line = new StringJoiner(",", "", "\n");
    for (Object value : values) {
      line.add(String.valueOf(value));
    }
    file.append(utf8(line.toString()));
  }

  /** Empty for what is not finite, which is what spreadsheets make of nothing. */
  private static String number(Number value) {
    double number = value.doubleValue();
    if (!Double.isFinite(number)) {
      return "";
    }
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  void flush() throws IOException {
    for (AppendedFile file : all()) {
      file.flush();
    }
  }

  void saveEnds(DataOutput out) throws IOException {
    flush();
    for (AppendedFile file : all()) {
      file.end().save(out);
    }
  }

  static List<AppendedFile.End> restoredEnds(DataInput in) throws IOException {
    List<AppendedFile.End> ends = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      ends.add(AppendedFile.End.restored(in));
    }
    return ends;
  }

  List<AppendedFile> all() {
    return List.of(episodes, evaluations, metrics, events);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    for (AppendedFile file : all()) {
      file.close();
    }
  }
}
