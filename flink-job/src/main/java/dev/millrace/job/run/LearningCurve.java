package dev.millrace.job.run;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The picture of a run: return against environment steps, from the run's own tables. Episodes are
 * faint dots, and so are evaluations that were not played to the end; the episodes' running mean is
 * a line, deciding evaluations are diamonds, the target is dashed.
 */
final class LearningCurve {
  static final int WIDTH = 1000;
  static final int HEIGHT = 600;
  private static final int RUNNING = 100;
  private static final int MAX_POINTS = 5000;
  private static final Color DOTS = new Color(0x5B, 0x8D, 0xB8, 70);
  private static final Color FIRST = new Color(0xD9, 0x5F, 0x02, 45);
  private static final Color LINE = new Color(0x1F, 0x4E, 0x79);
  private static final Color EVALUATIONS = new Color(0xD9, 0x5F, 0x02);
  private static final Color TARGET = new Color(0x2E, 0x7D, 0x32);
  private static final Color GRID = new Color(0xE4, 0xE7, 0xEB);
  private static final Color TEXT = new Color(0x33, 0x3B, 0x45);

  private LearningCurve() {}

  /** Points of a curve. */
  private record Points(List<Double> steps, List<Double> values) {
    Points() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    void add(double step, double value) {
      steps.add(step);
      values.add(value);
    }

    /** By step: groups of environments report in turns, and not in order. */
    Points sorted() {
      Points ordered = new Points();
      IntStream.range(0, steps.size())
          .boxed()
          .sorted(Comparator.comparing(steps::get))
          .forEach(i -> ordered.add(steps.get(i), values.get(i)));
      return ordered;
    }

    /** Every so many, so that a long run draws no slower than a short one. */
    Points thinned() {
      int every = (steps.size() + MAX_POINTS - 1) / MAX_POINTS;
      if (every <= 1) {
        return this;
      }
      Points thin = new Points();
      for (int i = 0; i < steps.size(); i += every) {
        thin.add(steps.get(i), values.get(i));
      }
      return thin;
    }
  }

  /**
   * Draws the curve of the run in {@code folder}.
   *
   * @param target NaN for none
   */
  static void draw(RunFolder folder, String name, double target) throws IOException {
    System.setProperty("java.awt.headless", "true");
    Points episodes = new Points();
    rows(folder.episodes(), row -> episodes.add(number(row[0]), number(row[2])));
    Points promising = new Points();
    Points evaluations = new Points();
    rows(
        folder.evaluations(),
        row ->
            (Boolean.parseBoolean(row[4]) ? evaluations : promising)
                .add(number(row[0]), number(row[3])));
    XYChart chart = frame(name);
    if (!episodes.steps().isEmpty()) {
      dots(chart, "Episodes", episodes.thinned(), DOTS);
    }
    if (!promising.steps().isEmpty()) {
      dots(chart, "First episodes of evaluations", promising.thinned(), FIRST);
    }
    if (!episodes.steps().isEmpty()) {
      line(chart, "Mean of %d episodes".formatted(RUNNING), mean(episodes.sorted()).thinned());
    }
    if (!evaluations.steps().isEmpty()) {
      diamonds(chart, "Evaluations (greedy)", evaluations);
    }
    if (!Double.isNaN(target) && !episodes.steps().isEmpty()) {
      target(chart, target, episodes.steps().get(episodes.steps().size() - 1));
    }
    write(chart, folder.learningCurve());
  }

  private static void write(XYChart chart, Path file) throws IOException {
    RunFolder.replace(file, BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG));
  }

  private interface Row {
    void take(String[] cells);
  }

  private static void rows(Path table, Row row) throws IOException {
    if (!Files.exists(table)) {
      return;
    }
    try (BufferedReader reader = Files.newBufferedReader(table)) {
      reader.readLine();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        row.take(line.split(",", -1));
      }
    }
  }

  private static double number(String cell) {
    return cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
  }

  private static Points mean(Points episodes) {
    Points means = new Points();
    ArrayDeque<Double> window = new ArrayDeque<>();
    double sum = 0;
    for (int i = 0; i < episodes.steps().size(); i++) {
      window.add(episodes.values().get(i));
      sum += episodes.values().get(i);
      if (window.size() > RUNNING) {
        sum -= window.poll();
      }
      means.add(episodes.steps().get(i), sum / window.size());
    }
    return means;
  }

  private static XYChart frame(String name) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(name)
            .xAxisTitle("Environment steps")
            .yAxisTitle("Return")
            .build();
    XYStyler style = chart.getStyler();
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBackgroundColor(Color.WHITE);
    style.setPlotBorderVisible(false);
    style.setPlotGridLinesColor(GRID);
    style.setChartFontColor(TEXT);
    style.setChartTitleFont(font(Font.BOLD, 20));
    style.setChartPadding(16);
    style.setLegendPosition(LegendPosition.OutsideS);
    style.setLegendLayout(LegendLayout.Horizontal);
    style.setLegendBorderColor(Color.WHITE);
    style.setLegendFont(font(Font.PLAIN, 14));
    style.setAxisTitleFont(font(Font.PLAIN, 15));
    style.setAxisTickLabelsFont(font(Font.PLAIN, 13));
    style.setAxisTicksMarksVisible(false);
    style.setXAxisDecimalPattern("#,###");
    return chart;
  }

  private static Font font(int style, int size) {
    return new Font(Font.SANS_SERIF, style, size);
  }

  private static void dots(XYChart chart, String name, Points points, Color color) {
    XYSeries series = chart.addSeries(name, points.steps(), points.values());
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(color);
    chart.getStyler().setMarkerSize(5);
  }

  private static void line(XYChart chart, String name, Points points) {
    XYSeries series = chart.addSeries(name, points.steps(), points.values());
    series.setMarker(SeriesMarkers.NONE).setLineColor(LINE).setLineStyle(new BasicStroke(2.5f));
  }

  private static void diamonds(XYChart chart, String name, Points points) {
    XYSeries series = chart.addSeries(name, points.steps(), points.values());
    series.setMarker(SeriesMarkers.DIAMOND).setMarkerColor(EVALUATIONS);
    series.setLineColor(EVALUATIONS).setLineStyle(new BasicStroke(1.2f));
  }

  private static void target(XYChart chart, double target, double lastStep) {
    XYSeries series =
        chart.addSeries("Target", new double[] {0, lastStep}, new double[] {target, target});
    series
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(TARGET)
        .setLineStyle(
            new BasicStroke(
                1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 1f, new float[] {8f, 6f}, 0f));
  }
}
