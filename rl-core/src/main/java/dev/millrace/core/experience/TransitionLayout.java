package dev.millrace.core.experience;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Transitions as fixed-width bytes, for storing. Little-endian, without padding:
 *
 * <pre>
 *   environment  step   observation  action   reward  discount  nextObservation
 *   int          long   float[D]     float[A] float   float     float[D]
 * </pre>
 *
 * <p>The version that chose the action and the priority are not part of it: a replay keeps the one
 * per shard and the other in its tree.
 *
 * @param observationSize floats in an observation, D
 * @param actionSize floats in an action, A
 */
public record TransitionLayout(int observationSize, int actionSize) {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ORDER);
  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ORDER);
  private static final VarHandle FLOAT = MethodHandles.byteArrayViewVarHandle(float[].class, ORDER);

  private static final int STEP_AT = Integer.BYTES;
  private static final int OBSERVATION_AT = STEP_AT + Long.BYTES;

  /** From this many floats on, wrapping a buffer costs less than it saves. */
  private static final int BULK = 32;

  public TransitionLayout {
    if (observationSize < 1 || actionSize < 1) {
      throw new IllegalArgumentException(
          "transition layout observationSize=%d, actionSize=%d: must be at least 1"
              .formatted(observationSize, actionSize));
    }
    int most = (Integer.MAX_VALUE - OBSERVATION_AT) / Float.BYTES;
    if (2L * observationSize + actionSize + 2 > most) {
      throw new IllegalArgumentException(
          "transition layout observationSize=%d, actionSize=%d: one transition must fit a byte array of 2 GiB"
              .formatted(observationSize, actionSize));
    }
  }

  /** Bytes that one transition takes. */
  public int bytes() {
    return OBSERVATION_AT + (2 * observationSize + actionSize + 2) * Float.BYTES;
  }

  /**
   * Writes {@code transition} to {@code bytes()} bytes from {@code offset}.
   *
   * @throws IllegalArgumentException if the transition's widths are not the layout's
   */
  public void write(Transition transition, byte[] dst, int offset) {
    if (transition.observation().length != observationSize
        || transition.nextObservation().length != observationSize
        || transition.action().length != actionSize) {
      throw new IllegalArgumentException(
          "transition of environment %d has observation[%d], action[%d], nextObservation[%d]: must be as wide as its layout, observation[%d] and action[%d]"
              .formatted(
                  transition.environment(),
                  transition.observation().length,
                  transition.action().length,
                  transition.nextObservation().length,
                  observationSize,
                  actionSize));
    }
    INT.set(dst, offset, transition.environment());
    LONG.set(dst, offset + STEP_AT, transition.step());
    int at = put(transition.observation(), dst, offset + OBSERVATION_AT);
    at = put(transition.action(), dst, at);
    FLOAT.set(dst, at, transition.reward());
    FLOAT.set(dst, at + Float.BYTES, transition.discount());
    put(transition.nextObservation(), dst, at + 2 * Float.BYTES);
  }

  /**
   * Reads the transition at {@code offset} into row {@code row} of the batch's columns {@code
   * observations}, {@code actions}, {@code rewards}, {@code discounts}, {@code nextObservations}.
   * The batch's widths must be the layout's.
   */
  public void read(byte[] src, int offset, SampleBatch batch, int row) {
    int at = offset + OBSERVATION_AT;
    at = get(src, at, batch.observations(), row * observationSize, observationSize);
    at = get(src, at, batch.actions(), row * actionSize, actionSize);
    batch.rewards()[row] = (float) FLOAT.get(src, at);
    batch.discounts()[row] = (float) FLOAT.get(src, at + Float.BYTES);
    at += 2 * Float.BYTES;
    get(src, at, batch.nextObservations(), row * observationSize, observationSize);
  }

  /** The environment of the transition at {@code offset}. */
  public int environment(byte[] src, int offset) {
    return (int) INT.get(src, offset);
  }

  /** The environment's step count of the transition at {@code offset}. */
  public long step(byte[] src, int offset) {
    return (long) LONG.get(src, offset + STEP_AT);
  }

  private static int put(float[] values, byte[] dst, int at) {
    int bytes = values.length * Float.BYTES;
    if (values.length >= BULK) {
      ByteBuffer.wrap(dst, at, bytes).order(ORDER).asFloatBuffer().put(values);
    } else {
      for (int i = 0; i < values.length; i++) {
        FLOAT.set(dst, at + i * Float.BYTES, values[i]);
      }
    }
    return at + bytes;
  }

  private static int get(byte[] src, int at, float[] values, int from, int count) {
    int bytes = count * Float.BYTES;
    if (count >= BULK) {
      ByteBuffer.wrap(src, at, bytes).order(ORDER).asFloatBuffer().get(values, from, count);
    } else {
      for (int i = 0; i < count; i++) {
        values[from + i] = (float) FLOAT.get(src, at + i * Float.BYTES);
      }
    }
    return at + bytes;
  }
}
