package dev.millrace.core.config;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * One configuration key, declared once: type, default, rule, sentence, and what a change of it
 * across a resume means.
 *
 * @param <T> Long, Double, Boolean, String, Duration or a List of Long
 */
public record Option<T>(
    String key,
    Type type,
    T defaultValue,
    String rule,
    Predicate<T> valid,
    Change change,
    String sentence) {

  /** What may be written for a value. */
  public enum Type {
    WHOLE,
    NUMBER,
    TRUTH,
    TEXT,
    DURATION,
    WHOLE_LIST
  }

  /** What changing the value across a resume does. */
  public enum Change {
    /** Applies from the resume on. */
    APPLIES,
    /** Would break state: a resume with another value is refused. */
    REFUSED
  }

  public Option {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(sentence, "sentence of " + key);
  }

  /** Starts the declaration of {@code key}; see {@link Declaration}. */
  public static Declaration declare(String key) {
    return new Declaration(key);
  }

  /** Whether {@code value} obeys the rule. */
  public boolean accepts(T value) {
    return valid.test(value);
  }

  /** Reads like a sentence: {@code declare("a.b").whole(4).from(1).says("…")}. */
  public static final class Declaration {
    private final String key;

    private Declaration(String key) {
      this.key = key;
    }

    public Rule<Long> whole(long value) {
      return new Rule<>(key, Type.WHOLE, value);
    }

    public Rule<Double> number(double value) {
      return new Rule<>(key, Type.NUMBER, value);
    }

    public Rule<Boolean> truth(boolean value) {
      return new Rule<>(key, Type.TRUTH, value);
    }

    /** A text; null stands for "must be given". */
    public Rule<String> text(String value) {
      return new Rule<>(key, Type.TEXT, value);
    }

    public Rule<Duration> duration(Duration value) {
      return new Rule<>(key, Type.DURATION, value);
    }

    public Rule<List<Long>> wholes(Long... values) {
      return new Rule<>(key, Type.WHOLE_LIST, List.of(values));
    }
  }

  /** A declaration that still lacks its sentence. */
  public static final class Rule<T> {
    private final String key;
    private final Type type;
    private final T value;
    private String rule = "";
    private Predicate<T> valid = ignored -> true;
    private Change change = Change.APPLIES;

    private Rule(String key, Type type, T value) {
      this.key = key;
      this.type = type;
      this.value = value;
    }

    /** A value must satisfy {@code valid}; {@code rule} completes "must be …". */
    public Rule<T> must(String rule, Predicate<T> valid) {
      this.rule = rule;
      this.valid = valid;
      return this;
    }

    /** A number must be at least {@code least}. */
    public Rule<T> from(double least) {
      return must("at least " + plain(least), value -> ((Number) value).doubleValue() >= least);
    }

    /** A number must be greater than {@code bound}. */
    public Rule<T> above(double bound) {
      return must("greater than " + plain(bound), value -> ((Number) value).doubleValue() > bound);
    }

    /** A number must be within both bounds. */
    public Rule<T> within(double least, double most) {
      return must(
          "between %s and %s".formatted(plain(least), plain(most)),
          value ->
              ((Number) value).doubleValue() >= least && ((Number) value).doubleValue() <= most);
    }

    /** A text must be one of these. */
    public Rule<T> oneOf(String... texts) {
      return must("one of " + String.join(", ", texts), List.of(texts)::contains);
    }

    /** Changing it across a resume would break state. */
    public Rule<T> fixedForTheRun() {
      change = Change.REFUSED;
      return this;
    }

    /** Completes the declaration with its sentence for the reference. */
    public Option<T> says(String sentence) {
      return new Option<>(key, type, value, rule, valid, change, sentence);
    }

    private static String plain(double number) {
      return number == Math.rint(number) && Math.abs(number) < 1e15
          ? Long.toString((long) number)
          : Double.toString(number);
    }
  }
}
