package dev.millrace.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.job.run.RunFolder;
import dev.millrace.job.run.RunProgress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.flink.util.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code soak}: whether anything grows, or slows down, while a cluster trains on and on. */
@Command(
    name = "soak",
    description =
        "Trains without an end on deploy/session/cluster with two TaskManagers; says whether memory, threads, classes, checkpoints or pace drift.",
    mixinStandardHelpOptions = true)
final class SoakCommand implements Callable<Integer> {
  private static final List<String> ENDLESS =
      List.of(
          "name=soak",
          "replay.capacity=200000",
          "evaluation.target-return=none",
          "budget.environment-steps=1000000000000");

  @Parameters(arity = "0..1", paramLabel = "CONF", description = "Default: conf/cartpole-apex.yaml")
  private Path configuration = Runs.ROOT.resolve("conf/cartpole-apex.yaml");

  @Option(names = "--minutes", paramLabel = "N", description = "How long. Default: 20")
  private double minutes = 20;

  @Option(names = "--every", paramLabel = "S", description = "Seconds between looks. Default: 10")
  private double every = 10;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Gets soak.csv and soak.png. Default: benchmarks/target/soak")
  private Path out = Runs.ROOT.resolve("benchmarks/target/soak");

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Overrides a key of CONF.")
  private List<String> overrides = List.of();

  private final Drift drift = new Drift();
  private RunProgress before;

  @Override
  public Integer call() throws Exception {
    Files.createDirectories(out);
    Path scratch = Files.createTempDirectory("millrace-soak-");
    RunFolder run = RunFolder.at(scratch.resolve("run"));
    try (SoakCluster cluster = SoakCluster.start(scratch);
        PrintWriter csv = new PrintWriter(out.resolve("soak.csv").toFile())) {
      List<String> settings = new ArrayList<>(ENDLESS);
      settings.addAll(overrides);
      String job = cluster.submit(configuration, run.root(), settings);
      before = cluster.awaitProgress(run);
      soak(cluster, job, run, csv);
    }
    new SoakPlot(drift).write(out.resolve("soak.png"));
    boolean flat = drift.report(System.out);
    System.out.printf("%s and soak.png%n", out.resolve("soak.csv").normalize());
    FileUtils.deleteDirectory(scratch.toFile());
    return flat ? 0 : 1;
  }

  private void soak(SoakCluster cluster, String job, RunFolder run, PrintWriter csv)
      throws Exception {
    long start = System.nanoTime();
    double seconds = 0;
    for (int look = 1; seconds < minutes * 60; look++) {
      long due = start + (long) (look * every * 1e9);
      Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
      seconds = (System.nanoTime() - start) / 1e9;
      Map<String, Double> row = new TreeMap<>();
      cluster.processes(row);
      checkpoints(cluster.rest("/jobs/" + job + "/checkpoints"), row);
      pace(run, row);
      drift.note(seconds, row);
      if (look == 1) {
        csv.println("seconds," + String.join(",", row.keySet()));
      }
      csv.println(
          "%.1f,".formatted(seconds)
              + String.join(",", row.values().stream().map("%.3f"::formatted).toList()));
      csv.flush();
      System.out.printf(
          "%4.0f s  %6.0f steps/s  %5.0f updates/s  checkpoint %4.0f ms  taskmanager-1 %5.0f MB%n",
          seconds,
          row.get("pace steps/s"),
          row.get("pace updates/s"),
          row.get("checkpoint ms"),
          row.get("taskmanager-1 resident MB"));
    }
  }

  private static void checkpoints(JsonNode checkpoints, Map<String, Double> row) {
    JsonNode latest = checkpoints.path("latest").path("completed");
    row.put("checkpoint ms", latest.path("end_to_end_duration").asDouble(Double.NaN));
    row.put("checkpoint written MB", latest.path("checkpointed_size").asDouble(Double.NaN) / 1e6);
    row.put("checkpoint held MB", latest.path("state_size").asDouble(Double.NaN) / 1e6);
    row.put("checkpoint failures", checkpoints.path("counts").path("failed").asDouble());
  }

  private void pace(RunFolder run, Map<String, Double> row) throws IOException {
    RunProgress now = RunProgress.read(run).orElse(before);
    double seconds = (now.atMillis() - before.atMillis()) / 1e3;
    row.put("pace steps/s", (now.environmentSteps() - before.environmentSteps()) / seconds);
    row.put("pace updates/s", (now.updates() - before.updates()) / seconds);
    row.put("pace restarts", (double) now.restarts());
    before = now;
  }
}
