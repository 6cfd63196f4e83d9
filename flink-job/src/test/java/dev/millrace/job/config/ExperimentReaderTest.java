package dev.millrace.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millrace.core.agent.RateLimiter;
import dev.millrace.core.config.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExperimentReaderTest {
  private static final String MINIMAL =
      """
      name: trial
      environment: {name: Testing-v0}
      algorithm:
        name: testing
      """;

  @TempDir Path folder;
  private ExperimentReader reader;

  @BeforeEach
  void makeReader() {
    reader = new ExperimentReader(TestingProviders.loader(folder));
  }

  private Experiment read(String yaml, String... overrides) {
    return reader.read("a.yaml", yaml, "a", List.of(overrides));
  }

  private List<String> problems(String yaml, String... overrides) {
    ConfigurationException thrown =
        catchThrowableOfType(ConfigurationException.class, () -> read(yaml, overrides));
    assertThat(thrown).as("should be refused").isNotNull();
    return thrown.problems();
  }

  @Test
  void readsValuesOfEveryType() {
    Experiment experiment =
        read(
            """
            name: trial
            seed: 7
            environment: {name: Testing-v0, count: 20, group-size: 8}
            algorithm: {name: testing, steps: 5}
            learner.learning-rate: 2.5e-4
            network:
              hidden: [64, 32]
            replay:
              capacity: 50_000
              samples-per-insert: 8
            evaluation: {target-return: -85}
            checkpoint: {interval: 500 ms, retained: false}
            flink:
              taskmanager.memory.managed.size: 256m
              restart-strategy: {type: none}
            """);

    assertThat(experiment.name()).isEqualTo("trial");
    assertThat(experiment.seed()).isEqualTo(7);
    assertThat(experiment.environment().count()).isEqualTo(20);
    assertThat(experiment.environment().groupSize()).isEqualTo(8);
    assertThat(experiment.settings().get(TestingAlgorithm.STEPS)).isEqualTo(5);
    assertThat(experiment.settings().get(TestingAlgorithm.RATE)).isEqualTo(2.5e-4);
    assertThat(experiment.settings().get(TestingAlgorithm.HIDDEN)).containsExactly(64L, 32L);
    assertThat(experiment.replay().capacity()).isEqualTo(50_000);
    assertThat(experiment.evaluation().targetReturn()).isEqualTo(-85);
    assertThat(experiment.checkpoint())
        .isEqualTo(new Experiment.Checkpoints(Duration.ofMillis(500), false));
    assertThat(experiment.flink())
        .containsEntry("taskmanager.memory.managed.size", "256m")
        .containsEntry("restart-strategy.type", "none");
  }

  @Test
  void overridesReplaceWhatTheDocumentSays() {
    Experiment experiment =
        read(
            MINIMAL + "seed: 3\n",
            "seed=4",
            "network.hidden=[16]",
            "evaluation.target-return=none");

    assertThat(experiment.seed()).isEqualTo(4);
    assertThat(experiment.settings().get(TestingAlgorithm.HIDDEN)).containsExactly(16L);
    assertThat(experiment.evaluation().targetReturn()).isNaN();
  }

  @Test
  void takesTheNameOfTheFileWhenThereIsNone() throws IOException {
    Path file = folder.resolve("pole.yaml");
    Files.writeString(file, "environment.name: Testing-v0\nalgorithm.name: testing\n");

    assertThat(reader.read(file, List.of()).name()).isEqualTo("pole");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          replay.capacity=-5            | replay.capacity=-5: must be at least learner.batch-size (64); a learner could never be fed
          replay.capacity=lots          | replay.capacity=lots: must be a whole number; the default is 100000
          replay.shards=0               | replay.shards=0: must be between 1 and 128; the default is 1
          learner.learning-rate=0       | learner.learning-rate=0: must be greater than 0; the default is 0.001
          learner.learning-rate=fast    | learner.learning-rate=fast: must be a number; the default is 0.001
          evaluation.target-return=high | evaluation.target-return=high: must be a number or none; the default is none
          checkpoint.retained=maybe     | checkpoint.retained=maybe: must be true or false; the default is true
          checkpoint.interval=10        | checkpoint.interval=10: must be a duration such as 500 ms, 10 s, 5 min or 1 h; the default is 10 s
          checkpoint.interval=1 ms      | checkpoint.interval=1 ms: must be at least 100 ms; the default is 10 s
          network.hidden=[a]            | network.hidden=a: must be a list of whole numbers such as [128, 128]; the default is [128, 128]
          network.hidden=[0]            | network.hidden=0: must be one width of at least 1 for each layer; the default is [128, 128]
          name=a/b                      | name=a/b: must be letters, digits, dots, dashes and underscores, so that it can name a folder
          replay.capcity=5              | replay.capcity: no such key (did you mean replay.capacity?); `millrace config` shows them all
          zebra=5                       | zebra: no such key; `millrace config` shows them all
          replay=5                      | replay=5: is a section; give its keys
          replay.capacity=              | replay.capacity: has no value; give one or leave the key out
          environment.name=Testing-v1   | environment.name=Testing-v1: no environment is called Testing-v1 (did you mean Testing-v0?)
          algorithm.name=tasting        | algorithm.name=tasting: no algorithm is called tasting (did you mean testing?)
          replay.sampler=uniforn        | replay.sampler=uniforn: no sampler is called uniforn (did you mean uniform?)
          environment.name=Continuous-v0 | algorithm.name=testing on environment.name=Continuous-v0: needs a discrete action space
          replay.minimum-size=200000    | replay.minimum-size=200000: must be at most replay.capacity (100000); learning would never begin
          replay.parallelism=3          | replay.parallelism=3: must divide replay.shards (1); one task would hold more shards than another, or none
          environment.group-size=9      | environment.group-size=9: must be at most environment.count (8); the rest of a group would be missing
          environment.count=1024        | environment.group-size=4: must be at least 8; it makes 256 groups of 1024 environments, and 128 can be told apart
          actor.parallelism=3           | actor.parallelism=3: must be at most the number of environment groups (2: environment.count 8 in groups of 4); a task would have nothing to act for
          evaluation.episodes=5         | evaluation.episodes-first=10: must be at most evaluation.episodes (5), of which they are the first
          replay.window=100             | replay.window=100: must be at least 704, or acting and learning could wait for each other for good: replay.samples-per-insert (16) × (8 environments × 3 steps held back + 4 in a group × actor.steps-per-ticket 4) + learner.batch-size (64); 0 chooses it
          """)
  void refusesWithTheRuleAndTheRemedy(String override, String message) {
    List<String> problems = problems(MINIMAL, override.strip());

    assertThat(problems).hasSize(1);
    assertThat(problems.get(0).replaceFirst("^(--set|line 4): ", "")).startsWith(message);
  }

  @Test
  void reportsEveryProblemAtOnceWithItsLine() {
    ConfigurationException thrown =
        catchThrowableOfType(
            ConfigurationException.class,
            () ->
                read(
                    """
                    seed: one
                    replay:
                      capcity: 5
                      shards: 2
                      parallelism: 4
                    """));

    assertThat(thrown)
        .hasMessage(
            """
            a.yaml: 5 problems
              line 1: seed=one: must be a whole number; the default is 1
              line 3: replay.capcity: no such key (did you mean replay.capacity?); `millrace config` shows them all
              environment.name: must be given: Which environment; `millrace list` shows them.
              algorithm.name: must be given: Which algorithm; `millrace list` shows them.
              line 5: replay.parallelism=4: must divide replay.shards (2); one task would hold more shards than another, or none""");
  }

  @Test
  void refusesWhatIsNotYaml() {
    assertThat(problems(MINIMAL + "replay: [1, 2\n").get(0))
        .startsWith("line 6: not YAML: expected ',' or ']'");
    assertThat(problems("just words").get(0))
        .isEqualTo("line 1: must be sections with keys, such as replay: {capacity: 100000}");
    assertThat(problems(MINIMAL + "seed: 1\nseed: 2\n"))
        .containsExactly("line 6: seed: given already in line 5; keep one");
    assertThat(problems(MINIMAL, "seed")).containsExactly("--set seed: must read key=value");
    assertThat(problems(MINIMAL, "seed=[1")).first().asString().startsWith("--set seed: not YAML:");
  }

  @Test
  void refusesADocumentThatContainsItself() {
    assertThat(problems(MINIMAL + "replay: &a\n  more: *a\n"))
        .anyMatch(problem -> problem.contains("nested more than 20 deep"));
  }

  @Test
  void refusesAFileThatIsNotThere() {
    assertThat(
            catchThrowableOfType(
                ConfigurationException.class,
                () -> reader.read(Path.of("nowhere.yaml"), List.of())))
        .hasMessage("nowhere.yaml: there is no such file; conf/ holds examples");
  }

  @Test
  void aGivenWindowIsTakenAndTheSmallestAllowedIsAccepted() {
    RateLimiter limiter = read(MINIMAL, "replay.window=704").replay().limiter();

    assertThat(limiter.min()).isEqualTo(16 * 1000 - 64);
    assertThat(limiter.max()).isEqualTo(16 * 1000 + 640);
  }

  @Test
  void withoutAWindowTakesTwiceWhatAllNeed() {
    RateLimiter limiter = read(MINIMAL).replay().limiter();

    assertThat(limiter.max() - limiter.min()).isEqualTo(2 * 1920);
  }

  @Test
  void whatIsWrittenResolvedReadsBackTheSame() {
    Experiment experiment =
        read(
            MINIMAL,
            "learner.learning-rate=1e-5",
            "checkpoint.interval=90 s",
            "network.hidden=[]",
            "flink.a.b=x: \"y\" # z");
    String resolved = reader.resolved(experiment);

    Experiment again = reader.read("b.yaml", resolved, "b", List.of());
    assertThat(reader.resolved(again)).isEqualTo(resolved);
    assertThat(again.settings().get(TestingAlgorithm.RATE)).isEqualTo(1e-5);
    assertThat(again.settings().get(TestingAlgorithm.HIDDEN)).isEmpty();
    assertThat(again.checkpoint()).isEqualTo(experiment.checkpoint());
    assertThat(again.flink()).isEqualTo(experiment.flink());
    assertThat(reader.options(experiment))
        .allSatisfy(option -> assertThat(again.settings().values()).containsKey(option.key()));
  }

  @Test
  void everyDeclaredOptionIsRead() {
    Experiment experiment = read(MINIMAL);
    experiment.agent(TestingProviders.loader(folder));

    assertThat(experiment.settings().read())
        .containsAll(
            reader.options(experiment).stream().map(Option::key).filter(this::own).toList());
    assertThat(ExperimentOptions.own())
        .as("every constant is in the list")
        .hasSameElementsAs(constants(ExperimentOptions.class));
  }

  private boolean own(String key) {
    return ExperimentOptions.own().stream().anyMatch(option -> option.key().equals(key))
        || new TestingAlgorithm().options().stream().anyMatch(option -> option.key().equals(key));
  }

  private static List<Option<?>> constants(Class<?> declaring) {
    return Arrays.stream(declaring.getFields())
        .flatMap(
            field -> {
              try {
                return field.get(null) instanceof Option<?> option
                    ? Stream.<Option<?>>of(option)
                    : Stream.empty();
              } catch (IllegalAccessException e) {
                throw new AssertionError(e);
              }
            })
        .toList();
  }
}
