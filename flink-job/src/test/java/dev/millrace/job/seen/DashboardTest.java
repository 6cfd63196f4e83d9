package dev.millrace.job.seen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code deploy/grafana/millrace.json} asks for what there is, and can be drawn. */
class DashboardTest {
  private static final Path ROOT = Path.of("..");
  private static final Set<String> KINDS = Set.of("timeseries", "stat", "row");
  private static final Set<String> UNITS =
      Set.of("short", "none", "s", "ms", "bytes", "ops", "percentunit");
  private static final int COLUMNS = 24;

  private JsonNode dashboard;
  private List<JsonNode> panels;

  @BeforeEach
  void read() throws IOException {
    dashboard = new ObjectMapper().readTree(ROOT.resolve("deploy/grafana/millrace.json").toFile());
    panels = new ArrayList<>();
    dashboard.get("panels").forEach(panels::add);
  }

  private static boolean isRow(JsonNode panel) {
    return panel.get("type").asText().equals("row");
  }

  private static String title(JsonNode panel) {
    return panel.get("title").asText() + " (" + panel.get("id") + ")";
  }

  @Test
  void everyMetricAskedForIsOnThePage() throws IOException {
    MetricsPage page = MetricsPage.read(ROOT);
    Set<String> told = new TreeSet<>(page.names());
    told.addAll(page.flinksOwn());
    for (JsonNode panel : panels) {
      for (JsonNode target : panel.path("targets")) {
        Set<String> asked = PromQl.metrics(target.get("expr").asText());
        assertThat(asked).as(title(panel)).isNotEmpty();
        assertThat(told).as(title(panel)).containsAll(asked);
      }
    }
    String choice = dashboard.at("/templating/list/1/query/query").asText();
    assertThat(PromQl.metrics(choice)).contains("job_name").hasSize(2);
    assertThat(told).containsAnyElementsOf(PromQl.metrics(choice));
  }

  @Test
  void everythingButMachinesIsOfTheChosenJobAndSource() {
    for (JsonNode panel : panels) {
      for (JsonNode target : panel.path("targets")) {
        String expression = target.get("expr").asText();
        assertThat(expression.contains("_Status_") || expression.contains("job_name=\"$job\""))
            .as(title(panel))
            .isTrue();
        assertThat(target.at("/datasource/uid").asText()).isEqualTo("${datasource}");
      }
    }
    assertThat(dashboard.at("/templating/list").findValuesAsText("name"))
        .containsExactly("datasource", "job");
  }

  @Test
  void everyPanelHasAKindAUnitAndSomethingToDraw() {
    for (JsonNode panel : panels) {
      assertThat(panel.get("type").asText()).as(title(panel)).isIn(KINDS);
      if (!isRow(panel)) {
        assertThat(panel.at("/fieldConfig/defaults/unit").asText()).as(title(panel)).isIn(UNITS);
        assertThat(panel.get("targets")).as(title(panel)).isNotEmpty();
        assertThat(panel.get("targets").findValuesAsText("refId"))
            .as(title(panel))
            .doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void noTwoPanelsHaveOneNumberOrOnePlace() {
    assertThat(panels.stream().map(panel -> panel.get("id").asInt())).doesNotHaveDuplicates();
    for (int i = 0; i < panels.size(); i++) {
      JsonNode place = panels.get(i).get("gridPos");
      assertThat(at(place, "x") + at(place, "w")).as(title(panels.get(i))).isBetween(1, COLUMNS);
      for (JsonNode other : panels.subList(0, i)) {
        assertThat(overlap(place, other.get("gridPos")))
            .as("%s over %s", title(panels.get(i)), title(other))
            .isFalse();
      }
    }
  }

  private static boolean overlap(JsonNode a, JsonNode b) {
    return at(a, "x") < at(b, "x") + at(b, "w")
        && at(b, "x") < at(a, "x") + at(a, "w")
        && at(a, "y") < at(b, "y") + at(b, "h")
        && at(b, "y") < at(a, "y") + at(a, "h");
  }

  private static int at(JsonNode place, String which) {
    return place.get(which).asInt();
  }
}
