package dev.millrace.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveLineTest {
  private static final double NONE = Double.NaN;

  @TempDir Path root;

  private static RunProgress at(long millis, long steps, long updates) {
    return new RunProgress(
        millis, steps, updates, 123.45, 210, 42_000, 15.96, 12.4, 3, 4_000, 0, false, false);
  }

  @Test
  void showsEverythingThatIsKnown() {
    assertThat(LiveLine.text(at(10_000, 42_000, 10_500), at(5_000, 22_000, 5_500), 100_000, 12_000))
        .isEqualTo(
            "42.0k steps (4000/s) · 10.5k updates (1000/s) · return 123.5 · best 210.0 · replay 42.0k"
                + " · samples/insert 16.0 · lag 12.4 · checkpoint 8s ago · ETA 15s");
  }

  @Test
  void showsDashesForWhatIsNot() {
    RunProgress begun =
        new RunProgress(1000, 0, 0, NONE, NONE, 0, NONE, NONE, 0, 0, 2, false, false);

    assertThat(LiveLine.text(begun, begun, 100_000, 1000))
        .isEqualTo(
            "0 steps (0/s) · 0 updates (0/s) · return - · best - · replay 0 · samples/insert -"
                + " · lag - · checkpoint - · 2 restarts · ETA -");
  }

  @Test
  void writesLongTimesInMinutesAndHours() {
    assertThat(LiveLine.text(at(1_000, 1_000, 1), at(0, 0, 0), 600_000, 2_000))
        .endsWith("ETA 9m59s");
    assertThat(LiveLine.text(at(1_000, 1_000, 1), at(0, 0, 0), 10_000_000, 2_000))
        .endsWith("ETA 2h46m");
  }

  @Test
  void aTerminalIsOverwrittenInPlaceAndNeverBroken() throws IOException {
    StringWriter text = new StringWriter();
    TestingTime time = new TestingTime();
    RunFolder folder = RunFolder.at(root);
    LiveDisplay display = new LiveDisplay(folder, 100_000, 0, new PrintWriter(text), 40, time);
    at(10_000, 42_000, 10_500).write(folder);

    display.look();
    display.look();

    String once = "\r42.0k steps (0/s) · 10.5k updates (0/s…";
    assertThat(text).hasToString(once + once);
    assertThat(once.length() - 1).isEqualTo(39);
    display.close();
    assertThat(text.toString()).endsWith(System.lineSeparator());
  }

  @Test
  void pipedItPrintsLinesAndNothingOfAnEarlierCommand() throws IOException {
    StringWriter text = new StringWriter();
    RunFolder folder = RunFolder.at(root);
    TestingTime time = new TestingTime();
    LiveDisplay display = new LiveDisplay(folder, 100_000, 9_000, new PrintWriter(text), 0, time);

    at(8_000, 1, 1).write(folder);
    time.millis += 10_000;
    display.look();
    assertThat(text.toString()).isEmpty();
    at(10_000, 42_000, 10_500).write(folder);
    display.look();
    time.millis += 5_000;
    at(12_000, 44_000, 11_000).write(folder);
    display.look();
    time.millis += 5_000;
    at(14_000, 46_000, 11_500).write(folder);
    display.look();

    assertThat(text.toString().lines().toList())
        .satisfiesExactly(
            first -> assertThat(first).startsWith("42.0k steps (0/s)"),
            second -> assertThat(second).startsWith("46.0k steps (1000/s)"));
  }
}
