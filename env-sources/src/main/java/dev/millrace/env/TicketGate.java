package dev.millrace.env;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How a client stops the tickets of a job that runs in its own JVM. While a client holds the gate,
 * a run whose tickets were stopped, by the gate or because the target is reached, stays up for the
 * client to take its savepoint, rather than finish. In any other JVM the gate has no effect.
 *
 * <pre>{@code
 * try (TicketGate gate = TicketGate.hold()) {
 *   Tickets tickets = Tickets.issue(env, plan, fingerprint, gate.id());
 *   …
 *   gate.shut();
 *   job.stopWithSavepoint(…);
 * }
 * }</pre>
 */
public final class TicketGate implements AutoCloseable {
  private static final Map<String, TicketGate> HELD = new ConcurrentHashMap<>();

  private final String id = UUID.randomUUID().toString();
  private Runnable changed = () -> {};
  private boolean shut;

  private TicketGate() {}

  /** A gate that stands open until {@link #shut}. */
  public static TicketGate hold() {
    TicketGate gate = new TicketGate();
    HELD.put(gate.id, gate);
    return gate;
  }

  /** The gate of that id if a client in this JVM holds it, otherwise null. */
  static TicketGate held(String id) {
    return id == null ? null : HELD.get(id);
  }

  /** What the source knows this gate by. */
  public String id() {
    return id;
  }

  /** No further ticket, through restarts of the job too. */
  public void shut() {
    synchronized (this) {
      shut = true;
    }
    changed().run();
  }

  synchronized boolean isShut() {
    return shut;
  }

  /** Has {@code changed} called, in the client's thread, when the gate is shut or let go. */
  synchronized void onChange(Runnable changed) {
    this.changed = changed;
  }

  private synchronized Runnable changed() {
    return changed;
  }

  /** Lets go: a run whose tickets were stopped finishes by itself from now on. */
  @Override
  public void close() {
    HELD.remove(id);
    changed().run();
  }
}
