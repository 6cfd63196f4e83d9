package dev.millrace.job.simulation;

import java.util.ArrayDeque;
import java.util.Arrays;

/** A forward edge: ordered, reliable and bounded, as Flink's are. */
final class Channel {
  /** Separates what a checkpoint contains from what it does not. */
  record Barrier(int checkpoint) {}

  private final ArrayDeque<Object> elements = new ArrayDeque<>();
  private final int capacity;

  Channel(int capacity) {
    this.capacity = capacity;
  }

  private boolean full() {
    return elements.size() >= capacity;
  }

  boolean isEmpty() {
    return elements.isEmpty();
  }

  Object poll() {
    return elements.poll();
  }

  /** What a task has emitted and channels have not yet taken: while there is any, it waits. */
  static final class Outbox {
    private record Emitted(Channel channel, Object element) {}

    private final ArrayDeque<Emitted> waiting = new ArrayDeque<>();

    void emit(Channel channel, Object element) {
      waiting.add(new Emitted(channel, element));
    }

    void emit(Channel[] channels, Object element) {
      for (Channel channel : channels) {
        emit(channel, element);
      }
    }

    /** Hands on what channels have room for, in order; whether nothing is left. */
    boolean flush() {
      while (!waiting.isEmpty() && !waiting.peek().channel.full()) {
        Emitted next = waiting.poll();
        next.channel.elements.add(next.element);
      }
      return waiting.isEmpty();
    }
  }

  /** The inputs of a task that waits, at a barrier, for the same barrier on all of them. */
  static final class Aligned {
    private final Channel[] channels;
    private final boolean[] blocked;
    private final boolean blocking;
    private int arrived;

    Aligned(Channel[] channels, boolean blocking) {
      this.blocking = blocking;
      this.channels = channels;
      this.blocked = new boolean[channels.length];
    }

    /**
     * The next element of a channel chosen by {@code from}; the barrier once it has come on all
     * channels; null if there is nothing to do on this one.
     */
    Object poll(int from) {
      Channel channel = channels[from];
      if (blocked[from] || channel.isEmpty()) {
        return null;
      }
      Object element = channel.poll();
      if (!(element instanceof Barrier)) {
        return element;
      }
      blocked[from] = blocking;
      if (++arrived < channels.length) {
        return null;
      }
      Arrays.fill(blocked, false);
      arrived = 0;
      return element;
    }

    int count() {
      return channels.length;
    }
  }
}
