/**
 * The maths of learning: functions of arrays, without state except in {@link
 * dev.millrace.core.math.Optimizer}, {@link dev.millrace.core.math.RunningMoments} and {@link
 * dev.millrace.core.math.SeededRandom}.
 *
 * <p>The notation is rlax's. A step leads from time {@code t-1}, written {@code Tm1}, to time
 * {@code t}, written {@code T}:
 *
 * <ul>
 *   <li>{@code aTm1} the action taken in state {@code s_(t-1)}, the index of a discrete one as
 *       {@code float[B]};
 *   <li>{@code rT} the reward that followed, {@code float[B]};
 *   <li>{@code discountT} what the values after {@code s_t} count, {@code float[B]}: gamma, or a
 *       product of several, and 0 if {@code s_t} is terminal;
 *   <li>{@code qTm1}, {@code qT} action values in {@code s_(t-1)} and {@code s_t}, {@code float[B ×
 *       A]} row by row; {@code vTm1}, {@code vT} state values, {@code float[B]};
 *   <li>{@code B} transitions in a batch, or steps in a sequence; {@code A} actions.
 * </ul>
 *
 * <p>A loss is a value and its gradient; a function called {@code backpropagate} multiplies a
 * gradient with respect to its results into one with respect to its arguments. Every function
 * checks shapes first and throws {@link java.lang.IllegalArgumentException}.
 */
package dev.millrace.core.math;
