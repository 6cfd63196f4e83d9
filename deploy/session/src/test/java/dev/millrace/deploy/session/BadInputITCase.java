package dev.millrace.deploy.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot work is found when a job is submitted, or when its tasks open, and said clearly. */
class BadInputITCase {
  private static final String JAR = SubmissionITCase.JAR.toString();

  @TempDir static Path folder;

  /** Has nothing in its lib/ but Flink: no ND4J, no natives. */
  private static SessionCluster cluster;

  private static String configuration;

  @BeforeAll
  static void start() throws IOException {
    Path nothing = Files.createDirectory(folder.resolve("nothing"));
    cluster =
        SessionCluster.start(
            folder.resolve("cluster"),
            "--taskmanagers",
            "1",
            "--slots",
            "2",
            "--lib",
            nothing.toString());
    configuration =
        Files.writeString(folder.resolve("small.yaml"), SubmissionITCase.SMALL).toString();
  }

  @AfterAll
  static void stop() throws IOException {
    cluster.close();
  }

  private static void assertRefused(SessionCluster.Answer answer, int status, String... lines) {
    assertThat(answer.output().lines().filter(line -> !line.startsWith("WARNING: Using incubator")))
        .containsExactly(lines);
    assertThat(answer.status()).isEqualTo(status);
  }

  private static int jobs() throws IOException {
    return cluster.rest("/jobs").get("jobs").size();
  }

  private static String runFolder(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void aJarWithoutAConfiguration() throws IOException {
    int jobs = jobs();
    assertRefused(
        cluster.flink("run", JAR),
        1,
        "millrace: a command is missing, such as train conf/cartpole-apex.yaml",
        "Try `millrace --help`.",
        "millrace ended with code 2; see above");
    assertRefused(
        cluster.flink("run", JAR, "train", "nosuch.yaml"),
        1,
        "millrace: nosuch.yaml: there is no such file; conf/ holds examples",
        "millrace ended with code 2; see above");
    assertThat(jobs()).isEqualTo(jobs);
  }

  @Test
  void tooFewSlots() throws Exception {
    int jobs = jobs();
    String problem =
        "it has 2 task slots, and the job needs 3 (one for the learner, the others for actors and replay): start TaskManagers, or lower actor.parallelism and replay.parallelism";
    SessionCluster.Answer flink =
        cluster.flink("run", "-p", "2", JAR, "train", configuration, "--run-dir", runFolder("a"));
    assertRefused(
        flink,
        1,
        "Training small; run folder " + runFolder("a"),
        "millrace: the cluster: " + problem,
        "millrace ended with code 2; see above");
    String address = cluster.webUi().toString();
    assertRefused(
        millrace("b", "--cluster", address, "--set", "actor.parallelism=2"),
        2,
        "Training small; run folder " + runFolder("b"),
        "millrace: --cluster " + address + ": " + problem);
    assertThat(jobs()).isEqualTo(jobs);
  }

  @Test
  void aClusterThatCannotBeReached() throws Exception {
    String address = "http://127.0.0.1:" + SessionCluster.freePort();
    SessionCluster.Answer answer = millrace("c", "--cluster", address);
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.output())
        .contains(
            "millrace: --cluster " + address + ": cannot be reached: ",
            "; is it running, and is this the address of its REST interface?")
        .doesNotContain("\tat ");
  }

  @Test
  void aTaskManagerWithoutND4JFailsTheJobForGood() throws Exception {
    SessionCluster.Answer answer = millrace("d", "--cluster", cluster.webUi().toString());
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.output())
        .contains(
            "ND4J cannot run here (java.lang.ClassNotFoundException: org.nd4j.",
            "put the jars of deploy/lib, which `mvn -pl deploy/lib package` gathers, into the lib/ of every TaskManager and start it again")
        .doesNotContain("\tat ");
    Path log = cluster.folder().resolve("log/jobmanager-1.log");
    assertThat(Files.readString(log)).contains("to FAILED").doesNotContain("to RESTARTING");
  }

  private static SessionCluster.Answer millrace(String name, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("train", configuration));
    arguments.addAll(List.of("--run-dir", runFolder(name)));
    arguments.addAll(List.of(more));
    Path output = Files.createTempFile(folder, name, ".out");
    try (Client client = Client.start(output, arguments.toArray(String[]::new))) {
      return client.end();
    }
  }
}
