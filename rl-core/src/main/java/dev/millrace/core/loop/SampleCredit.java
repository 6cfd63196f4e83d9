package dev.millrace.core.loop;

/**
 * "Shard {@code shard} may have sampled up to {@code granted} transitions." Absolute: the greatest
 * of the newest epoch is all that matters.
 *
 * @param shard which
 * @param shardEpoch echoed from the shard's progress; a shard that opened since takes no notice
 * @param learnerEpoch of the learner that grants; an older learner's word no longer counts
 * @param granted in transitions, on the scale of {@link Progress.Shard#sampled()}
 * @param batchSize transitions per batch
 */
public record SampleCredit(
    int shard, long shardEpoch, long learnerEpoch, long granted, int batchSize) {}
