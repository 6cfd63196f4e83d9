package dev.millrace.job.simulation;

import dev.millrace.core.experience.PriorityUpdates;
import java.util.Arrays;

/** The latest events of a schedule, written out only if it fails. */
final class Trace {
  private static final int KEPT = 60;

  private record Event(long turn, String what, Object about) {}

  private final Event[] events = new Event[KEPT];
  private int count;
  long turn;

  void add(String what, Object about) {
    events[count++ % KEPT] = new Event(turn, what, about);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = Math.max(0, count - KEPT); i < count; i++) {
      Event event = events[i % KEPT];
      text.append("  %6d  %-22s %s%n".formatted(event.turn, event.what, told(event.about)));
    }
    return text.toString();
  }

  private static Object told(Object about) {
    return about instanceof PriorityUpdates updates
        ? "shard=%d, epoch=%d, numbers=%s"
            .formatted(updates.shard(), updates.epoch(), Arrays.toString(updates.insertNumbers()))
        : about;
  }
}
