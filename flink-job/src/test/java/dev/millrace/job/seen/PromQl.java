package dev.millrace.job.seen;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads as much of PromQL as it takes to tell metrics from all else that looks like a name:
 * functions, operators, labels, durations. What it does not know it refuses, so that a misspelled
 * function is not taken for a metric.
 */
final class PromQl {
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<space>\\s+|#[^\\n]*)|(?<text>\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*')"
              + "|(?<number>\\d[\\w.]*)|(?<name>[a-zA-Z_:][\\w:]*)|(?<sign>=~|!~|[=!<>]=|[-+*/%^=<>(){}\\[\\],:@]|\\$\\w+)");
  private static final Set<String> AGGREGATIONS =
      Set.of("sum", "max", "min", "avg", "count", "stddev", "topk", "bottomk", "quantile", "group");
  private static final Set<String> FUNCTIONS =
      Set.of(
          "abs",
          "absent",
          "avg_over_time",
          "changes",
          "clamp_max",
          "clamp_min",
          "delta",
          "deriv",
          "idelta",
          "increase",
          "irate",
          "label_replace",
          "label_values",
          "max_over_time",
          "min_over_time",
          "rate",
          "sum_over_time",
          "time",
          "timestamp",
          "vector");
  private static final Set<String> BEFORE_LABELS =
      Set.of("by", "without", "on", "ignoring", "group_left", "group_right");
  private static final Set<String> WORDS =
      Set.of("and", "or", "unless", "offset", "bool", "atan2", "inf", "nan");

  private final Matcher tokens;
  private final String expression;
  private final Set<String> metrics = new TreeSet<>();
  private int position;

  private PromQl(String expression) {
    this.expression = expression;
    tokens = TOKEN.matcher(expression);
  }

  /**
   * Names of the metrics that {@code expression} asks for.
   *
   * @throws IllegalArgumentException if it is not understood
   */
  static Set<String> metrics(String expression) {
    PromQl reader = new PromQl(expression);
    reader.read();
    return reader.metrics;
  }

  private void read() {
    int depth = 0;
    while (next()) {
      String token = tokens.group();
      if (tokens.group("name") != null) {
        read(token);
      } else if (token.equals("{")) {
        skipTo("}");
      } else if (token.equals("[")) {
        skipTo("]");
      } else if (token.equals("(")) {
        depth++;
      } else if (token.equals(")") && --depth < 0) {
        throw misunderstood("a bracket is closed that was not opened");
      }
    }
    if (depth != 0) {
      throw misunderstood("a bracket is not closed");
    }
  }

  private void read(String name) {
    boolean call = expression.startsWith("(", skipSpace(position));
    if (BEFORE_LABELS.contains(name)) {
      skipTo(")");
    } else if (call && !AGGREGATIONS.contains(name) && !WORDS.contains(name)) {
      if (!FUNCTIONS.contains(name)) {
        throw misunderstood(name + " is not a function that is known here");
      }
    } else if (!AGGREGATIONS.contains(name) && !WORDS.contains(name)) {
      metrics.add(name);
    }
  }

  private int skipSpace(int from) {
    int at = from;
    while (at < expression.length() && Character.isWhitespace(expression.charAt(at))) {
      at++;
    }
    return at;
  }

  private void skipTo(String end) {
    while (next()) {
      if (tokens.group().equals(end)) {
        return;
      }
    }
    throw misunderstood(end + " is missing");
  }

  /** Goes to the next token that is not space; it must begin where the last one ended. */
  private boolean next() {
    do {
      if (position == expression.length()) {
        return false;
      }
      tokens.region(position, expression.length());
      if (!tokens.lookingAt()) {
        throw misunderstood("what is \"" + expression.substring(position) + "\"?");
      }
      position = tokens.end();
    } while (tokens.group("space") != null);
    return true;
  }

  private IllegalArgumentException misunderstood(String why) {
    return new IllegalArgumentException(expression + ": " + why);
  }
}
