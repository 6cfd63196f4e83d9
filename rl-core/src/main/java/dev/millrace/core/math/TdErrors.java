package dev.millrace.core.math;

/** Temporal-difference errors of action values: target less prediction. */
public final class TdErrors {
  private TdErrors() {}

  /**
   * {@code rT + discountT * max_a qT(a) - qTm1(aTm1)} (Watkins and Dayan 1992, "Q-learning", eq. 1;
   * with target network values in {@code qT}, Mnih et al. 2015, "Human-level control through deep
   * reinforcement learning", eq. 1).
   *
   * @return {@code float[B]}
   */
  public static float[] qLearning(
      float[] qTm1, float[] aTm1, float[] rT, float[] discountT, float[] qT) {
    return doubleQLearning(qTm1, aTm1, rT, discountT, qT, qT);
  }

  /**
   * {@code rT + discountT * qTValue(argmax_a qTSelector(a)) - qTm1(aTm1)} (van Hasselt, Guez and
   * Silver 2016, "Deep Reinforcement Learning with Double Q-learning", eq. 4). Of equal values the
   * first action is selected.
   *
   * @param qTValue what the selected action is worth: the target network's values
   * @param qTSelector what selects it: the online network's values
   * @return {@code float[B]}
   */
  public static float[] doubleQLearning(
      float[] qTm1,
      float[] aTm1,
      float[] rT,
      float[] discountT,
      float[] qTValue,
      float[] qTSelector) {
    int count = rT.length;
    int actions = Shapes.columns("qTm1", qTm1.length, count);
    Shapes.require("aTm1", aTm1.length, count, "one for each transition in rT");
    Shapes.require("discountT", discountT.length, count, "one for each transition in rT");
    Shapes.require("qTValue", qTValue.length, qTm1.length, "as qTm1 has");
    Shapes.require("qTSelector", qTSelector.length, qTm1.length, "as qTm1 has");
    float[] errors = new float[count];
    for (int i = 0; i < count; i++) {
      int row = i * actions;
      int selected = 0;
      for (int a = 1; a < actions; a++) {
        if (qTSelector[row + a] > qTSelector[row + selected]) {
          selected = a;
        }
      }
      float bootstrap = discountT[i] == 0 ? 0 : discountT[i] * qTValue[row + selected];
      errors[i] = rT[i] + bootstrap - qTm1[row + Shapes.action(aTm1, i, actions)];
    }
    return errors;
  }

  /**
   * The gradient with respect to {@code qTm1}, given that with respect to the errors. The target is
   * a constant (Mnih et al. 2015, eq. 3), so only the value of the action taken moves, and against
   * the error.
   *
   * @param errorGradients {@code float[B]}
   * @param actions A
   * @return {@code float[B × A]}
   */
  public static float[] backpropagate(float[] errorGradients, float[] aTm1, int actions) {
    int count = errorGradients.length;
    Shapes.require("aTm1", aTm1.length, count, "one for each error");
    float[] gradients = new float[count * actions];
    for (int i = 0; i < count; i++) {
      gradients[i * actions + Shapes.action(aTm1, i, actions)] = -errorGradients[i];
    }
    return gradients;
  }
}
