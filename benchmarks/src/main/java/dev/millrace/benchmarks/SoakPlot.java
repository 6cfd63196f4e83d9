package dev.millrace.benchmarks;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** What a soak measured, against the minutes: a panel for each kind of thing. */
final class SoakPlot {
  private static final Color[] COLORS = {
    new Color(0x1F, 0x4E, 0x79), new Color(0xD9, 0x5F, 0x02), new Color(0x2E, 0x7D, 0x32)
  };
  private static final Color GRID = new Color(0xE4, 0xE7, 0xEB);
  private static final Color TEXT = new Color(0x33, 0x3B, 0x45);

  private final Drift drift;

  SoakPlot(Drift drift) {
    this.drift = drift;
  }

  void write(Path file) throws IOException {
    List<XYChart> panels = new ArrayList<>();
    panels.add(panel("Resident memory, MB", " resident MB"));
    panels.add(panel("Threads", " threads"));
    panels.add(panel("Loaded classes", " classes"));
    panels.add(panel("Checkpoint duration, ms", "checkpoint ms"));
    panels.add(panel("Checkpoint size, MB", "checkpoint written MB", "checkpoint held MB"));
    panels.add(panel("Pace, 1/s", "pace steps/s", "pace updates/s"));
    BitmapEncoder.saveBitmap(panels, 2, 3, file.toString(), BitmapFormat.PNG);
  }

  /** Everything whose name ends so. */
  private XYChart panel(String title, String... endings) {
    XYChart chart =
        new XYChartBuilder().width(560).height(380).title(title).xAxisTitle("Minutes").build();
    style(chart.getStyler());
    int color = 0;
    for (String ending : endings) {
      for (Map.Entry<String, Drift.Series> each : drift.series().entrySet()) {
        if (each.getKey().endsWith(ending) && !each.getValue().values().isEmpty()) {
          String name = each.getKey().substring(0, each.getKey().length() - ending.length());
          XYSeries series =
              chart.addSeries(
                  name.isEmpty() ? ending.substring(ending.indexOf(' ') + 1) : name,
                  each.getValue().seconds().stream().map(value -> value / 60).toList(),
                  each.getValue().values());
          series.setMarker(SeriesMarkers.NONE).setLineStyle(new BasicStroke(2f));
          series.setLineColor(COLORS[color++ % COLORS.length]);
        }
      }
    }
    return chart;
  }

  private static void style(XYStyler style) {
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBackgroundColor(Color.WHITE);
    style.setPlotBorderVisible(false);
    style.setPlotGridLinesColor(GRID);
    style.setChartFontColor(TEXT);
    style.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
    style.setLegendPosition(LegendPosition.OutsideS);
    style.setLegendLayout(LegendLayout.Horizontal);
    style.setLegendBorderColor(Color.WHITE);
    style.setAxisTicksMarksVisible(false);
    style.setYAxisMin(0.0);
    style.setYAxisDecimalPattern("#,###");
    style.setXAxisDecimalPattern("#,##0.#");
  }
}
