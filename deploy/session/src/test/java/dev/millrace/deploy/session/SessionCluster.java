package dev.millrace.deploy.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A cluster that {@code deploy/session/cluster} started, in a folder and on ports of its own. Its
 * processes end with {@link #close}, and with this JVM at the latest.
 *
 * <p>Processes have names: jobmanager-1, jobmanager-2 (the standby), taskmanager-1, …, zookeeper-1.
 * A process that is started later gets a name that none had before.
 */
final class SessionCluster implements AutoCloseable {
  /** Of the source tree. */
  static final Path ROOT = root();

  private static final Path SCRIPT = ROOT.resolve("deploy/session/cluster");
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  /** What a command printed, on both streams, and the status it ended with. */
  record Answer(int status, String output) {
    /**
     * @throws AssertionError unless the status is 0
     */
    String expected() {
      if (status != 0) {
        throw new AssertionError("status " + status + ": " + output);
      }
      return output;
    }
  }

  private SessionCluster(Path folder) {
    this.folder = folder;
  }

  /**
   * Starts a cluster and waits until all its processes have registered.
   *
   * @param folder new or empty: gets configuration, logs, checkpoints and savepoints
   * @param options of {@code cluster start}, such as "--ha" or "-D", "key=value"
   */
  static SessionCluster start(Path folder, String... options) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("--dir", folder.toString(), "start", "--no-build"));
    arguments.addAll(List.of("--while", Long.toString(ProcessHandle.current().pid())));
    arguments.addAll(List.of("-D", "rest.port=" + freePort()));
    // What the REST API tells of a job is otherwise up to three seconds old.
    arguments.addAll(List.of("-D", "web.refresh-interval=100 ms"));
    arguments.addAll(List.of(options));
    script(Map.of(), arguments.toArray(String[]::new)).expected();
    return new SessionCluster(folder);
  }

  /** Runs the script as it is, with more in its environment. */
  static Answer script(Map<String, String> environment, String... arguments) throws IOException {
    Path output = Files.createTempFile("cluster", ".out");
    try {
      List<String> command = new ArrayList<>(List.of("/bin/bash", SCRIPT.toString()));
      command.addAll(List.of(arguments));
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(environment);
      builder.redirectErrorStream(true).redirectOutput(output.toFile());
      builder.redirectInput(new File("/dev/null"));
      Process process = builder.start();
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            String.join(" ", command) + " has not ended: " + Files.readString(output));
      }
      return new Answer(process.exitValue(), Files.readString(output));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      Files.delete(output);
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  /** A command of the script on this cluster, such as "status" or "kill", "taskmanager-2". */
  Answer run(String... command) throws IOException {
    return script(
        Map.of(),
        Stream.concat(Stream.of("--dir", folder.toString()), Arrays.stream(command))
            .toArray(String[]::new));
  }

  /** Flink's command line, such as "run", "-d", "job.jar". */
  Answer flink(String... arguments) throws IOException {
    return run(Stream.concat(Stream.of("flink"), Arrays.stream(arguments)).toArray(String[]::new));
  }

  /**
   * An answer of the REST API, by any JobManager that gives one.
   *
   * @throws IOException if none does, or none as if all were well
   */
  JsonNode rest(String path) throws IOException {
    return rest(path, HttpRequest.newBuilder().GET());
  }

  /** Likewise, with a request that asks for something to be done: {@code json} is its body. */
  JsonNode post(String path, String json) throws IOException {
    return rest(
        path,
        HttpRequest.newBuilder()
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  private JsonNode rest(String path, HttpRequest.Builder request) throws IOException {
    IOException last = new IOException("no JobManager is running");
    for (String name : living("jobmanager")) {
      try {
        URI uri = webUi(name).resolve(path);
        HttpResponse<String> response =
            http.send(
                request.uri(uri).timeout(Duration.ofSeconds(5)).build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 == 2) {
          return JSON.readTree(response.body());
        }
        last = new IOException(uri + ": " + response.statusCode() + " " + response.body());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }

  /** Of the first living JobManager; others answer the same. */
  URI webUi() throws IOException {
    return webUi(living("jobmanager").get(0));
  }

  /** Of all living JobManagers, joined by commas, as {@code --cluster} takes them. */
  String webUis() throws IOException {
    StringJoiner all = new StringJoiner(",");
    for (String name : living("jobmanager")) {
      all.add(webUi(name).toString());
    }
    return all.toString();
  }

  private URI webUi(String jobManager) throws IOException {
    String port = Files.readString(folder.resolve("conf/" + jobManager + ".port")).strip();
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Configuration (conf/), logs (log/), checkpoints/, savepoints/. */
  Path folder() {
    return folder;
  }

  /** Names of living processes that begin so, in the order of their numbers; "" for all. */
  List<String> living(String prefix) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("processes"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(prefix) && process(name).isPresent())
          .sorted()
          .toList();
    }
  }

  /**
   * @throws NoSuchElementException if there is no such process, or no longer
   */
  long pid(String name) {
    return process(name).orElseThrow(() -> new NoSuchElementException(name));
  }

  private Optional<Long> process(String name) {
    try {
      String[] words = Files.readString(folder.resolve("processes").resolve(name)).split("\\s+");
      return Optional.of(Long.parseLong(words[0])).filter(SessionCluster::runs);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether it has not ended. To ProcessHandle one lives on until its parent asks for its end. */
  static boolean runs(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
    } catch (IOException e) {
      return false;
    }
  }

  /** kill -9; "jobmanager" is the one that leads. */
  void kill(String name) throws IOException {
    run("kill", name).expected();
  }

  /** SIGSTOP: the process is there, and does nothing. */
  void suspend(String name) throws IOException {
    signal("STOP", name);
  }

  /** SIGCONT after {@link #suspend}. */
  void resume(String name) throws IOException {
    signal("CONT", name);
  }

  private void signal(String signal, String name) throws IOException {
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(pid(name))).start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Starts one more and waits until it has registered; returns its name. */
  String startTaskManager() throws IOException {
    return run("start-taskmanager").expected().strip();
  }

  /** Starts a new standby, or a new JobManager where none is; returns its name. */
  String startJobManager() throws IOException {
    return run("start-jobmanager").expected().strip();
  }

  /** Waits until so many are registered, no more and no fewer. */
  void waitForTaskManagers(int count) throws IOException {
    await(
        count + " TaskManagers",
        Duration.ofMinutes(1),
        () -> {
          try {
            return rest("/overview").get("taskmanagers").asInt() == count;
          } catch (IOException e) {
            return false; // While a standby takes over, nobody answers.
          }
        });
  }

  /**
   * @throws AssertionError if it does not come in time
   */
  static void await(String what, Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + limit.toSeconds() + " s: " + what);
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  /** Ends every process of the cluster. */
  @Override
  public void close() throws IOException {
    if (!living("").isEmpty()) {
      run("stop").expected();
    }
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("deploy/session/cluster"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("tests run inside the source tree");
      }
    }
    return folder;
  }
}
