package dev.millrace.deploy.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job as an application, as the Kubernetes operator deploys it: main runs in a JobManager. */
class ApplicationITCase {
  private static final Path ROOT = SessionCluster.ROOT;
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Process> processes = new ArrayList<>();
  private int restPort;

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
  }

  /** An application of one TaskManager; its JobManager's process is returned. */
  private Process start(String name, Map<String, String> options, String... train)
      throws IOException {
    Path conf = Files.createDirectories(folder.resolve(name));
    restPort = SessionCluster.freePort();
    Map<String, String> all =
        new TreeMap<>(
            GlobalConfiguration.loadConfiguration(ROOT.resolve("conf/flink").toString()).toMap());
    all.put("rest.port", "" + restPort);
    all.put("jobmanager.rpc.port", "" + SessionCluster.freePort());
    all.put("execution.checkpointing.dir", folder.resolve("checkpoints").toUri().toString());
    all.put(
        "execution.checkpointing.savepoint-dir", folder.resolve("savepoints").toUri().toString());
    all.put("execution.checkpointing.interval", "1 s");
    all.remove("metrics.reporters");
    all.putAll(options);
    StringBuilder yaml = new StringBuilder();
    all.forEach((key, value) -> yaml.append("%s: '%s'%n".formatted(key, value)));
    Files.writeString(conf.resolve("config.yaml"), yaml);

    List<String> jobManager = new ArrayList<>(java(conf, all, "jobmanager", "-Xmx512m"));
    jobManager.addAll(
        List.of(
            ApplicationProcess.class.getName(),
            ROOT.resolve("flink-job/target/millrace-job.jar").toString(),
            "train",
            ROOT.resolve("conf/cartpole-apex.yaml").toString()));
    jobManager.addAll(List.of(train));
    List<String> taskManager = new ArrayList<>(java(conf, all, "taskmanager", "-Xmx1g"));
    taskManager.addAll(
        List.of(
            "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
            "--configDir",
            conf.toString()));
    String memory =
        TaskExecutorProcessUtils.generateDynamicConfigsStr(
            TaskExecutorProcessUtils.processSpecFromConfig(Configuration.fromMap(all)));
    taskManager.addAll(List.of(memory.strip().split(" +")));
    Process process = launch(conf, "jobmanager", jobManager);
    launch(conf, "taskmanager", taskManager);
    return process;
  }

  private static List<String> java(
      Path conf, Map<String, String> options, String role, String heap) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.add(heap);
    command.add(
        "-Dlog4j.configurationFile=" + ROOT.resolve("deploy/session/log4j.properties").toUri());
    command.add("-Dlog.file=" + conf.resolve(role + ".log"));
    for (String option : List.of("env.java.opts.all", "env.java.opts." + role)) {
      String value = options.getOrDefault(option, "").strip();
      command.addAll(value.isEmpty() ? List.of() : List.of(value.split("\\s+")));
    }
    command.add("-cp");
    command.add(
        String.join(
            ":",
            ROOT.resolve("deploy/session/target/flink/lib/*").toString(),
            ROOT.resolve("deploy/lib/target/lib/*").toString(),
            ROOT.resolve("deploy/session/target/test-classes").toString()));
    return command;
  }

  private Process launch(Path conf, String role, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("FLINK_CONF_DIR", conf.toString());
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder
        .redirectErrorStream(true)
        .redirectOutput(conf.resolve(role + ".out").toFile())
        .directory(conf.toFile());
    Process process = builder.start();
    processes.add(process);
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }

  private void awaitEnd(Process process, String name) throws Exception {
    assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
        .as(name + " has ended")
        .isTrue();
    assertThat(process.exitValue())
        .as(Files.readString(folder.resolve(name).resolve("jobmanager.out")))
        .isZero();
  }

  private static JsonNode summary(Path run) throws IOException {
    return JSON.readTree(run.resolve("summary.json").toFile());
  }

  private static long steps(Path run) {
    try {
      return JSON.readTree(run.resolve("progress.json").toFile()).get("environmentSteps").asLong();
    } catch (IOException notYet) {
      return 0;
    }
  }

  @Test
  void anApplicationEndsWithItsRunAndAnUpgradeContinuesInTheSameFolder() throws Exception {
    Path run = folder.resolve("runs/one");
    String[] endless = {
      "--run-dir",
      run.toString(),
      "--set",
      "evaluation.target-return=501",
      "--set",
      "budget.environment-steps=100000000"
    };
    Process first = start("first", Map.of(), endless);
    SessionCluster.await("training", LIMIT, () -> steps(run) > 3_000);
    stopWithSavepoint();
    awaitEnd(first, "first");
    long stopped = summary(run).get("environment_steps").asLong();
    Path savepoint = onlyChild(folder.resolve("savepoints"));

    String budget = "budget.environment-steps=" + (stopped + 4_000);
    Process second =
        start(
            "second",
            Map.of("execution.state-recovery.path", savepoint.toUri().toString()),
            "--run-dir",
            run.toString(),
            "--set",
            "evaluation.target-return=501",
            "--set",
            budget);
    awaitEnd(second, "second");

    JsonNode end = summary(run);
    assertThat(end.get("environment_steps").asLong()).isBetween(stopped + 3_900, stopped + 4_000);
    assertThat(run.resolve("best-policy.millrace")).isNotEmptyFile();
    assertThat(run.resolve("config.yaml")).isNotEmptyFile();
    List<String> episodes = Files.readAllLines(run.resolve("episodes.csv"));
    assertThat(episodes).doesNotHaveDuplicates();
    assertThat(Long.parseLong(episodes.get(1).split(",")[0])).isLessThan(stopped);
    assertThat(onlyChild(folder.resolve("runs"))).as("nothing was moved away").isEqualTo(run);
  }

  /** Asks for what came of it, too: the JobManager stays up until somebody does. */
  private void stopWithSavepoint() throws Exception {
    String job = rest("/jobs", null).get("jobs").get(0).get("id").asText();
    String trigger =
        rest("/jobs/" + job + "/stop", "{\"drain\": false}").get("request-id").asText();
    String savepoint = "/jobs/" + job + "/savepoints/" + trigger;
    SessionCluster.await(
        "a savepoint",
        LIMIT,
        () -> {
          try {
            return rest(savepoint, null).at("/status/id").asText().equals("COMPLETED");
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** An answer of the REST API to GET, or to POST where there is a body. */
  private JsonNode rest(String path, String body) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + restPort + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(LIMIT);
    if (body != null) {
      request
          .header("Content-Type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofString(body));
    }
    try {
      return JSON.readTree(http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static Path onlyChild(Path parent) throws IOException {
    try (var children = Files.list(parent)) {
      List<Path> all = children.toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }

  @Test
  void aCommandThatCannotBeMeantEndsTheApplicationAndSaysWhy() throws Exception {
    Process process = start("wrong", Map.of(), "--set", "replay.shards=many");
    assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isNotZero();
    assertThat(folder.resolve("wrong/jobmanager.out"))
        .content()
        .contains("millrace: ", "replay.shards=many");
  }
}
