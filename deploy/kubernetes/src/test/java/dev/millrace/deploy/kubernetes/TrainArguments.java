package dev.millrace.deploy.kubernetes;

import dev.millrace.job.cli.Millrace;
import dev.millrace.job.config.Experiment;
import dev.millrace.job.config.ExperimentReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Reads a job's arguments with Millrace's own command line and its own check of configurations. */
final class TrainArguments {
  /**
   * What {@code train} is asked for.
   *
   * @param runFolder in the container
   */
  record Train(Experiment experiment, String runFolder) {}

  private final Image image;
  private final ExperimentReader reader =
      new ExperimentReader(TrainArguments.class.getClassLoader());

  TrainArguments(Image image) {
    this.image = image;
  }

  /**
   * Reads them without training.
   *
   * @throws IllegalArgumentException if they are not a whole {@code train} command
   * @throws dev.millrace.job.config.ConfigurationException if the configuration is refused
   */
  Train read(List<String> arguments) {
    ParseResult train = parse(arguments);
    Path inImage = train.matchedPositionalValue(0, null);
    Path folder = train.matchedOptionValue("--run-dir", null);
    require(inImage != null, "CONF is missing");
    require(folder != null, "--run-dir is missing: the default lies in the container");
    Path file =
        image
            .source(inImage.toString())
            .filter(Files::isRegularFile)
            .orElseThrow(
                () -> new IllegalArgumentException(inImage + ": the image has no such file"));
    return new Train(reader.read(file, overrides(train)), folder.toString());
  }

  private static ParseResult parse(List<String> arguments) {
    CommandLine line = Millrace.commandLine(Map.of());
    try {
      ParseResult train = line.parseArgs(arguments.toArray(String[]::new)).subcommand();
      require(
          train != null && train.commandSpec().name().equals("train"),
          "must begin with the command train");
      return train;
    } catch (ParameterException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static List<String> overrides(ParseResult train) {
    List<String> all = new ArrayList<>(train.matchedOptionValue("--set", List.<String>of()));
    if (train.hasMatchedOption("--seed")) {
      all.add("seed=" + train.matchedOptionValue("--seed", ""));
    }
    if (train.hasMatchedOption("--stop-at-return")) {
      all.add("evaluation.target-return=" + train.matchedOptionValue("--stop-at-return", ""));
    }
    return all;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
