/**
 * Learning as part of a stream: the operator that turns samples into parameters, the one that
 * judges them, and {@link dev.millrace.learner.Learners}, which puts both into a topology.
 */
package dev.millrace.learner;
