package dev.millrace.job.cli;

import dev.millrace.core.agent.Evaluation;
import dev.millrace.core.env.Environment;
import dev.millrace.core.policy.Policy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code evaluate}: plays greedy episodes with a policy, or shows one. */
@Command(
    name = "evaluate",
    description = "Plays greedy episodes with the best policy of a run, or with a policy's file.",
    mixinStandardHelpOptions = true)
final class EvaluateCommand implements Runnable {
  private static final int USUAL_EPISODES = 100;
  private static final int SIDE_BY_SIDE = 16;
  private static final int SLICE_STEPS = 100_000;

  /** Training evaluates with series from 0, so these are episodes that it never saw. */
  private static final long SERIES = -1;

  @Spec private CommandSpec spec;
  @Mixin private UserJars jars;

  @Parameters(
      paramLabel = "RUN|POLICY",
      description = "A run folder, or a policy such as runs/cartpole-apex/best-policy.millrace.")
  private Path source;

  @Option(
      names = "--episodes",
      paramLabel = "N",
      description = "Episodes to play. Default: 100, or with --render the one that is shown.")
  private Integer episodes;

  @Option(names = "--render", description = "Show an episode as text frames.")
  private boolean render;

  @Override
  public void run() {
    if (episodes != null && episodes < 1) {
      throw new ParameterException(
          spec.commandLine(), "--episodes=%d: must be at least 1".formatted(episodes));
    }
    PolicyInUse used = PolicyInUse.read(source, jars.loader());
    PrintWriter out = spec.commandLine().getOut();
    if (render) {
      try (Environment environment = used.environment().create()) {
        TextEpisode.play(environment, used.policy(), used.seed(), SERIES, out);
      }
    }
    if (!render || episodes != null) {
      evaluate(used, episodes == null ? USUAL_EPISODES : episodes, out);
    }
    out.flush();
  }

  private static void evaluate(PolicyInUse used, int count, PrintWriter out) {
    List<Environment> environments =
        Stream.generate(used.environment()::create).limit(Math.min(count, SIDE_BY_SIDE)).toList();
    Policy policy = used.policy();
    Evaluation evaluation = new Evaluation(environments, policy, count, used.seed(), SERIES);
    while (!evaluation.finished()) {
      evaluation.advance(SLICE_STEPS);
    }
    environments.forEach(Environment::close);
    double[] returns = evaluation.returns();
    DoubleSummaryStatistics statistics = Arrays.stream(returns).summaryStatistics();
    double variance =
        Arrays.stream(returns)
            .map(value -> Math.pow(value - statistics.getAverage(), 2))
            .average()
            .orElse(0);
    out.printf(
        Locale.ROOT,
        "%s on %s, %d greedy episodes: mean return %.1f, standard deviation %.1f, from %.1f to %.1f%n",
        used.algorithm(),
        used.environment().name(),
        count,
        statistics.getAverage(),
        Math.sqrt(variance),
        statistics.getMin(),
        statistics.getMax());
  }
}
