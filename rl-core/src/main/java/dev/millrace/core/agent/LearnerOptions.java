package dev.millrace.core.agent;

import dev.millrace.core.config.Option;
import java.util.List;

/** The options that learners share, whatever their algorithm. */
public final class LearnerOptions {
  public static final Option<Long> BATCH_SIZE =
      Option.declare("learner.batch-size").whole(64).from(1).says("Transitions in one update.");

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

  /** All of them. */
  public static List<Option<?>> all() {
    return List.of(BATCH_SIZE, LEARNING_RATE, OPTIMIZER, GRADIENT_CLIP);
  }
}
