package dev.millrace.streams;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/** The JVM's inboxes in use, by edge, execution graph, attempt and subtask. */
final class Inboxes {
  private record Key(String edge, String graph, int attempt, int subtask) {}

  private static final ConcurrentHashMap<Key, Place<?>> PLACES = new ConcurrentHashMap<>();

  private Inboxes() {}

  /**
   * The receiver's end.
   *
   * @throws SuppressRestartsException if the tail is not beside it
   */
  static <T> Place<T> receive(String edge, TaskAttempt task, Supplier<Inbox<T>> inbox) {
    Place<T> place = acquire(edge, task, inbox);
    place.receiver = task;
    return place.checked();
  }

  /**
   * The tail's end.
   *
   * @throws SuppressRestartsException if the receiver is not beside it
   */
  static <T> Place<T> feed(String edge, TaskAttempt task, Supplier<Inbox<T>> inbox) {
    Place<T> place = acquire(edge, task, inbox);
    place.tail = task;
    return place.checked();
  }

  @SuppressWarnings("unchecked")
  private static <T> Place<T> acquire(String edge, TaskAttempt task, Supplier<Inbox<T>> inbox) {
    Key key = new Key(edge, task.graph(), task.attempt(), task.subtask());
    return (Place<T>)
        PLACES.compute(
            key,
            (ignored, place) -> {
              Place<?> used = place == null ? new Place<>(key, inbox.get()) : place;
              used.users++;
              return used;
            });
  }

  /** How many inboxes are in use; none once every job in this JVM has ended. */
  static int inUse() {
    return PLACES.size();
  }

  /** An inbox and who uses it. */
  static final class Place<T> implements AutoCloseable {
    private final Key key;
    private final Inbox<T> inbox;
    private int users;
    private volatile TaskAttempt receiver;
    private volatile TaskAttempt tail;

    private Place(Key key, Inbox<T> inbox) {
      this.key = key;
      this.inbox = inbox;
    }

    Inbox<T> inbox() {
      return inbox;
    }

    /** The receiving task, or null before it has opened. */
    TaskAttempt receiver() {
      return receiver;
    }

    /** Whichever end opens last finds a mismatch; it stays, so it is final. */
    private Place<T> checked() {
      TaskAttempt from = tail;
      TaskAttempt to = receiver;
      if (from == null || to == null) {
        return this;
      }
      boolean sameSlot =
          to.slot().isEmpty() || from.slot().isEmpty() || to.slot().equals(from.slot());
      if (to.parallelism() != from.parallelism() || !sameSlot) {
        close();
        throw new SuppressRestartsException(
            new IllegalStateException(
                "feedback %s: the tail is %s; its receiver is %s: both must have the same parallelism and slot, or values would be lost; rescale them together, leave their co-location group alone, and name both in job.autoscaler.vertex.exclude.ids, as `millrace size` prints it"
                    .formatted(key.edge, from, to)));
      }
      return this;
    }

    @Override
    public void close() {
      PLACES.computeIfPresent(
          key, (ignored, place) -> place == this && --users == 0 ? null : place);
    }
  }
}
