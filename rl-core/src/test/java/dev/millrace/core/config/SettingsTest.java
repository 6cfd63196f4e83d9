package dev.millrace.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private static final Option<Long> WHOLE = Option.declare("a.whole").whole(7).says("");
  private static final Option<Double> NUMBER = Option.declare("a.number").number(0.5).says("");

  @Test
  void aValueGivenBeatsTheDefault() {
    Settings settings = new Settings(Map.of("a.whole", 8L));
    assertThat(settings.get(WHOLE)).isEqualTo(8);
    assertThat(settings.count(WHOLE)).isEqualTo(8);
    assertThat(settings.get(NUMBER)).isEqualTo(0.5);
    assertThat(settings.values()).isEqualTo(Map.of("a.whole", 8L));
  }

  @Test
  void remembersWhatWasAskedFor() {
    Settings settings = new Settings(Map.of("a.whole", 8L));
    assertThat(settings.read()).isEmpty();
    settings.get(NUMBER);
    assertThat(settings.read()).containsExactly("a.number");
  }

  @Test
  void aCountMustFitAnInt() {
    Settings settings = new Settings(Map.of("a.whole", 1L << 40));
    assertThatThrownBy(() -> settings.count(WHOLE)).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void travelsToTheTasks() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new Settings(Map.of("a.whole", 8L)));
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      Settings settings = (Settings) in.readObject();
      assertThat(settings.get(WHOLE)).isEqualTo(8);
      assertThat(settings.get(NUMBER)).isEqualTo(0.5);
      assertThat(settings.read()).as("only where it was read").isEmpty();
    }
  }
}
