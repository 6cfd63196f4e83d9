package dev.millrace.job.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A run in a few numbers: {@code summary.json}. What is not known is null.
 *
 * @param solved whether a decisive evaluation reached the target
 * @param secondsToTarget from the start of the command to that evaluation; over several commands,
 *     if the run was resumed, their sum
 * @param environmentSteps taken
 * @param updates applied
 * @param bestEvaluation mean return of the best decisive evaluation
 * @param meanReturn of the last 100 training episodes
 * @param stepsPerSecond environment steps per second between the first and the last report
 * @param updatesPerSecond likewise
 * @param checkpoints completed
 * @param restarts of the job
 * @param versions of the software, by name
 */
public record Summary(
    @JsonProperty("solved") boolean solved,
    @JsonProperty("seconds_to_target") Double secondsToTarget,
    @JsonProperty("environment_steps") long environmentSteps,
    @JsonProperty("updates") long updates,
    @JsonProperty("best_evaluation") Double bestEvaluation,
    @JsonProperty("mean_return") Double meanReturn,
    @JsonProperty("steps_per_second") Double stepsPerSecond,
    @JsonProperty("updates_per_second") Double updatesPerSecond,
    @JsonProperty("checkpoints") long checkpoints,
    @JsonProperty("restarts") long restarts,
    @JsonProperty("seed") long seed,
    @JsonProperty("versions") Map<String, String> versions) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** The run's summary; empty if it has none yet. */
  public static Optional<Summary> read(RunFolder folder) throws IOException {
    return Files.exists(folder.summary())
        ? Optional.of(JSON.readValue(folder.summary().toFile(), Summary.class))
        : Optional.empty();
  }

  void write(RunFolder folder) throws IOException {
    RunFolder.replace(folder.summary(), JSON.writeValueAsBytes(this));
  }

  /** What a user wants to know at the end. */
  @JsonIgnore
  public String sentence() {
    StringBuilder text = new StringBuilder();
    if (solved && secondsToTarget != null) {
      text.append(String.format(Locale.ROOT, "Solved after %.1f s; ", secondsToTarget));
    }
    text.append(
        String.format(
            Locale.ROOT, "%,d environment steps, %,d updates", environmentSteps, updates));
    if (bestEvaluation != null) {
      text.append(String.format(Locale.ROOT, ", best evaluation %.1f", bestEvaluation));
    }
    return text.append('.').toString();
  }

  /** {@code value}, or null if it is not a number. */
  static Double known(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
