package dev.millrace.job.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The job on a cluster that a run folder belongs to: {@code job.json}.
 *
 * @param id Flink's, in hexadecimal
 * @param savepoint a savepoint or retained checkpoint to go on from; null for none
 */
public record SubmittedJob(
    @JsonProperty("id") String id, @JsonProperty("savepoint") String savepoint) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** The job of that folder; empty if it never was on a cluster. */
  public static Optional<SubmittedJob> read(RunFolder folder) throws IOException {
    return Files.exists(folder.job())
        ? Optional.of(JSON.readValue(folder.job().toFile(), SubmittedJob.class))
        : Optional.empty();
  }

  /** Whether that was last written before {@code savepoint}. */
  public static boolean isOlderThan(Path savepoint, RunFolder folder) throws IOException {
    return Files.getLastModifiedTime(folder.job())
            .compareTo(Files.getLastModifiedTime(savepoint.resolve("_metadata")))
        < 0;
  }

  public void write(RunFolder folder) throws IOException {
    folder.replace("job.json", JSON.writeValueAsBytes(this));
  }
}
