package dev.millrace.core.experience;

import dev.millrace.core.policy.ParameterVersion;

/**
 * What an agent remembers of one step, or of {@code n} folded into one: {@code (s_tm1, a_tm1, r_t,
 * discount_t, s_t)}.
 *
 * @param environment the experiment-wide number of the environment, from 0
 * @param step the environment's own step count when {@code action} was taken: every step of an
 *     environment begins exactly one transition, so {@code (environment, step)} identifies it
 * @param version of the parameters that chose the action
 * @param observation {@code float[D]}, s_tm1
 * @param action {@code float[A]}, a_tm1
 * @param reward r_t, discounted and summed over the steps in between
 * @param discount of what follows s_t: the product over the steps in between, 0 if terminal
 * @param nextObservation {@code float[D]}, s_t
 * @param priority initial priority, as an absolute TD error; NaN if the actor cannot tell, and then
 *     the replay takes the greatest it has seen
 */
public record Transition(
    int environment,
    long step,
    ParameterVersion version,
    float[] observation,
    float[] action,
    float reward,
    float discount,
    float[] nextObservation,
    float priority)
    implements Experience {

  @Override
  public int steps() {
    return 1;
  }
}
