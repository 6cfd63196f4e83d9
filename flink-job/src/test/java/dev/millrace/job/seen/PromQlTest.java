package dev.millrace.job.seen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromQlTest {
  @Test
  void labelsFunctionsAndDurationsAreNoMetrics() {
    assertThat(
            PromQl.metrics(
                """
                sum by (job_name, host) (rate(a_total{job_name="$job", x=~"b|c(d)"}[5m] offset 1h))
                  / on (job_name) group_left (tm_id) max without (host) (e:f) > bool 1.5e3
                unless on (job_name) abs(delta(g[10m:30s])) == 0 # not h
                or topk(3, i) and vector(1)
                """))
        .containsExactly("a_total", "e:f", "g", "i");
  }

  @Test
  void aTextMayHoldAnything() {
    assertThat(PromQl.metrics("a{b=\"}) \\\" c\", d='e'}")).containsExactly("a");
  }

  @ParameterizedTest
  @CsvSource({
    "dleta(a[5m]),dleta is not a function",
    "sum(a,a bracket is not closed",
    "a),a bracket is closed",
    "a{b,} is missing",
    "a ? b,what is"
  })
  void whatIsNotUnderstoodIsRefused(String expression, String why) {
    assertThatThrownBy(() -> PromQl.metrics(expression))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
