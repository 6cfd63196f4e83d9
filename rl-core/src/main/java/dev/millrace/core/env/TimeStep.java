package dev.millrace.core.env;

/**
 * What an environment answers, after dm_env: termination is a discount of 0, truncation ends the
 * episode and keeps its discount.
 *
 * @param kind where in its episode the step stands
 * @param observation {@code float[D]}, owned by the receiver
 * @param reward of the action that led here; 0 on the first step
 * @param discount 0 if the episode terminated here, otherwise 1
 */
public record TimeStep(Kind kind, float[] observation, float reward, float discount) {
  public enum Kind {
    FIRST,
    MID,
    LAST
  }

  /** The first step of an episode. */
  public static TimeStep first(float[] observation) {
    return new TimeStep(Kind.FIRST, observation, 0f, 1f);
  }

  /** A step inside an episode. */
  public static TimeStep mid(float[] observation, float reward) {
    return new TimeStep(Kind.MID, observation, reward, 1f);
  }

  /** The episode ended because a terminal state was reached: nothing follows. */
  public static TimeStep terminated(float[] observation, float reward) {
    return new TimeStep(Kind.LAST, observation, reward, 0f);
  }

  /**
   * The episode was cut short, by a time limit say: the value of what would follow still counts.
   */
  public static TimeStep truncated(float[] observation, float reward) {
    return new TimeStep(Kind.LAST, observation, reward, 1f);
  }

  public boolean last() {
    return kind == Kind.LAST;
  }
}
