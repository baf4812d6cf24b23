package org.tfddpm.spec;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** What to say of a name that does not exist. */
public final class Names {
  private Names() {}

  /**
   * The end of an error message: {@code ; did you mean "x"?} where one of the names is near to what
   * was asked for, {@code ; known are a, b, c} where none is.
   */
  public static String suggest(String asked, Collection<String> known) {
    String wanted = asked.toLowerCase(Locale.ROOT);
    return known.stream()
        .min(Comparator.comparingInt(name -> distance(wanted, name.toLowerCase(Locale.ROOT))))
        .filter(name -> isNear(wanted, name.toLowerCase(Locale.ROOT)))
        .map(name -> "; did you mean \"" + name + "\"?")
        .orElse("; known are " + String.join(", ", known));
  }

  private static boolean isNear(String asked, String name) {
    return distance(asked, name) <= Math.max(2, name.length() / 3)
        || (asked.length() >= 3 && name.contains(asked))
        || (name.length() >= 3 && asked.contains(name));
  }

  /** Levenshtein's distance: insertions, deletions and replacements between two words. */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(previous[j], row[j - 1]));
      }
      previous = row;
    }
    return previous[b.length()];
  }
}
