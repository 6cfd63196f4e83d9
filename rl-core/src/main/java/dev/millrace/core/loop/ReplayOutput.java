package dev.millrace.core.loop;

import dev.millrace.core.experience.SampleBatch;

/**
 * What a replay shard tells the learner: where it stands, and often a batch with it.
 *
 * @param progress after the batch was drawn
 * @param batch null when there is only progress to tell
 */
public record ReplayOutput(Progress.Shard progress, SampleBatch batch) {}
