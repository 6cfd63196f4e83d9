package dev.millrace.core.policy;

import dev.millrace.core.env.Space;
import dev.millrace.core.math.TanhSquash;

/** Brings what a distribution drew into an environment's action space. */
@FunctionalInterface
public interface ActionMap {
  /** For a distribution over the choices of a discrete space. */
  ActionMap SAME = (raw, row, actions) -> actions[row] = raw[row];

  /**
   * Maps row {@code row}.
   *
   * @param raw {@code float[rows × A]}
   * @param actions {@code float[rows × A]}, of which one row is filled in
   */
  void apply(float[] raw, int row, float[] actions);

  /** What lies outside of {@code box} becomes the nearest action in it. */
  static ActionMap clipped(Space.Box box) {
    return (raw, row, actions) -> {
      int at = row * box.size();
      for (int i = 0; i < box.size(); i++) {
        actions[at + i] = Math.max(box.low()[i], Math.min(box.high()[i], raw[at + i]));
      }
    };
  }

  /**
   * The whole line becomes the inside of {@code box}, as {@link TanhSquash} says.
   *
   * @throws IllegalArgumentException if the box is not bounded
   */
  static ActionMap squashed(Space.Box box) {
    return new TanhSquash(box.low(), box.high())::squash;
  }
}
