package dev.millrace.job.size;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.job.JobShape;
import dev.millrace.job.size.SizeEstimate.Assumptions;
import java.util.List;
import org.junit.jupiter.api.Test;

class SizeReportTest {
  private static final SizeEstimate ESTIMATE =
      new SizeEstimate(
          56, 3_670_016, 1_048_576, 2048, 17_539, 280_679, 5_242_880, 1_572_864, 1 << 20, 2 << 20,
          3 << 20);
  private static final SizeReport REPORT =
      new SizeReport(
          new Assumptions(60_000, 1234),
          ESTIMATE,
          new JobShape(
              3,
              64,
              List.of(new JobShape.Vertex("actors", "a1"), new JobShape.Vertex("tail", "b2"))));

  @Test
  void aTableNamesEverySizeWithItsUnit() {
    assertThat(REPORT.text().lines().map(line -> line.replaceAll(" +", " ")))
        .contains(
            "task slots 3",
            "transitions in replay 60,000",
            "replay in RocksDB 3.5 MiB",
            " index on the heap 2.0 KiB",
            "first checkpoint 5.0 MiB",
            "each later one adds 1.5 MiB",
            " at steps per second 1,234",
            "network memory, all slots 2.0 MiB",
            " b2 tail",
            "job.autoscaler.vertex.exclude.ids: a1;b2");
  }

  @Test
  void programsGetBytes() throws Exception {
    JsonNode json = new ObjectMapper().readTree(REPORT.json());
    assertThat(json.at("/estimate/firstCheckpoint").asLong()).isEqualTo(5_242_880);
    assertThat(json.at("/shape/feedback/1/id").asText()).isEqualTo("b2");
  }

  @Test
  void withoutAReplayNothingIsSaidOfOne() {
    SizeEstimate ppo = new SizeEstimate(0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1);
    assertThat(new SizeReport(REPORT.assumptions(), ppo, REPORT.shape()).text())
        .doesNotContain("replay", "transition");
  }
}
