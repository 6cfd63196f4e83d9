package dev.millrace.job.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * Where a run stands: what the live line shows, and what an attached client decides by. NaN where
 * nothing is known yet.
 *
 * @param atMillis when it was so, milliseconds since 1970
 * @param environmentSteps taken so far
 * @param updates applied so far
 * @param meanReturn of the last 100 training episodes
 * @param bestEvaluation mean return of the best decisive evaluation
 * @param replaySize transitions held
 * @param samplesPerInsert sampled over inserted
 * @param policyLag updates between the learner and the parameters the newest transition came from
 * @param checkpoints completed so far
 * @param checkpointAtMillis when the last one was completed; 0 if none was
 * @param restarts of the job so far
 * @param targetReached whether a decisive evaluation reached the target
 * @param over whether the run has come to its end, by its target or its budget
 */
public record RunProgress(
    long atMillis,
    long environmentSteps,
    long updates,
    double meanReturn,
    double bestEvaluation,
    long replaySize,
    double samplesPerInsert,
    double policyLag,
    long checkpoints,
    long checkpointAtMillis,
    long restarts,
    boolean targetReached,
    boolean over) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the run's recorder wrote last; empty if it has not begun. */
  public static Optional<RunProgress> read(RunFolder folder) {
    try {
      return Optional.of(JSON.readValue(folder.progress().toFile(), RunProgress.class));
    } catch (FileNotFoundException | NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new IllegalStateException(
          "%s: cannot be read: %s".formatted(folder.progress(), e.getMessage()), e);
    }
  }

  byte[] bytes() throws IOException {
    return JSON.writeValueAsBytes(this);
  }

  /** What {@link #bytes} wrote. */
  public static RunProgress of(byte[] bytes) throws IOException {
    return JSON.readValue(bytes, RunProgress.class);
  }

  /** Replaces what was there. */
  void write(RunFolder folder) throws IOException {
    RunFolder.replace(folder.progress(), bytes());
  }
}
