package dev.millrace.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionTest {

  @Test
  void aDeclarationCarriesEverything() {
    Option<Long> option =
        Option.declare("replay.capacity").whole(100).from(1).fixedForTheRun().says("How many.");
    assertThat(option.key()).isEqualTo("replay.capacity");
    assertThat(option.type()).isEqualTo(Option.Type.WHOLE);
    assertThat(option.defaultValue()).isEqualTo(100);
    assertThat(option.rule()).isEqualTo("at least 1");
    assertThat(option.change()).isEqualTo(Option.Change.REFUSED);
    assertThat(option.sentence()).isEqualTo("How many.");
  }

  @Test
  void withoutARuleEverythingGoes() {
    Option<String> option = Option.declare("name").text(null).says("Must be given.");
    assertThat(option.rule()).isEmpty();
    assertThat(option.accepts("anything")).isTrue();
    assertThat(option.defaultValue()).isNull();
    assertThat(option.change()).isEqualTo(Option.Change.APPLIES);
  }

  @Test
  void everyTypeHasItsDeclaration() {
    assertThat(Option.declare("a").number(0.5).says("").type()).isEqualTo(Option.Type.NUMBER);
    assertThat(Option.declare("a").truth(true).says("").type()).isEqualTo(Option.Type.TRUTH);
    assertThat(Option.declare("a").text("x").says("").type()).isEqualTo(Option.Type.TEXT);
    assertThat(Option.declare("a").duration(Duration.ofSeconds(1)).says("").type())
        .isEqualTo(Option.Type.DURATION);
    Option<List<Long>> wholes = Option.declare("a").wholes(128L, 64L).says("");
    assertThat(wholes.type()).isEqualTo(Option.Type.WHOLE_LIST);
    assertThat(wholes.defaultValue()).containsExactly(128L, 64L);
  }

  @Test
  void aLeastValueIsIncluded() {
    Option<Long> option = Option.declare("a").whole(5).from(2).says("");
    assertThat(option.accepts(2L)).isTrue();
    assertThat(option.accepts(1L)).isFalse();
  }

  @Test
  void aLowerBoundIsNotIncluded() {
    Option<Double> option = Option.declare("a").number(5).above(0.5).says("");
    assertThat(option.rule()).isEqualTo("greater than 0.5");
    assertThat(option.accepts(0.5)).isFalse();
    assertThat(option.accepts(0.51)).isTrue();
    assertThat(option.accepts(Double.NaN)).isFalse();
  }

  @Test
  void bothBoundsAreIncluded() {
    Option<Double> option = Option.declare("a").number(0.5).within(0, 1).says("");
    assertThat(option.rule()).isEqualTo("between 0 and 1");
    assertThat(option.accepts(0.0)).isTrue();
    assertThat(option.accepts(1.0)).isTrue();
    assertThat(option.accepts(-0.1)).isFalse();
    assertThat(option.accepts(1.1)).isFalse();
    assertThat(option.accepts(Double.NaN)).isFalse();
  }

  @Test
  void aTextIsOneOfThese() {
    Option<String> option = Option.declare("a").text("adam").oneOf("adam", "rmsprop").says("");
    assertThat(option.rule()).isEqualTo("one of adam, rmsprop");
    assertThat(option.accepts("rmsprop")).isTrue();
    assertThat(option.accepts("sgd")).isFalse();
  }
}
