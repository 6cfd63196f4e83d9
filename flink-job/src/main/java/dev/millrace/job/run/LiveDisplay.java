package dev.millrace.job.run;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Shows a run's live line while it lasts: in place on a terminal, otherwise every ten seconds. It
 * reads the run folder, so it can watch a run in another process as well.
 */
public final class LiveDisplay implements AutoCloseable {
  private static final Duration LOOK_PERIOD = Duration.ofMillis(500);
  private static final Duration PIPED_PERIOD = Duration.ofSeconds(10);
  private static final Duration SPEED_WINDOW = Duration.ofSeconds(5);
  private static final int USUAL_WIDTH = 160;

  private final RunFolder folder;
  private final long budgetSteps;
  private final long startedAtMillis;
  private final PrintWriter out;
  private final int width;
  private final InstantSource time;
  private final ArrayDeque<RunProgress> recent = new ArrayDeque<>();
  private ScheduledExecutorService timer;
  private long printedAtMillis;
  private int shown;

  /**
   * @param startedAtMillis progress from before is another command's
   * @param width columns of the terminal; 0 if it is none
   */
  LiveDisplay(
      RunFolder folder,
      long budgetSteps,
      long startedAtMillis,
      PrintWriter out,
      int width,
      InstantSource time) {
    this.folder = folder;
    this.budgetSteps = budgetSteps;
    this.startedAtMillis = startedAtMillis;
    this.out = out;
    this.width = width;
    this.time = time;
    this.printedAtMillis = time.millis();
  }

  /** Starts showing {@code launch}'s run; the launcher says in properties what it prints to. */
  public static LiveDisplay of(Runner.Launch launch, PrintWriter out) {
    boolean terminal = Boolean.getBoolean("millrace.terminal");
    LiveDisplay display =
        new LiveDisplay(
            launch.folder(),
            launch.experiment().budgetSteps(),
            // Another machine's clock is not to be compared.
            launch.cluster().addresses().isEmpty() ? launch.startedAtMillis() : 0,
            out,
            terminal ? Integer.getInteger("millrace.columns", USUAL_WIDTH) : 0,
            InstantSource.system());
    display.start();
    return display;
  }

  private void start() {
    timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "live-line");
              thread.setDaemon(true);
              return thread;
            });
    timer.scheduleAtFixedRate(
        this::look, LOOK_PERIOD.toMillis(), LOOK_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Looks where the run stands, and shows it if it is time to; nothing before its first word. */
  void look() {
    RunProgress now = RunProgress.read(folder).orElse(null);
    if (now == null || now.atMillis() < startedAtMillis) {
      return;
    }
    recent.add(now);
    while (recent.size() > 2
        && now.atMillis() - recent.peek().atMillis() > SPEED_WINDOW.toMillis()) {
      recent.poll();
    }
    if (width > 0 || time.millis() - printedAtMillis >= PIPED_PERIOD.toMillis()) {
      printedAtMillis = time.millis();
      print(LiveLine.text(now, recent.peek(), budgetSteps, time.millis()));
    }
  }

  private void print(String line) {
    if (width == 0) {
      out.println(line);
    } else {
      String fitted = LiveLine.fitted(line, width - 1);
      out.print("\r" + fitted + " ".repeat(Math.max(0, shown - fitted.length())));
      shown = fitted.length();
    }
    out.flush();
  }

  @Override
  public void close() {
    if (timer != null) {
      timer.shutdownNow();
    }
    if (shown > 0) {
      out.println();
      out.flush();
    }
  }
}
