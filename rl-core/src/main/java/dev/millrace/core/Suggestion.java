package dev.millrace.core;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** The "did you mean" of error messages. */
public final class Suggestion {
  private Suggestion() {}

  /** {@code " (did you mean x?)"} for the nearest candidate, or nothing when none is near. */
  public static String of(String word, Collection<String> candidates) {
    return candidates.stream()
        .min(Comparator.comparingInt(c -> distance(word, c)))
        .filter(c -> distance(word, c) <= Math.max(2, word.length() / 3))
        .map(c -> " (did you mean " + c + "?)")
        .orElse("");
  }

  /** Levenshtein distance without regard to case. */
  private static int distance(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitute, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
