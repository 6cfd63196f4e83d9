package dev.millrace.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StopRequestTest {

  @Test
  void tellsEveryListenerOnceHoweverOftenItIsAsked() {
    StopRequest stop = new StopRequest();
    List<String> told = new ArrayList<>();
    stop.onRequest(() -> told.add("early"));
    assertThat(stop.requested()).isFalse();

    stop.request();
    stop.request();
    stop.onRequest(() -> told.add("late"));

    assertThat(stop.requested()).isTrue();
    assertThat(told).containsExactly("early", "late");
  }
}
