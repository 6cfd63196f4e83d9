package dev.millrace.streams;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Where values wait in memory between a feedback edge's tail, which never blocks, and the operator
 * they are for, which drains it between records. Values are not checkpointed: a lost one must only
 * be a delay.
 *
 * <p>Two kinds: {@link #latest} keeps the newest value of each producer; {@link #bounded} keeps the
 * newest {@code capacity} values and counts what it dropped.
 */
public abstract sealed class Inbox<T> {
  private Runnable wake;
  private boolean woken;
  private long dropped;

  /** An inbox in which a newer value of the same producer replaces an older one. */
  public static <T> Inbox<T> latest(Function<? super T, ?> producer) {
    return new Latest<>(producer);
  }

  /**
   * An inbox in which the oldest value gives way when it is full.
   *
   * @throws IllegalArgumentException if {@code capacity} is below 1
   */
  public static <T> Inbox<T> bounded(int capacity) {
    return new Bounded<>(capacity);
  }

  /** Puts a value in; called by the tail. Wakes the receiver once until it next drains. */
  public void offer(T value) {
    Runnable call = null;
    synchronized (this) {
      put(value);
      if (wake != null && !woken) {
        woken = true;
        call = wake;
      }
    }
    if (call != null) {
      call(call);
    }
  }

  /**
   * Has {@code wake} called, on the tail's thread, whenever values are waiting. It must only
   * enqueue, as {@code MailboxExecutor.execute} does.
   */
  public void onArrival(Runnable wake) {
    boolean waiting;
    synchronized (this) {
      this.wake = wake;
      waiting = !empty();
      woken = waiting;
    }
    if (waiting) {
      call(wake);
    }
  }

  private static void call(Runnable wake) {
    try {
      wake.run();
    } catch (RejectedExecutionException closing) {
      // The receiver's task is shutting down; what is in the inbox goes with it.
    }
  }

  /** Hands everything that waits to {@code receiver}, oldest first; called by the receiver. */
  public void drain(Consumer<? super T> receiver) {
    Iterable<T> values;
    synchronized (this) {
      woken = false;
      if (empty()) {
        return;
      }
      values = takeAll();
    }
    values.forEach(receiver);
  }

  /** Values that gave way to newer ones because the inbox was full. */
  public synchronized long dropped() {
    return dropped;
  }

  abstract void put(T value);

  abstract boolean empty();

  abstract Iterable<T> takeAll();

  private static final class Latest<T> extends Inbox<T> {
    private final Function<? super T, ?> producer;
    private Map<Object, T> values = new LinkedHashMap<>();

    private Latest(Function<? super T, ?> producer) {
      this.producer = producer;
    }

    @Override
    void put(T value) {
      values.put(producer.apply(value), value);
    }

    @Override
    boolean empty() {
      return values.isEmpty();
    }

    @Override
    Iterable<T> takeAll() {
      Map<Object, T> taken = values;
      values = new LinkedHashMap<>();
      return taken.values();
    }
  }

  private static final class Bounded<T> extends Inbox<T> {
    private final int capacity;
    private ArrayDeque<T> values = new ArrayDeque<>();

    private Bounded(int capacity) {
      if (capacity < 1) {
        throw new IllegalArgumentException(
            "inbox capacity=%d: must be at least 1".formatted(capacity));
      }
      this.capacity = capacity;
    }

    @Override
    void put(T value) {
      if (values.size() == capacity) {
        values.poll();
        super.dropped++;
      }
      values.add(value);
    }

    @Override
    boolean empty() {
      return values.isEmpty();
    }

    @Override
    Iterable<T> takeAll() {
      ArrayDeque<T> taken = values;
      values = new ArrayDeque<>();
      return taken;
    }
  }
}
