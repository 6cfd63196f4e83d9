package dev.millrace.job.run;

/**
 * Where a run stands: what the live line shows. NaN where nothing is known yet.
 *
 * @param atMillis when it was so, milliseconds since 1970
 * @param environmentSteps taken so far
 * @param updates applied so far
 * @param meanReturn of the last 100 training episodes
 * @param bestEvaluation mean return of the best decisive evaluation
 * @param replaySize transitions held
 * @param samplesPerInsert sampled over inserted
 * @param policyLag updates between the learner and the parameters the newest transition came from
 * @param checkpoints completed so far
 * @param checkpointAtMillis when the last one was completed; 0 if none was
 * @param restarts of the job so far
 */
public record RunProgress(
    long atMillis,
    long environmentSteps,
    long updates,
    double meanReturn,
    double bestEvaluation,
    long replaySize,
    double samplesPerInsert,
    double policyLag,
    long checkpoints,
    long checkpointAtMillis,
    long restarts) {}
