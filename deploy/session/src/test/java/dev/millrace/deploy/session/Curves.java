package dev.millrace.deploy.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.job.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The curves of a run folder: what was written, and that none of it was written twice. */
final class Curves {
  private Curves() {}

  /** Steps of all episodes that ended, by environment. */
  static Map<Integer, Long> steps(RunFolder folder) throws IOException {
    Map<Integer, Long> steps = new TreeMap<>();
    for (Map<String, String> row : rows(folder.episodes())) {
      steps.merge(
          Integer.parseInt(row.get("environment")), Long.parseLong(row.get("length")), Long::sum);
    }
    return steps;
  }

  /**
   * Of evaluations that follow one another from that environment step on, and have so many episodes
   * together, the best mean return; NaN if there are not as many.
   */
  static double bestMean(RunFolder folder, long fromStep, int episodes) throws IOException {
    List<Map<String, String>> rows =
        rows(folder.evaluations()).stream()
            .filter(row -> Long.parseLong(row.get("environment_steps")) >= fromStep)
            .toList();
    double best = Double.NaN;
    for (int first = 0; first < rows.size(); first++) {
      double sum = 0;
      int played = 0;
      for (int i = first; i < rows.size() && played < episodes; i++) {
        int more = Integer.parseInt(rows.get(i).get("episodes"));
        sum += more * Double.parseDouble(rows.get(i).get("mean_return"));
        played += more;
      }
      if (played >= episodes && !(sum / played <= best)) {
        best = sum / played;
      }
    }
    return best;
  }

  /** No evaluation and no second is there twice, and nothing goes back. */
  static void assertNothingTwice(RunFolder folder) throws IOException {
    List<String> evaluations = new ArrayList<>();
    for (Map<String, String> row : rows(folder.evaluations())) {
      evaluations.add(row.get("updates") + (row.get("decisive").equals("true") ? " all" : ""));
    }
    assertThat(evaluations).doesNotHaveDuplicates();
    assertThat(column(folder.evaluations(), "updates")).isSorted();
    assertThat(column(folder.metrics(), "seconds")).isSorted().doesNotHaveDuplicates();
    for (String growing : List.of("environment_steps", "updates", "episodes", "inserted")) {
      assertThat(column(folder.metrics(), growing)).as(growing).isSorted();
    }
  }

  private static List<Double> column(Path csv, String name) throws IOException {
    return rows(csv).stream().map(row -> Double.valueOf(row.get(name))).toList();
  }

  /** Whole rows, by the names of the columns. */
  private static List<Map<String, String>> rows(Path csv) throws IOException {
    String text = Files.readString(csv);
    List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    String[] names = lines.get(0).split(",");
    List<Map<String, String>> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] values = line.split(",", -1);
      assertThat(values).as(csv + ": " + line).hasSameSizeAs(names);
      Map<String, String> row = new TreeMap<>();
      for (int i = 0; i < names.length; i++) {
        row.put(names[i], values[i]);
      }
      rows.add(row);
    }
    return rows;
  }
}
