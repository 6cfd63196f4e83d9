package dev.millrace.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.job.run.RunFolder;
import dev.millrace.job.run.Runner;
import dev.millrace.job.run.SubmittedJob;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code train --cluster}, up to the runner. */
class TrainOnClusterTest {
  private static final String CLUSTER = "http://one:8081,http://two:8081";
  private static final String JOB = "0123456789abcdef0123456789abcdef";

  @TempDir Path root;
  private final TestingRunner here = new TestingRunner();
  private final TestingRunner there = new TestingRunner();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private RunFolder run;

  @BeforeEach
  void nameTheFolder() {
    run = RunFolder.at(root.resolve("run"));
  }

  private int train(String... more) {
    List<String> arguments = new ArrayList<>(List.of("train", "../conf/cartpole-apex.yaml"));
    if (!List.of(more).contains("--resume")) {
      arguments.addAll(List.of("--run-dir", run.path()));
    }
    arguments.addAll(List.of(more));
    CommandLine line = Millrace.commandLine(Map.of("flink", () -> here, "cluster", () -> there));
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments.toArray(String[]::new));
  }

  private String firstError() {
    return err.toString().replace(root.toString(), "ROOT").lines().findFirst().orElse("");
  }

  @Test
  void theRunnerIsToldWhichCluster() {
    assertThat(train("--cluster", CLUSTER)).isZero();
    assertThat(here.launch).isNull();
    assertThat(there.launch.cluster())
        .isEqualTo(
            new Runner.Cluster(
                List.of(URI.create("http://one:8081"), URI.create("http://two:8081")),
                null,
                false));
    assertThat(out.toString()).contains("Training cartpole-apex; run folder " + run.path());
  }

  @Test
  void aJobThatRunsAlreadyIsAttendedAndItsFolderKept() throws IOException {
    train("--cluster", CLUSTER);
    new SubmittedJob(JOB, null).write(run);
    there.job = JOB;

    assertThat(train("--cluster", CLUSTER)).isZero();

    assertThat(there.asked.addresses()).hasSize(2);
    assertThat(there.launch.cluster().job()).isEqualTo(JOB);
    assertThat(there.launch.resumeFrom()).isNull();
    assertThat(out.toString()).contains("Attending cartpole-apex").doesNotContain("moved");
  }

  @Test
  void aJobThatRunsAlreadyWithAnotherConfigurationIsLeftAlone() throws IOException {
    train("--cluster", CLUSTER);
    new SubmittedJob(JOB, null).write(run);
    there.job = JOB;

    assertThat(train("--cluster", CLUSTER, "--seed", "9")).isEqualTo(2);

    assertThat(firstError())
        .isEqualTo(
            "millrace: --cluster: job "
                + JOB
                + " of ROOT/run runs there already, with another configuration: give it the same to attend the job, or stop it first, or name another --run-dir");
    assertThat(run.config()).content().contains("seed: 1\n");
  }

  @Test
  void aJobThatWasSubmittedElsewhereIsAttendedInAFolderOfItsOwn() {
    train("--cluster", CLUSTER);
    assertThat(train("--cluster", CLUSTER, "--attend", JOB)).isZero();
    assertThat(there.launch.cluster().job()).isEqualTo(JOB);
    assertThat(out.toString()).contains("The earlier run moved to " + run.path() + ".1");
  }

  @Test
  void whoOnlySubmitsIsToldHowToAttend() {
    there.ending = Runner.Ending.SUBMITTED;
    assertThat(train("--cluster", CLUSTER, "--detach")).isZero();
    assertThat(there.launch.cluster().detached()).isTrue();
    assertThat(out.toString())
        .contains(
            "Submitted.",
            "Attend it with: ./millrace train %s/config.yaml --run-dir %s --cluster %s\n"
                .formatted(run.path(), run.path(), CLUSTER));
  }

  @Test
  void whoStopsItIsToldHowToResume() {
    there.ending = Runner.Ending.STOPPED;
    train("--cluster", CLUSTER);
    assertThat(out.toString())
        .contains(
            "Resume with: ./millrace train %s/config.yaml --resume %s --cluster %s\n"
                .formatted(run.path(), run.path(), CLUSTER));
  }

  @Test
  void aResumeGoesOnFromWhereTheClusterKeepsTheSavepoint() throws IOException {
    train("--cluster", CLUSTER);
    new SubmittedJob(JOB, "s3://bucket/savepoint-1").write(run);
    assertThat(train("--resume", run.path(), "--cluster", CLUSTER)).isZero();
    assertThat(there.launch.resumeFrom()).isEqualTo(URI.create("s3://bucket/savepoint-1"));
  }

  @Test
  void aRunThatLeftTheClusterGoesOnFromWhatItLeftHere() throws IOException {
    train("--cluster", CLUSTER);
    new SubmittedJob(JOB, "s3://bucket/savepoint-1").write(run);
    here.ending = Runner.Ending.STOPPED;
    train("--resume", run.path());
    assertThat(here.launch.resumeFrom()).isEqualTo(URI.create("s3://bucket/savepoint-1"));
    Path savepoint = run.savepoints().resolve("savepoint-1");
    Files.setLastModifiedTime(
        savepoint.resolve("_metadata"), FileTime.fromMillis(System.currentTimeMillis() + 5_000));

    assertThat(train("--resume", run.path())).isZero();
    assertThat(here.launch.resumeFrom()).isEqualTo(savepoint.toUri());
  }

  @Test
  void wrongUsageIsExplainedInALine() {
    assertThat(train("--detach")).isEqualTo(2);
    assertThat(train("--attend", JOB)).isEqualTo(2);
    assertThat(train("--cluster", "here:8081")).isEqualTo(2);
    assertThat(train("--cluster", "ftp://here")).isEqualTo(2);
    assertThat(train("--cluster", CLUSTER, "--attend", "my-job")).isEqualTo(2);
    assertThat(train("--cluster", CLUSTER, "--attend", JOB, "--detach")).isEqualTo(2);
    assertThat(train("--runner", "cluster")).isEqualTo(2);

    assertThat(err.toString().lines().filter(line -> line.startsWith("millrace")).toList())
        .containsExactly(
            "millrace: --attend and --detach: need --cluster, the address of a session cluster",
            "millrace: --attend and --detach: need --cluster, the address of a session cluster",
            "millrace: --cluster here:8081: must be an address such as http://localhost:8081",
            "millrace: --cluster ftp://here: must be an address such as http://localhost:8081",
            "millrace: --attend my-job: must be a job's ID of 32 hexadecimal digits, as `flink list` shows",
            "millrace: --attend and --detach: contradict each other; leave one out",
            "millrace: --runner cluster: must be one of flink");
    assertThat(there.launch).isNull();
    assertThat(here.launch).isNull();
  }
}
