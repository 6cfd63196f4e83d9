package dev.millrace.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.job.run.RunFolder;
import dev.millrace.job.run.RunProgress;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.util.FileUtils;

/**
 * A cluster that {@code deploy/session/cluster} started. It ends with {@link #close}, and with this
 * JVM at the latest, however that ends.
 */
final class SoakCluster implements AutoCloseable {
  private static final Path SCRIPT = Runs.ROOT.resolve("deploy/session/cluster");
  private static final Path JOB = Runs.ROOT.resolve("flink-job/target/millrace-job.jar");
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final List<String> PROCESSES =
      List.of("jobmanager-1", "taskmanager-1", "taskmanager-2");
  private static final String LOADED = "Status.JVM.ClassLoader.ClassesLoaded";
  private static final String UNLOADED = "Status.JVM.ClassLoader.ClassesUnloaded";
  private static final String HEAP = "Status.JVM.Memory.Heap.Used";

  private final Path scratch;
  private final Path folder;
  private final int port;
  private final Thread hook = new Thread(this::abandon);
  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http = HttpClient.newHttpClient();

  private SoakCluster(Path scratch, int port) {
    this.scratch = scratch;
    folder = scratch.resolve("cluster");
    this.port = port;
  }

  /**
   * Builds what is not built, and waits until all processes have registered.
   *
   * @param scratch what the cluster keeps goes there; deleted if this JVM is interrupted
   */
  static SoakCluster start(Path scratch) throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int port = socket.getLocalPort();
      socket.close();
      SoakCluster cluster = new SoakCluster(scratch, port);
      Runtime.getRuntime().addShutdownHook(cluster.hook);
      String parent = Long.toString(ProcessHandle.current().pid());
      cluster.script("start", "--taskmanagers", "2", "--while", parent, "-D", "rest.port=" + port);
      return cluster;
    }
  }

  /**
   * Submits the job.
   *
   * @return its id
   */
  String submit(Path configuration, Path runFolder, List<String> settings) throws Exception {
    List<String> command = new ArrayList<>(List.of("flink", "run", "-d", JOB.toString(), "train"));
    command.addAll(List.of(configuration.toString(), "--run-dir", runFolder.toString()));
    settings.forEach(setting -> command.addAll(List.of("--set", setting)));
    String said = script(command.toArray(String[]::new));
    Matcher id = Pattern.compile("JobID ([0-9a-f]{32})").matcher(said);
    if (!id.find()) {
      throw new IllegalStateException("the job was not submitted: " + said);
    }
    return id.group(1);
  }

  /** Waits until the job's recorder has written where it stands. */
  RunProgress awaitProgress(RunFolder run) throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < end) {
      Optional<RunProgress> progress = RunProgress.read(run);
      if (progress.isPresent() && progress.get().updates() > 0) {
        return progress.get();
      }
      Thread.sleep(200);
    }
    throw new IllegalStateException("the job has not begun to learn: see " + folder + "/log");
  }

  /** Adds what each process takes. */
  void processes(Map<String, Double> row) throws IOException {
    for (String name : PROCESSES) {
      String pid = Files.readString(folder.resolve("processes").resolve(name)).split(" ")[0];
      Path process = Path.of("/proc", pid);
      for (String line : Files.readAllLines(process.resolve("status"))) {
        String[] words = line.split("\\s+");
        switch (words[0]) {
          case "VmRSS:" -> row.put(name + " resident MB", Double.parseDouble(words[1]) / 1024);
          case "Threads:" -> row.put(name + " threads", Double.parseDouble(words[1]));
          default -> {}
        }
      }
      try (Stream<Path> files = Files.list(process.resolve("fd"))) {
        row.put(name + " open files", (double) files.count());
      }
      jvm(name, row);
    }
  }

  private void jvm(String name, Map<String, Double> row) throws IOException {
    String place = name.startsWith("job") ? "/jobmanager" : "/taskmanagers/" + name;
    double classes = Double.NaN;
    for (JsonNode metric :
        rest(place + "/metrics?get=" + String.join(",", LOADED, UNLOADED, HEAP))) {
      double value = metric.path("value").asDouble();
      switch (metric.path("id").asText()) {
        case LOADED -> classes = Double.isNaN(classes) ? value : classes + value;
        case UNLOADED -> classes = Double.isNaN(classes) ? -value : classes - value;
        default -> row.put(name + " heap MB", value / 1e6);
      }
    }
    row.put(name + " classes", classes);
    row.putIfAbsent(name + " heap MB", Double.NaN);
  }

  JsonNode rest(String path) throws IOException {
    try {
      URI uri = URI.create("http://127.0.0.1:" + port + path);
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build();
      return json.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Runs a command of the script to its end. */
  private String script(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("/bin/bash", SCRIPT.toString(), "--dir", folder.toString()));
    command.addAll(List.of(arguments));
    // Into a file: processes that the script leaves behind would keep a pipe open.
    Path said = Files.createTempFile("soak", ".out");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .redirectInput(new File("/dev/null"));
      // Otherwise a heap is touched bit by bit over many minutes, and looks as if something leaked.
      builder.environment().put("JDK_JAVA_OPTIONS", "-XX:+AlwaysPreTouch");
      Process process = builder.start();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(arguments[0] + ": " + Files.readString(said));
      }
      return Files.readString(said);
    } finally {
      Files.delete(said);
    }
  }

  private void stop() {
    try {
      if (Files.exists(folder.resolve("processes"))) {
        script("stop");
      }
    } catch (IllegalStateException | IOException e) {
      System.err.println(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void abandon() {
    stop();
    try {
      FileUtils.deleteDirectory(scratch.toFile());
    } catch (IOException e) {
      System.err.println(e.getMessage());
    }
  }

  @Override
  public void close() {
    stop();
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
