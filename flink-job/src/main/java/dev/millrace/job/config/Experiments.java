package dev.millrace.job.config;

import dev.millrace.core.config.Settings;
import java.util.Map;

/** Puts checked values into records. */
final class Experiments {
  private Experiments() {}

  static Experiment of(Settings settings, Pace pace, Map<String, String> flink) {
    return new Experiment(
        settings.get(ExperimentOptions.NAME),
        settings.get(ExperimentOptions.SEED),
        new Experiment.Environments(
            settings.get(ExperimentOptions.ENVIRONMENT_NAME),
            settings.count(ExperimentOptions.ENVIRONMENT_COUNT),
            settings.count(ExperimentOptions.GROUP_SIZE),
            settings.count(ExperimentOptions.MAX_CONSECUTIVE_FAULTS)),
        new Experiment.Actors(
            settings.count(ExperimentOptions.ACTOR_PARALLELISM), pace.stepsPerTicket()),
        settings.get(ExperimentOptions.ALGORITHM),
        new Experiment.Replay(
            settings.get(ExperimentOptions.SAMPLER),
            settings.get(ExperimentOptions.CAPACITY),
            settings.count(ExperimentOptions.SHARDS),
            settings.count(ExperimentOptions.REPLAY_PARALLELISM),
            pace.limiter(),
            settings.get(ExperimentOptions.CACHE_BYTES)),
        new Experiment.Learning(
            settings.count(ExperimentOptions.PREFETCH),
            pace.publishEvery(),
            settings.count(ExperimentOptions.MAX_NON_FINITE),
            settings.get(ExperimentOptions.DEVICE).equals("cuda")),
        new Experiment.Evaluating(
            settings.count(ExperimentOptions.EPISODES_FIRST),
            settings.count(ExperimentOptions.EPISODES),
            settings.get(ExperimentOptions.TARGET_RETURN)),
        settings.get(ExperimentOptions.BUDGET),
        new Experiment.Checkpoints(
            settings.get(ExperimentOptions.CHECKPOINT_INTERVAL),
            settings.get(ExperimentOptions.CHECKPOINT_RETAINED)),
        new Experiment.Records(
            settings.get(ExperimentOptions.RECORDER_INTERVAL),
            settings.get(ExperimentOptions.WAIT_FOR_CLIENT)),
        flink,
        settings);
  }
}
