package dev.millrace.job.size;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.millrace.job.JobShape;
import dev.millrace.job.size.SizeEstimate.Assumptions;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * An estimate for people to read, and for programs.
 *
 * @param shape what Flink makes of the experiment
 */
public record SizeReport(Assumptions assumptions, SizeEstimate estimate, JobShape shape) {
  private static final int NETWORK_BUFFER_BYTES = 32 << 10;

  /** Network memory that all tasks together use at most, in bytes. */
  public long networkBytes() {
    return shape.networkBuffers() * NETWORK_BUFFER_BYTES;
  }

  /** As a table. */
  public String text() {
    StringBuilder text = new StringBuilder();
    line(text, "task slots", "%,d", shape.slots());
    if (estimate.transitionBytes() > 0) {
      line(text, "transitions in replay", "%,d", assumptions.transitions());
      line(text, "bytes of a transition", "%,d", estimate.transitionBytes());
      bytes(text, "replay in RocksDB", estimate.replayStored());
      bytes(text, "  of it cached on the heap", estimate.replayCached());
      bytes(text, "  index on the heap", estimate.replayIndex());
    }
    line(text, "parameters published", "%,d", estimate.parameters());
    bytes(text, "learner's state", estimate.learnerState());
    bytes(text, "first checkpoint", estimate.firstCheckpoint());
    bytes(text, "each later one adds", estimate.laterCheckpoint());
    line(text, "  at steps per second", "%,.0f", assumptions.stepsPerSecond());
    bytes(text, "task heap, learner's slot", estimate.heapLearner());
    bytes(text, "task heap, any other slot", estimate.heapSharing());
    bytes(text, "managed memory, any other slot", estimate.managedSharing());
    bytes(text, "network memory, all slots", networkBytes());
    text.append("vertices that the autoscaler must leave alone\n");
    shape.feedback().forEach(each -> text.append("  %s  %s%n".formatted(each.id(), each.name())));
    return text.append("job.autoscaler.vertex.exclude.ids: ")
        .append(excluded())
        .append('\n')
        .toString();
  }

  /** What {@code job.autoscaler.vertex.exclude.ids} must be. */
  public String excluded() {
    return shape.feedback().stream().map(JobShape.Vertex::id).collect(Collectors.joining(";"));
  }

  /** As JSON, all sizes in bytes. */
  public String json() throws JsonProcessingException {
    return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(this);
  }

  private static void line(StringBuilder text, String what, String format, Object value) {
    text.append("%-32s %16s%n".formatted(what, String.format(Locale.ROOT, format, value)));
  }

  private static void bytes(StringBuilder text, String what, long bytes) {
    boolean large = bytes >= 1 << 20;
    line(text, what, large ? "%,.1f MiB" : "%,.1f KiB", bytes / (large ? 1048576.0 : 1024.0));
  }
}
