package dev.millrace.job.simulation;

import dev.millrace.core.math.SeededRandom;
import java.util.ArrayList;
import java.util.List;

/** The edges against the stream: a message may be lost, late, doubled or overtaken by another. */
final class Feedback {
  enum Edge {
    PROGRESS,
    PARAMETERS,
    CREDITS,
    PRIORITIES
  }

  /**
   * @param life in which it was sent
   * @param notBefore turn at which it may arrive
   */
  record Message(Edge edge, int receiver, Object value, int life, long notBefore) {}

  private static final int IN_FLIGHT = 200;
  private static final int LATE = 2000;

  private final Conditions conditions;
  private final SeededRandom random;
  private final Trace trace;
  private final Tally tally;
  private final List<Message> messages = new ArrayList<>();
  int life;

  Feedback(Conditions conditions, SeededRandom random, Trace trace, Tally tally) {
    this.conditions = conditions;
    this.random = random;
    this.trace = trace;
    this.tally = tally;
  }

  void send(Edge edge, int receiver, Object value) {
    tally.sent++;
    if (random.nextDouble() < conditions.dropRate) {
      tally.dropped++;
      return;
    }
    boolean late = random.nextDouble() < conditions.lateRate;
    put(new Message(edge, receiver, value, life, late ? trace.turn + random.nextInt(LATE) : 0));
    if (random.nextDouble() < conditions.doubleRate) {
      put(new Message(edge, receiver, value, life, trace.turn + random.nextInt(LATE)));
    }
  }

  private void put(Message message) {
    if (messages.size() == IN_FLIGHT) {
      messages.set(random.nextInt(IN_FLIGHT), message);
    } else {
      messages.add(message);
    }
  }

  /** A message that arrives now, or null. */
  Message next() {
    if (messages.isEmpty()) {
      return null;
    }
    int chosen = random.nextInt(messages.size());
    Message message = messages.get(chosen);
    if (message.notBefore > trace.turn) {
      return null;
    }
    Message last = messages.remove(messages.size() - 1);
    if (chosen < messages.size()) {
      messages.set(chosen, last);
    }
    return message;
  }

  /** Some messages outlive the crash of those who sent them. */
  void crash() {
    messages.removeIf(message -> random.nextDouble() >= conditions.outliveRate);
  }
}
