package dev.millrace.deploy.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * One training of CartPole on one cluster goes through fault after fault, on real processes. What
 * it has after each is read from a savepoint and compared with the checkpoint it was restored from.
 *
 * <p>Leaves target/reliability.md; target/faults has logs and run folders of the last time.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultsITCase {
  private static final Path TARGET = SessionCluster.ROOT.resolve("deploy/session/target");
  private static final Path FOLDER = TARGET.resolve("faults");
  private static final int TASK_MANAGERS = 3;
  private static final double SOLVED = 475;
  private static final int EPISODES = 100;
  private static final long WHILE_MILLIS = 3000;

  private SmallDisks disks;
  private SessionCluster cluster;
  private Training training;
  private Audit audit;

  @BeforeAll
  void train() throws IOException {
    FileUtils.deleteDirectory(FOLDER.toFile());
    Files.createDirectories(FOLDER);
    Files.deleteIfExists(TARGET.resolve("reliability.md"));
    disks = new SmallDisks(FOLDER.resolve("tmp"));
    cluster =
        SessionCluster.start(
            FOLDER.resolve("cluster"),
            "--ha",
            "--taskmanagers",
            Integer.toString(TASK_MANAGERS),
            "-D",
            "io.tmp.dirs=" + FOLDER.resolve("tmp"),
            // Enough for what a job was restored from to be there still when it is looked at.
            "-D",
            "execution.checkpointing.num-retained=60",
            "-D",
            "web.checkpoints.history=100",
            // Faults come thicker here than in life, and none is to wait for the one before.
            "-D",
            "restart-strategy.exponential-delay.reset-backoff-threshold=5s");
    training =
        Training.start(
            cluster,
            FOLDER,
            "conf/cartpole-apex.yaml",
            // Nothing is overwritten, and only the test ends the run: no return is above 500.
            "replay.capacity=1000000",
            "evaluation.target-return=501",
            "budget.environment-steps=1000000",
            "checkpoint.interval=2s",
            // Slow enough for what is in replay to be read quickly.
            "replay.samples-per-insert=128",
            "network.hidden=[256, 256]");
    audit = new Audit(training, new Reliability(TARGET.resolve("reliability.md")));
  }

  @AfterAll
  void end() throws IOException {
    if (training != null) {
      training.close();
    }
    if (cluster != null) {
      cluster.close();
    }
    if (disks != null) {
      disks.close();
    }
  }

  @Test
  @Order(1)
  void aKilledTaskManagerWithActorsAndReplay() throws Exception {
    calm();
    Set<String> victims = training.job().hosts("replay");
    victims.removeAll(training.job().hosts("learner"));
    audit.survives(
        "kill -9 of a TaskManager with actors and replay", killing(victims.iterator().next()));
  }

  @Test
  @Order(2)
  void aKilledTaskManagerWithTheLearner() throws Exception {
    calm();
    audit.survives(
        "kill -9 of the TaskManager with the learner",
        killing(training.job().hosts("learner").toArray(String[]::new)));
  }

  @Test
  @Order(3)
  void bothAtOnce() throws Exception {
    calm();
    Set<String> victims = new TreeSet<>(training.job().hosts("learner"));
    Set<String> actors = training.job().hosts("replay");
    actors.removeAll(victims);
    victims.add(actors.iterator().next());
    audit.survives("kill -9 of both at once", killing(victims.toArray(String[]::new)));
  }

  @Test
  @Order(4)
  void aKilledJobManager() throws Exception {
    calm();
    audit.survives("kill -9 of the JobManager", killing(leader()));
  }

  @Test
  @Order(5)
  void aKilledJobManagerAndATaskManager() throws Exception {
    calm();
    audit.survives(
        "kill -9 of the JobManager and a TaskManager",
        killing(leader(), training.job().hosts("recorder").iterator().next()));
  }

  @Test
  @Order(6)
  void aCheckpointDirectoryThatCannotBeWrittenForAWhile() throws Exception {
    calm();
    long failures = training.job().failures();
    audit.survives(
        "checkpoint directory read-only for a while",
        () -> {
          try (Mount lock = readOnly(cluster.folder().resolve("checkpoints"))) {
            assertThat(lock).isNotNull();
            training.await("a failure", () -> training.job().failures() > failures);
            Thread.sleep(WHILE_MILLIS);
          }
          return System.currentTimeMillis();
        });
  }

  private static Mount readOnly(Path folder) {
    try {
      return Mount.readOnly(folder);
    } catch (IOException e) {
      return abort("no read-only disk: " + e.getMessage());
    }
  }

  @Test
  @Order(7)
  void aFullDiskOnOneTaskManager() throws Exception {
    if (disks.whyNot() != null) {
      abort("no disk that could be full: " + disks.whyNot());
    }
    calm();
    String host = training.job().hosts("replay").iterator().next();
    audit.survives(
        "full disk on one TaskManager for a while",
        () -> {
          Path filler = disks.fill(host);
          training.await(
              "it to be noticed", () -> training.job().failedWith("No space left on device"));
          Thread.sleep(WHILE_MILLIS);
          Files.delete(filler);
          return System.currentTimeMillis();
        });
  }

  @Test
  @Order(8)
  void aTaskManagerThatStandsStillForLongerThanTheHeartbeat() throws Exception {
    calm();
    // The one whose tasks write files: they must not when they go on.
    String host = training.job().hosts("recorder").iterator().next();
    audit.survives(
        "SIGSTOP of a TaskManager until it was given up, then SIGCONT",
        () -> {
          long now = System.currentTimeMillis();
          cluster.suspend(host);
          return now;
        },
        () -> {
          cluster.resume(host);
          cluster.waitForTaskManagers(TASK_MANAGERS);
          Thread.sleep(WHILE_MILLIS);
        });
  }

  @Test
  @Order(9)
  void isSolvedInTheEnd() throws Exception {
    calm();
    training.await(
        EPISODES + " episodes in a row with a mean return of at least " + SOLVED,
        () -> Curves.bestMean(training.mirrored(), audit.sinceSteps(), EPISODES) >= SOLVED);
    assertThat(training.latest().bestEvaluation()).isGreaterThanOrEqualTo(SOLVED);
    assertThat(training.stop()).contains("status 0", "Stopped.", "Resume with: ./millrace train");

    Curves.assertNothingTwice(training.mirrored());
    for (Path file :
        List.of(
            training.own().episodes(),
            training.own().evaluations(),
            training.own().metrics(),
            training.own().tensorBoardEvents())) {
      Path copy = training.mirrored().root().resolve(training.own().root().relativize(file));
      // While it was stopped, the job wrote what nobody fetched.
      assertThat(Files.mismatch(copy, file))
          .as("%s as the job wrote it", copy)
          .isIn(-1L, Files.size(copy));
    }
  }

  /** Everybody is there, and the training has gone on for a while. */
  private void calm() throws IOException {
    while (cluster.living("taskmanager").size() < TASK_MANAGERS) {
      cluster.startTaskManager();
    }
    if (cluster.living("jobmanager").size() < 2) {
      cluster.startJobManager();
    }
    cluster.waitForTaskManagers(TASK_MANAGERS);
    audit.calm();
  }

  private String leader() throws IOException {
    return cluster.living("jobmanager").get(0);
  }

  private Audit.Fault killing(String... names) {
    List<String> command = new ArrayList<>(List.of("kill", "-KILL"));
    for (String name : names) {
      command.add(Long.toString(cluster.pid(name)));
    }
    return () -> {
      long now = System.currentTimeMillis();
      assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
      return now;
    };
  }
}
