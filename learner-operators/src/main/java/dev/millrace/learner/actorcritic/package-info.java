/** Policies and critics that learn from trajectories, each in turn. */
package dev.millrace.learner.actorcritic;
