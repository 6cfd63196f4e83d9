package dev.millrace.deploy.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.deploy.session.JobOnCluster.Restore;
import dev.millrace.job.run.RunProgress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Has faults happen to a training of CartPole, and compares what it then has with the checkpoint
 * that it was restored from.
 */
final class Audit {
  private static final int ENVIRONMENTS = 8;
  private static final int SHARDS = 2;

  /** Steps of an environment that are not in replay yet, since their returns are not known. */
  private static final int N_STEP = 5;

  /** No episode of CartPole is longer. */
  private static final int LONGEST_EPISODE = 500;

  private static final long CALM_MILLIS = 6000;
  private static final int CALM_STEPS = 1000;

  private final Training training;
  private final Reliability table;
  private long sinceMillis = System.currentTimeMillis();
  private long sinceSteps;

  Audit(Training training, Reliability table) {
    this.training = training;
    this.table = table;
  }

  /** Inflicted on a training; returns when recovery can begin, milliseconds since 1970. */
  @FunctionalInterface
  interface Fault {
    long inflict() throws Exception;
  }

  /** What is to happen between recovery and audit. */
  @FunctionalInterface
  interface Sequel {
    void happen() throws Exception;
  }

  /** Environment steps at the end of the last audit. */
  long sinceSteps() {
    return sinceSteps;
  }

  /** Waits until the training has gone on for a while, and left a checkpoint. */
  void calm() {
    training.await(
        "some training",
        () ->
            training.latest().environmentSteps() > sinceSteps + CALM_STEPS
                && System.currentTimeMillis() > sinceMillis + CALM_MILLIS
                && training.job().allTasksRun());
    training.find("a checkpoint", () -> training.job().checkpointAfter(0));
  }

  void survives(String name, Fault fault) throws Exception {
    survives(name, fault, () -> {});
  }

  /**
   * Inflicts a fault, waits until the training goes on, and audits it.
   *
   * @param name in the table
   */
  void survives(String name, Fault fault, Sequel sequel) throws Exception {
    long from = System.currentTimeMillis();
    long end = fault.inflict();
    Restore restore = restore(from);
    Path newer = checkpointAfter(restore);
    SavedTraining before = SavedTraining.read(restore.path(), SHARDS);
    SavedTraining next = SavedTraining.read(newer, SHARDS);
    RunProgress resumed = firstNewStep(restore, before);
    sequel.happen();

    Map<Integer, Long> recorded = Curves.steps(training.own());
    SavedTraining after =
        SavedTraining.read(training.find("a savepoint", training.job()::savepoint), SHARDS);
    table.add(
        new Reliability.Row(
            name,
            Math.max(0, resumed.atMillis() - end) / 1e3,
            repeated(restore, before),
            after.transitions(),
            after.lostSince(before) + after.missing(ENVIRONMENTS),
            after.replay().doubled()));
    assertReplayIsWhole(before, after);
    assertLearningWentOn(before, next, after);
    assertCurves(recorded, after);
    sinceMillis = System.currentTimeMillis();
    sinceSteps = training.latest().environmentSteps();
  }

  private static void assertReplayIsWhole(SavedTraining before, SavedTraining after) {
    assertThat(after.lostSince(before)).as("transitions lost").isZero();
    assertThat(after.missing(ENVIRONMENTS)).as("steps left out").isZero();
    assertThat(after.replay().doubled()).as("transitions doubled").isZero();
    assertThat(after.replay().inserted()).isEqualTo(after.transitions());
    assertThat(after.transitions()).isGreaterThan(before.transitions());
  }

  /**
   * @param next the checkpoint that followed, before most weights have changed
   */
  private static void assertLearningWentOn(
      SavedTraining before, SavedTraining next, SavedTraining after) {
    assertThat(next.reweightedSince(before))
        .as("transitions with another weight than the learner gave them")
        .isLessThanOrEqualTo(next.replay().applied() - before.replay().applied());
    assertThat(next.learner().epoch()).isGreaterThan(before.learner().epoch());
    assertThat(next.learner().step()).isGreaterThanOrEqualTo(before.learner().step());
    assertThat(after.learner().step()).isGreaterThanOrEqualTo(next.learner().step());
  }

  /**
   * Each environment's episodes have its steps: those that ended before the savepoint was asked for
   * no more than are in it, and those that have ended by now all but the present one's.
   */
  private void assertCurves(Map<Integer, Long> recorded, SavedTraining after) throws IOException {
    Curves.assertNothingTwice(training.own());
    Map<Integer, Long> now = Curves.steps(training.own());
    for (int environment = 0; environment < ENVIRONMENTS; environment++) {
      long steps = after.replay().unbrokenSteps(environment);
      assertThat(recorded.get(environment)).as("steps recorded").isLessThanOrEqualTo(steps);
      assertThat(now.get(environment))
          .as("steps recorded")
          .isGreaterThanOrEqualTo(steps - LONGEST_EPISODE);
    }
  }

  /** The last of those after which a checkpoint was completed: it did not fail again. */
  private Restore restore(long fromMillis) {
    return training.find(
        "a restore, and a checkpoint after it",
        () -> {
          Optional<Restore> last =
              training.job().restored().filter(each -> each.atMillis() >= fromMillis);
          return last.isPresent()
                  && training.job().checkpointAfter(last.get().checkpoint()).isPresent()
              ? last
              : Optional.empty();
        });
  }

  private Path checkpointAfter(Restore restore) {
    return training.find(
        "a checkpoint", () -> training.job().checkpointAfter(restore.checkpoint()));
  }

  private RunProgress firstNewStep(Restore restore, SavedTraining before) {
    long known = before.transitions() + (long) ENVIRONMENTS * N_STEP;
    return training.find(
        "a new environment step",
        () ->
            training.between(restore.atMillis(), Long.MAX_VALUE).stream()
                .filter(each -> each.environmentSteps() > known)
                .findFirst());
  }

  private long repeated(Restore restore, SavedTraining before) {
    long taken =
        training.between(0, restore.atMillis()).stream()
            .mapToLong(RunProgress::environmentSteps)
            .max()
            .orElse(0);
    return Math.max(0, taken - before.transitions());
  }
}
