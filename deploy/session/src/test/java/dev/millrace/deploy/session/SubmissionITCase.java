package dev.millrace.deploy.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that get to a cluster by Flink's command line and by Millrace's, and how they end. */
class SubmissionITCase {
  static final Path JAR = SessionCluster.ROOT.resolve("flink-job/target/millrace-job.jar");
  static final String SMALL =
      """
      environment: {name: CartPole-v1, count: 4, group-size: 2}
      actor: {parallelism: 1}
      algorithm: {name: dqn}
      replay: {shards: 2, parallelism: 1, capacity: 20000, minimum-size: 500}
      network: {hidden: [16]}
      checkpoint: {interval: 1 s}
      evaluation: {target-return: 501, episodes-first: 2, episodes: 4}
      budget: {environment-steps: 3000}
      """;
  private static final List<String> FILES =
      List.of(
          "config.yaml",
          "summary.json",
          "progress.json",
          "metrics.csv",
          "episodes.csv",
          "evaluations.csv",
          "best-policy.millrace",
          "best-policy-dl4j.zip",
          "learning-curve.png",
          "tensorboard/events.out.tfevents.millrace");
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static SessionCluster cluster;
  private static Path configuration;
  private final List<Client> clients = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    cluster =
        SessionCluster.start(folder.resolve("cluster"), "--taskmanagers", "1", "--slots", "4");
    configuration = Files.writeString(folder.resolve("small.yaml"), SMALL);
  }

  @AfterAll
  static void stop() throws IOException {
    cluster.close();
  }

  /** Whatever a test has left. */
  @AfterEach
  void endClientsAndJobs() throws Exception {
    clients.forEach(Client::close);
    for (JsonNode job : cluster.rest("/jobs").get("jobs")) {
      if (!List.of("FINISHED", "CANCELED", "FAILED").contains(job.get("status").asText())) {
        URI cancel = cluster.webUi().resolve("/jobs/" + job.get("id").asText() + "?mode=cancel");
        HttpRequest request =
            HttpRequest.newBuilder(cancel).method("PATCH", BodyPublishers.noBody()).build();
        HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
      }
    }
  }

  /** Arguments of {@code flink run} for a run of that name. */
  private static String[] run(String name, List<String> flink, String... more) {
    List<String> arguments = new ArrayList<>(List.of("run"));
    arguments.addAll(flink);
    arguments.add(JAR.toString());
    arguments.addAll(train(name, more));
    return arguments.toArray(String[]::new);
  }

  private static List<String> train(String name, String... more) {
    List<String> arguments = new ArrayList<>(List.of("train", configuration.toString()));
    arguments.addAll(List.of("--run-dir", folder.resolve(name).toString()));
    arguments.addAll(List.of("--set", "name=" + name));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private Client millrace(String name, List<String> arguments) throws IOException {
    Path output = Files.createTempFile(folder, name, ".out");
    Client client = Client.start(output, arguments.toArray(String[]::new));
    clients.add(client);
    return client;
  }

  private Client attended(String name, String... more) throws IOException {
    List<String> arguments = train(name, more);
    arguments.addAll(List.of("--cluster", cluster.webUi().toString()));
    return millrace(name, arguments);
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(Files.readString(file));
  }

  private static String job(String name) throws IOException {
    return json(folder.resolve(name).resolve("job.json")).get("id").asText();
  }

  private static Path savepoint(String name) throws IOException {
    JsonNode savepoint = json(folder.resolve(name).resolve("job.json")).get("savepoint");
    return Path.of(URI.create(savepoint.asText()));
  }

  private static long steps(String name) throws IOException {
    return json(folder.resolve(name).resolve("summary.json")).get("environment_steps").asLong();
  }

  /** As the live line shows it; 0 before the first word of the job. */
  private static long stepsSoFar(String name) throws IOException {
    Path progress = folder.resolve(name).resolve("progress.json");
    return Files.exists(progress) ? json(progress).get("environmentSteps").asLong() : 0;
  }

  /** The folder that the job of that name kept itself. */
  private static Path own(String name) throws IOException {
    try (Stream<Path> runs = Files.list(cluster.folder().resolve("checkpoints/millrace-runs"))) {
      return runs.filter(run -> run.getFileName().toString().startsWith(name + "-"))
          .findAny()
          .orElseThrow();
    }
  }

  private static String state(String job) throws IOException {
    return cluster.rest("/jobs/" + job).get("state").asText();
  }

  /** The job of that name among all that the cluster knows. */
  private static String find(String name) throws IOException {
    return StreamSupport.stream(cluster.rest("/jobs/overview").get("jobs").spliterator(), false)
        .filter(job -> job.get("name").asText().equals(name))
        .findAny()
        .orElseThrow()
        .get("jid")
        .asText();
  }

  private interface Looking {
    boolean look() throws IOException;
  }

  private static void await(String what, Looking looking) {
    BooleanSupplier condition =
        () -> {
          try {
            return looking.look();
          } catch (IOException e) {
            return false;
          }
        };
    SessionCluster.await(what, LIMIT, condition);
  }

  private static void assertComplete(Path run) throws IOException {
    for (String file : FILES) {
      assertThat(run.resolve(file)).isNotEmptyFile();
    }
    assertThat(ImageIO.read(run.resolve("learning-curve.png").toFile())).isNotNull();
  }

  private static void assertSame(Path copy, Path own) {
    for (String file : FILES) {
      if (file.matches(".*(millrace|yaml)")) {
        assertThat(copy.resolve(file)).hasSameBinaryContentAs(own.resolve(file));
      } else if (file.endsWith("csv")) {
        assertThat(copy.resolve(file)).hasSameTextualContentAs(own.resolve(file));
      }
    }
  }

  @Test
  void flinksCommandLineAttendsAndGoesOnFromTheSavepoint() throws Exception {
    SessionCluster.Answer first = cluster.flink(run("first", List.of()));
    assertThat(first.expected()).contains("Training first", "Budget spent.", "3,000 environment");
    assertThat(state(job("first"))).isEqualTo("FINISHED");
    assertThat(savepoint("first")).isDirectoryContaining("glob:**_metadata");
    assertComplete(folder.resolve("first"));
    assertSame(folder.resolve("first"), own("first"));
    assertThat(
            millrace("evaluate", List.of("evaluate", folder.resolve("first").toString()))
                .end()
                .expected())
        .contains("dqn on CartPole-v1");

    String savepoint = savepoint("first").toString();
    assertThat(
            cluster
                .flink(
                    run(
                        "second",
                        List.of(
                            "-s",
                            savepoint,
                            "-p",
                            "2",
                            "-D",
                            "execution.checkpointing.interval=7s"),
                        "--set",
                        "budget.environment-steps=5000"))
                .expected())
        .contains("5,000 environment steps");
    assertThat(Files.readAllLines(folder.resolve("second/episodes.csv")).get(1))
        .as("goes on where the savepoint was taken")
        .matches("[34]\\d\\d\\d,.*");
    String second = job("second");
    assertThat(cluster.rest("/jobs/" + second + "/checkpoints/config").get("interval").asInt())
        .isEqualTo(7000);
    assertThat(cluster.rest("/jobs/" + second).get("vertices"))
        .filteredOn(vertex -> vertex.get("name").asText().startsWith("actors"))
        .singleElement()
        .satisfies(actors -> assertThat(actors.get("parallelism").asInt()).isEqualTo(2));

    SessionCluster.Answer refused =
        cluster.flink(
            run("refused", List.of("-s", savepoint), "--set", "environment.group-size=1"));
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.output())
        .contains(
            "environment.group-size=1: the savepoint has 2", "set these back, or begin a new run")
        .doesNotContain("\tat ");
  }

  @Test
  void whatNobodyAttendsFinishesByItself() throws Exception {
    assertThat(cluster.flink(run("detached", List.of("-d"))).expected())
        .contains("Submitted detached.");
    String job = find("detached");
    await("the end of " + job, () -> state(job).equals("FINISHED"));
    assertComplete(folder.resolve("detached"));
    assertThat(steps("detached")).isEqualTo(3000);
  }

  @Test
  void aClientIsKilledAndAnotherStopsTheJobWhichIsResumed() throws Exception {
    String[] endless = {"--set", "budget.environment-steps=100000000"};
    Client first = attended("endless", endless);
    await("the live line", () -> first.output().contains(" updates ("));
    await("steps", () -> stepsSoFar("endless") > 1000);
    first.kill();
    String job = job("endless");
    long before = stepsSoFar("endless");
    assertThat(state(job)).isEqualTo("RUNNING");

    Client second = attended("endless", endless);
    await("more steps", () -> stepsSoFar("endless") > before + 1000);
    assertThat(second.output()).contains("Attending endless").doesNotContain("moved");
    assertThat(job("endless")).isEqualTo(job);
    second.interrupt();
    String said = second.end().expected();
    assertThat(said).contains("Stopping with a savepoint", "Stopped.");
    assertThat(state(job)).isEqualTo("FINISHED");
    assertThat(savepoint("endless")).isDirectoryContaining("glob:**_metadata");
    assertComplete(folder.resolve("endless"));
    for (String file : List.of("metrics.csv", "episodes.csv", "evaluations.csv")) {
      List<String> kept = Files.readAllLines(own("endless").resolve(file));
      List<String> copied = Files.readAllLines(folder.resolve("endless").resolve(file));
      // An evaluation may have ended after the client had asked for the last time.
      assertThat(kept).startsWith(copied.toArray(String[]::new));
      assertThat(kept).hasSizeLessThanOrEqualTo(copied.size() + 1);
    }

    List<String> episodes = Files.readAllLines(folder.resolve("endless/episodes.csv"));
    long stopped = steps("endless");
    String resume = said.substring(said.indexOf("Resume with: ./millrace ") + 24).strip();
    List<String> arguments = new ArrayList<>(List.of(resume.split(" ")));
    arguments.addAll(List.of("--set", "budget.environment-steps=" + (stopped + 2000)));
    assertThat(millrace("resumed", arguments).end().expected()).contains("Budget spent.");
    assertThat(steps("endless")).isBetween(stopped + 1500, stopped + 2000);
    assertThat(Files.readAllLines(folder.resolve("endless/episodes.csv")))
        .startsWith(episodes.toArray(String[]::new))
        .hasSizeGreaterThan(episodes.size());
  }

  @Test
  void aJobWhoseClientWasKilledFinishesByItself() throws Exception {
    Client client = attended("abandoned", "--set", "recorder.wait-for-client=5s");
    await("the job", () -> Files.exists(folder.resolve("abandoned/job.json")));
    client.kill();
    String job = job("abandoned");
    await("the end of " + job, () -> state(job).equals("FINISHED"));
    assertComplete(own("abandoned"));
  }
}
