package dev.millrace.deploy.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script deploy/session/cluster, on processes. */
class SessionClusterITCase {
  @TempDir Path folder;

  @Test
  void aTaskManagerIsLostAndAnotherTakesItsPlace() throws IOException {
    List<Long> pids;
    try (SessionCluster cluster = SessionCluster.start(folder)) {
      assertThat(cluster.living(""))
          .containsExactly("jobmanager-1", "taskmanager-1", "taskmanager-2", "watch-1");
      JsonNode overview = cluster.rest("/overview");
      assertThat(overview.get("flink-version").asText()).isEqualTo("1.20.3");
      assertThat(overview.get("slots-total").asInt()).isEqualTo(6);
      assertThat(cluster.run("status").expected())
          .contains(
              "taskmanager-2 pid " + cluster.pid("taskmanager-2"),
              "TaskManagers 2 registered",
              "slots 6, 6 free",
              cluster.webUi().toString());
      assertThat(cluster.flink("list").expected()).contains("No running jobs.");

      cluster.kill("taskmanager-2");
      assertThat(cluster.run("kill", "taskmanager-2").output())
          .isEqualTo(
              "cluster: taskmanager-2 is not running; running: jobmanager-1, taskmanager-1,"
                  + " watch-1\n");
      cluster.waitForTaskManagers(1);
      assertThat(cluster.startTaskManager()).isEqualTo("taskmanager-3");
      cluster.waitForTaskManagers(2);

      assertThat(cluster.run("start-jobmanager").output())
          .isEqualTo("cluster: a second JobManager needs ZooKeeper: stop, and start --ha\n");
      assertThat(cluster.run("start", "--no-build").output())
          .isEqualTo(
              "cluster: already running in "
                  + folder
                  + " (jobmanager-1, taskmanager-1, taskmanager-3, watch-1): stop it first, or"
                  + " start another with --dir DIR and -D rest.port=PORT\n");
      pids = cluster.living("").stream().map(cluster::pid).toList();
    }
    assertThat(pids).hasSize(4).noneMatch(SessionCluster::runs);
  }

  @Test
  void aStandbyTakesOverFromAKilledJobManager() throws IOException {
    try (SessionCluster cluster =
        SessionCluster.start(folder, "--ha", "--taskmanagers", "1", "--slots", "2")) {
      assertThat(cluster.living("jobmanager")).containsExactly("jobmanager-1", "jobmanager-2");
      cluster.kill("jobmanager");
      assertThat(cluster.living("jobmanager")).containsExactly("jobmanager-2");
      cluster.waitForTaskManagers(1);
      assertThat(cluster.rest("/overview").get("slots-total").asInt()).isEqualTo(2);

      assertThat(cluster.startJobManager()).isEqualTo("jobmanager-3");
      cluster.kill("jobmanager");
      assertThat(cluster.living("jobmanager")).containsExactly("jobmanager-3");
      cluster.waitForTaskManagers(1);
      assertThat(cluster.flink("list").expected()).contains("No running jobs.");
    }
  }

  @Test
  void endsWithTheProcessThatItWasStartedForAndWhateverIsSuspended() throws Exception {
    Process owner = new ProcessBuilder("sleep", "600").start();
    try (SessionCluster cluster =
        SessionCluster.start(
            folder, "--taskmanagers", "1", "--while", Long.toString(owner.pid()))) {
      cluster.suspend("taskmanager-1");
      owner.destroy();
      owner.waitFor();
      SessionCluster.await(
          "the end of all processes",
          Duration.ofMinutes(1),
          () -> {
            try {
              return cluster.living("").isEmpty();
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
    } finally {
      owner.destroy();
    }
  }

  @Test
  void whatFlinkRefusesIsSaidAndNothingIsLeftRunning() throws IOException {
    SessionCluster.Answer answer =
        start("-D", "taskmanager.memory.process.size=100m", "-D", "rest.port=" + freePort());
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.output())
        .contains(
            "IllegalConfigurationException",
            "cluster: Flink refuses the configuration (above): correct what -D or"
                + " conf/flink/config.yaml says");
    assertThat(SessionCluster.script(Map.of(), "--dir", "" + folder, "status").output())
        .isEqualTo(
            "cluster: no cluster is running in "
                + folder
                + ": start one with deploy/session/cluster start\n");
  }

  @Test
  void aProcessThatDiesWhileItIsStartedTakesTheOthersWithIt() throws IOException {
    SessionCluster.Answer answer =
        start("-D", "env.java.opts.taskmanager=-Xfrob", "-D", "rest.port=" + freePort());
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.output())
        .contains("Unrecognized option: -Xfrob", "taskmanager-1 ended while it was started");
    assertThat(SessionCluster.script(Map.of(), "--dir", "" + folder, "stop").output())
        .startsWith("cluster: no cluster is running in ");
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 9, InetAddress.getByName("127.0.0.1"))) {
      int port = taken.getLocalPort();
      assertThat(start("-D", "rest.port=" + port).output())
          .startsWith(
              "cluster: port "
                  + port
                  + " is taken by another process: end it, or move the web UI with -D rest.port=");
    }
  }

  @Test
  void aFolderThatHoldsSomethingElseIsLeftAlone() throws IOException {
    Path log = Files.createDirectories(folder.resolve("log"));
    assertThat(start().output())
        .isEqualTo(
            "cluster: --dir "
                + folder
                + " holds something else: name a new or empty folder, or that of an earlier"
                + " cluster\n");
    assertThat(log).exists();
  }

  @Test
  void whatIsWrittenWronglyIsAnswered() throws IOException {
    assertThat(start("--taskmanagers", "0").output())
        .isEqualTo("cluster: --taskmanagers 0: must be a number from 1 on\n");
    assertThat(start("--slots").output())
        .isEqualTo("cluster: --slots needs a value; deploy/session/cluster --help says which\n");
    assertThat(start("-D", "heartbeat").output())
        .isEqualTo("cluster: -D heartbeat: must be KEY=VALUE\n");
    assertThat(start("--frob").output())
        .isEqualTo(
            "cluster: start --frob: no such option; deploy/session/cluster --help lists them\n");
    assertThat(SessionCluster.script(Map.of(), "frob").output())
        .isEqualTo("cluster: frob: no such command; deploy/session/cluster --help lists them\n");
    assertThat(SessionCluster.script(Map.of(), "--help").expected()).startsWith("A Flink session");
  }

  @Test
  void aMissingJavaIsNamed() throws IOException {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool : List.of("dirname", "cat", "ls", "sort", "grep", "sed")) {
      Path real = Path.of("/usr/bin", tool);
      Files.createSymbolicLink(
          tools.resolve(tool), Files.exists(real) ? real : Path.of("/bin", tool));
    }
    assertThat(
            SessionCluster.script(
                    Map.of("PATH", tools.toString(), "JAVA_HOME", ""),
                    "--dir",
                    folder.resolve("run").toString(),
                    "start",
                    "--no-build")
                .output())
        .isEqualTo("cluster: java was not found: install a JDK 17, or point JAVA_HOME to one\n");
  }

  private SessionCluster.Answer start(String... options) throws IOException {
    String[] arguments = new String[options.length + 4];
    System.arraycopy(
        new String[] {"--dir", folder.toString(), "start", "--no-build"}, 0, arguments, 0, 4);
    System.arraycopy(options, 0, arguments, 4, options.length);
    return SessionCluster.script(Map.of(), arguments);
  }

  private static int freePort() throws IOException {
    return SessionCluster.freePort();
  }
}
