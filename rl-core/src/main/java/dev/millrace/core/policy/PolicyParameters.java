package dev.millrace.core.policy;

/**
 * The parameters an actor acts with. The array is shared, never written to after publication.
 *
 * @param version which they are
 * @param environmentSteps how many transitions the replay had accepted when they were published
 * @param publishedAtMillis wall-clock time of publication, milliseconds since 1970
 * @param values the policy's flat parameter vector
 */
public record PolicyParameters(
    ParameterVersion version, long environmentSteps, long publishedAtMillis, float[] values) {}
