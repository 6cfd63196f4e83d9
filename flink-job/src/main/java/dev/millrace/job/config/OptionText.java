package dev.millrace.job.config;

import dev.millrace.core.config.Option;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How values of options are written: what {@link #read} accepts and what {@link #write} prints. */
final class OptionText {
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
  private static final Pattern DURATION = Pattern.compile("(\\d+)\\s*([a-z]+)");
  private static final Map<String, Duration> UNITS = new LinkedHashMap<>();
  private static final String NONE = "none";

  static {
    UNITS.put("h", Duration.ofHours(1));
    UNITS.put("min", Duration.ofMinutes(1));
    UNITS.put("s", Duration.ofSeconds(1));
    UNITS.put("ms", Duration.ofMillis(1));
  }

  private OptionText() {}

  /**
   * The value that {@code text} stands for.
   *
   * @throws IllegalArgumentException whose message completes "must be …"
   */
  static Serializable read(Option<?> option, String text) {
    return switch (option.type()) {
      case WHOLE -> whole(text, "a whole number");
      case NUMBER -> number(text, (Double) option.defaultValue());
      case TRUTH -> truth(text);
      case TEXT -> text;
      case DURATION -> duration(text);
      case WHOLE_LIST -> wholes(text);
    };
  }

  private static Long whole(String text, String what) {
    try {
      return Long.valueOf(text.replace("_", ""));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(what, e);
    }
  }

  /** A default that is not finite stands for the absence of a number, and is called none. */
  private static Double number(String text, Double defaultValue) {
    boolean orNone = defaultValue != null && !Double.isFinite(defaultValue);
    if (orNone && text.equals(NONE)) {
      return defaultValue;
    }
    String digits = text.replace("_", "");
    if (!NUMBER.matcher(digits).matches() || Double.isInfinite(Double.parseDouble(digits))) {
      throw new IllegalArgumentException(orNone ? "a number or none" : "a number");
    }
    return Double.valueOf(digits);
  }

  private static Boolean truth(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException("true or false");
    }
    return Boolean.valueOf(text);
  }

  private static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches() || !UNITS.containsKey(matcher.group(2))) {
      throw new IllegalArgumentException("a duration such as 500 ms, 10 s, 5 min or 1 h");
    }
    return UNITS.get(matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1)));
  }

  private static ArrayList<Long> wholes(String text) {
    ArrayList<Long> values = new ArrayList<>();
    if (!text.isBlank()) {
      for (String item : text.split(",")) {
        values.add(whole(item.strip(), "a list of whole numbers such as [128, 128]"));
      }
    }
    return values;
  }

  /** The text that {@link #read} takes back. */
  static String write(Object value) {
    if (value instanceof Double number) {
      return number(number);
    } else if (value instanceof Duration duration) {
      return duration(duration);
    } else if (value instanceof List<?> list) {
      return list.toString();
    }
    return String.valueOf(value);
  }

  private static String number(double number) {
    if (!Double.isFinite(number)) {
      return NONE;
    }
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  private static String duration(Duration duration) {
    for (Map.Entry<String, Duration> unit : UNITS.entrySet()) {
      long millis = unit.getValue().toMillis();
      if (duration.toMillis() % millis == 0 && duration.toMillis() >= millis) {
        return duration.toMillis() / millis + " " + unit.getKey();
      }
    }
    return duration.toMillis() + " ms";
  }
}
