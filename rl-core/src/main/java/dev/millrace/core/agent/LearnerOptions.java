package dev.millrace.core.agent;

import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import dev.millrace.core.math.Optimizer;
import java.util.List;

/** The options that learners share, whatever their algorithm. */
public final class LearnerOptions {
  public static final Option<Double> DISCOUNT =
      Option.declare("algorithm.discount")
          .number(0.99)
          .within(0, 1)
          .says("Worth of a reward one step later, relative to now.");

  public static final Option<Long> BATCH_SIZE =
      Option.declare("learner.batch-size")
          .whole(64)
          .from(1)
          .says("Transitions in one update, or in each of its minibatches.");

  public static final Option<Double> LEARNING_RATE =
      Option.declare("learner.learning-rate")
          .number(1e-3)
          .above(0)
          .says("The optimizer's step size.");

  public static final Option<String> OPTIMIZER =
      Option.declare("learner.optimizer")
          .text("adam")
          .oneOf("adam", "rmsprop")
          .fixedForTheRun()
          .says("How gradients become steps.");

  public static final Option<Double> GRADIENT_CLIP =
      Option.declare("learner.gradient-clip")
          .number(10)
          .above(0)
          .says("Gradients are scaled down to this global norm when theirs is greater.");

  private LearnerOptions() {}

  /** The optimizer that {@code settings} ask for, over {@code parameters} of them. */
  public static Optimizer optimizer(Settings settings, int parameters) {
    double learningRate = settings.get(LEARNING_RATE);
    return settings.get(OPTIMIZER).equals("adam")
        ? Optimizer.adam(parameters, learningRate, 0.9, 0.999, 1e-8)
        : Optimizer.rmsProp(parameters, learningRate, 0.99, 1e-8);
  }

  /** All of them. */
  public static List<Option<?>> all() {
    return List.of(BATCH_SIZE, LEARNING_RATE, OPTIMIZER, GRADIENT_CLIP);
  }
}
