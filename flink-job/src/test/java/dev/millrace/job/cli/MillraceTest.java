package dev.millrace.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.PolicyFile;
import dev.millrace.job.run.Runner;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MillraceTest {
  @TempDir Path root;
  private final TestingRunner runner = new TestingRunner();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String jar;
  private String configuration;
  private String run;

  @BeforeEach
  void writeConfiguration() throws IOException {
    jar = TestingJar.providing(root).toString();
    configuration =
        Files.writeString(
                root.resolve("trial.yaml"),
                "{environment: {name: Testing-v0}, algorithm: {name: testing}}")
            .toString();
    run = root.resolve("run").toString();
  }

  private int execute(String... arguments) {
    CommandLine line = Millrace.commandLine(Map.of("flink", () -> runner, "local", () -> runner));
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  private int train(String... more) {
    List<String> arguments = new ArrayList<>(List.of("train", configuration, "--jars", jar));
    arguments.addAll(List.of("--run-dir", run));
    arguments.addAll(List.of(more));
    return execute(arguments.toArray(String[]::new));
  }

  private String errors() {
    return err.toString().replace(root.toString(), "ROOT").strip();
  }

  @Test
  void trainsWhatTheConfigurationAndTheOptionsSay() throws IOException {
    int code = train("--set", "replay.shards=2", "--seed", "5", "--stop-at-return", "-85");

    assertThat(errors()).isEmpty();
    assertThat(code).isZero();
    Runner.Launch launch = runner.launch;
    assertThat(launch.experiment().name()).isEqualTo("trial");
    assertThat(launch.experiment().replay().shards()).isEqualTo(2);
    assertThat(launch.experiment().seed()).isEqualTo(5);
    assertThat(launch.experiment().evaluation().targetReturn()).isEqualTo(-85);
    assertThat(launch.folder().root()).isEqualTo(Path.of(run));
    assertThat(launch.jars()).containsExactly(Path.of(jar));
    assertThat(launch.resumeFrom()).isNull();
    assertThat(Files.readString(launch.folder().config()))
        .contains("seed: 5\n", "  shards: 2\n", "  target-return: \"-85\"\n");
    assertThat(out.toString()).contains("Target reached.");
  }

  @Test
  void aStoppedRunSaysHowToResumeAndThatWorks() {
    runner.ending = Runner.Ending.STOPPED;
    train();
    String command = "Resume with: ./millrace train %s/config.yaml --resume %s".formatted(run, run);
    assertThat(out.toString()).contains(command);

    int code =
        execute(
            "train",
            run + "/config.yaml",
            "--resume",
            run,
            "--jars",
            jar,
            "--set",
            "learner.learning-rate=0.5");

    assertThat(errors()).isEmpty();
    assertThat(code).isZero();
    assertThat(runner.launch.resumeFrom())
        .isEqualTo(Path.of(run, "savepoints", "savepoint-1").toUri());
    assertThat(runner.launch.folder().config()).content().contains("learning-rate: 0.5");
  }

  @Test
  void aResumeWithWhatBreaksStateIsRefused() {
    runner.ending = Runner.Ending.STOPPED;
    train();

    int code = execute("train", "--resume", run, "--jars", jar, "--set", "replay.shards=2");

    assertThat(code).isEqualTo(2);
    assertThat(errors())
        .isEqualTo(
            "millrace: --resume ROOT/run: replay.shards=2: the run's state was made with 1, and this is fixed for a run; set it back or begin a new run");
  }

  @Test
  void aResumeNeedsARunWithASavepoint() {
    assertThat(execute("train", "--resume", root.toString())).isEqualTo(2);
    assertThat(errors())
        .startsWith("millrace: --resume ROOT: holds no run; a run folder has a config.yaml");

    err.getBuffer().setLength(0);
    train();
    assertThat(execute("train", "--resume", run, "--jars", jar)).isEqualTo(2);
    assertThat(errors())
        .startsWith(
            "millrace: --resume ROOT/run: has neither a savepoint nor a retained checkpoint; begin a new run");
  }

  @Test
  void anEarlierRunMovesAside() {
    train();
    train();

    assertThat(root.resolve("run.1/config.yaml")).exists();
    assertThat(out.toString()).contains("The earlier run moved to " + run + ".1");
  }

  @Test
  void aFolderThatIsNoRunIsLeftAlone() throws IOException {
    Files.createDirectories(Path.of(run));
    Files.writeString(Path.of(run, "thesis.tex"), "years of work");

    assertThat(train()).isEqualTo(2);
    assertThat(errors())
        .startsWith(
            "millrace: --run-dir ROOT/run: ROOT/run holds something that is no run; name another folder");
  }

  @Test
  void wrongConfigurationIsWrongUsage() {
    assertThat(train("--set", "replay.capacity=-5")).isEqualTo(2);
    assertThat(errors())
        .isEqualTo(
            "millrace: ROOT/trial.yaml: --set: replay.capacity=-5: must be at least learner.batch-size (64); a learner could never be fed");
    assertThat(runner.launch).isNull();
  }

  @Test
  void wrongUsageIsExplainedInALine() {
    assertThat(execute()).isEqualTo(2);
    assertThat(execute("train")).isEqualTo(2);
    assertThat(execute("train", configuration, "--runner", "spark")).isEqualTo(2);
    assertThat(execute("train", "--resume", run, "--run-dir", run)).isEqualTo(2);
    assertThat(execute("trian")).isEqualTo(2);

    assertThat(errors().lines().filter(line -> line.startsWith("millrace")).toList())
        .containsExactly(
            "millrace: a command is missing, such as train conf/cartpole-apex.yaml",
            "millrace: CONF is missing: name an experiment, such as conf/cartpole-apex.yaml",
            "millrace: --runner spark: must be one of flink, local",
            "millrace: --run-dir: a resumed run continues in its own folder; leave --run-dir out",
            "millrace: Unmatched argument at index 0: 'trian'");
  }

  @Test
  void aFailureIsItsDeepestCauseAndNoStackTrace() {
    runner.failure =
        new IllegalStateException(
            "job failed", new ArithmeticException("10 updates in a row were not finite"));

    assertThat(train()).isEqualTo(1);
    assertThat(errors())
        .isEqualTo("millrace: 10 updates in a row were not finite\n(--debug shows where)");

    err.getBuffer().setLength(0);
    train("--debug");
    assertThat(errors()).contains("java.lang.IllegalStateException: job failed");
  }

  @Test
  void jarsMustProvideSomething() throws IOException {
    String empty = TestingJar.empty(root).toString();

    assertThat(execute("list", "--jars", empty + "," + root + "/none.jar," + configuration))
        .isEqualTo(2);
    assertThat(errors())
        .startsWith(
            """
            millrace: --jars: 3 problems
              ROOT/empty.jar: provides nothing; name your classes in META-INF/services/dev.millrace.core.agent.Algorithm or META-INF/services/dev.millrace.core.env.EnvironmentProvider or META-INF/services/dev.millrace.replay.SamplerProvider
              ROOT/none.jar: there is no such file
              ROOT/trial.yaml: is not a jar:""");
  }

  @Test
  void listsWhatThereIsWithASentenceEach() {
    assertThat(execute("list", "--jars", jar)).isZero();

    assertThat(out.toString())
        .contains("Algorithms (algorithm.name)", "  testing", "Learns nothing.")
        .contains("Environments (environment.name)", "CartPole-v1", "Rewards nothing.")
        .contains("Samplers (replay.sampler)", "prioritized", "uniform");
  }

  @Test
  void checksAConfiguration() {
    assertThat(execute("config", configuration, "--jars", jar)).isZero();
    assertThat(out.toString()).contains("trial.yaml: good: testing on Testing-v0");

    assertThat(execute("config", configuration, "--jars", jar, "--set", "sead=1")).isEqualTo(2);
    assertThat(errors())
        .isEqualTo(
            "millrace: ROOT/trial.yaml: --set: sead: no such key (did you mean seed?); `millrace config` shows them all");
  }

  @Test
  void printsTheReference() {
    assertThat(execute("config")).isZero();
    assertThat(out.toString()).contains("# Transitions kept over all shards");
  }

  @Test
  void estimatesWhatARunTakes() throws IOException {
    String conf = "../conf/cartpole-apex.yaml";
    assertThat(execute("size", conf, "--transitions", "64000")).isZero();
    assertThat(out.toString())
        .containsPattern("task slots +3")
        .containsPattern("transitions in replay +64,000")
        .contains("job.autoscaler.vertex.exclude.ids: ");
    assertThat(execute("size", conf, "--set", "actor.parallelism=1", "--json")).isZero();
    assertThat(execute("size", conf, "--transitions", "0")).isEqualTo(2);
  }

  @Test
  void evaluatesAPolicyAndShowsAnEpisode() throws IOException {
    String policy = policy("testing", "Testing-v0", 8).toString();

    assertThat(execute("evaluate", policy, "--episodes", "5", "--jars", jar)).isZero();
    assertThat(out.toString())
        .isEqualTo(
            "testing on Testing-v0, 5 greedy episodes: mean return 0.0, standard deviation 0.0, from 0.0 to 0.0\n");

    assertThat(execute("evaluate", policy, "--render", "--jars", jar)).isZero();
    assertThat(out.toString()).contains("(Testing-v0 does not render)\nstep 3, return 0.0");
  }

  @Test
  void aMissingOrForeignPolicyIsWrongUsage() throws IOException {
    assertThat(execute("evaluate", root + "/none.millrace")).isEqualTo(2);
    assertThat(execute("evaluate", configuration)).isEqualTo(2);
    assertThat(execute("evaluate", root.toString())).isEqualTo(2);
    assertThat(execute("evaluate", policy("testing", "Pong-v9", 8).toString(), "--jars", jar))
        .isEqualTo(2);

    assertThat(errors().lines().toList())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith(
                        "millrace: evaluate: policy ROOT/none.millrace: there is no such file"),
            line ->
                assertThat(line)
                    .startsWith(
                        "millrace: evaluate: policy ROOT/trial.yaml: is not a policy of Millrace"),
            line -> assertThat(line).startsWith("millrace: ROOT: has no best-policy.millrace"),
            line ->
                assertThat(line)
                    .startsWith("millrace: evaluate: no environment is called Pong-v9"));
  }

  private Path policy(String algorithm, String environment, int units) throws IOException {
    NetworkSpec network =
        new NetworkSpec(
            4,
            List.of(new NetworkSpec.Dense(units, NetworkSpec.Activation.RELU)),
            NetworkSpec.Head.LINEAR,
            2);
    Path file = root.resolve(environment + ".millrace");
    new PolicyFile(
            algorithm,
            environment,
            network,
            ParameterVersion.NONE,
            new float[network.parameterCount()])
        .write(file);
    return file;
  }
}
