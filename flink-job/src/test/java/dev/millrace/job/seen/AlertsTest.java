package dev.millrace.job.seen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code deploy/prometheus/alerts.yaml} asks for what there is, and says what to do. */
class AlertsTest {
  private static final Path ROOT = Path.of("..");
  private static final String PAGE = "docs/metrics.md";

  private static List<Map<String, Object>> rules() throws IOException {
    Object read =
        new Load(LoadSettings.builder().build())
            .loadFromString(Files.readString(ROOT.resolve("deploy/prometheus/alerts.yaml")));
    return list(map(list(map(read).get("groups")).get(0)).get("rules")).stream()
        .map(AlertsTest::map)
        .toList();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object read) {
    return (Map<String, Object>) read;
  }

  private static List<?> list(Object read) {
    return (List<?>) read;
  }

  @Test
  void everyMetricAskedForIsOnThePage() throws IOException {
    MetricsPage page = MetricsPage.read(ROOT);
    Set<String> told = new TreeSet<>(page.names());
    told.addAll(page.flinksOwn());
    for (Map<String, Object> rule : rules()) {
      Set<String> asked = PromQl.metrics((String) rule.get("expr"));
      assertThat(asked).as(rule.get("alert").toString()).isNotEmpty();
      assertThat(told).as(rule.get("alert").toString()).containsAll(asked);
    }
  }

  @Test
  void everyAlarmSaysWhatItIsAndWhatToDo() throws IOException {
    for (Map<String, Object> rule : rules()) {
      String name = (String) rule.get("alert");
      Map<String, Object> annotations = map(rule.get("annotations"));
      assertThat((String) rule.get("for")).as(name).matches("\\d+m");
      assertThat(map(rule.get("labels")).get("severity")).as(name).isIn("warning", "critical");
      assertThat((String) annotations.get("summary")).as(name).contains("$labels.job_name");
      assertThat((String) annotations.get("description")).as(name).endsWith(".");
      assertThat(annotations.get("runbook_url"))
          .as(name)
          .isEqualTo(PAGE + "#" + name.toLowerCase());
    }
  }

  @Test
  void thePageTellsOfEveryAlarmAndOfNoOther() throws IOException {
    Set<String> told = MetricsPage.read(ROOT).anchors();
    told.removeIf(anchor -> !anchor.startsWith("millrace"));
    List<String> alarms =
        rules().stream().map(rule -> rule.get("alert").toString().toLowerCase()).toList();

    assertThat(alarms).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(told);
  }
}
