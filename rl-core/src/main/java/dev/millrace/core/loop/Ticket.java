package dev.millrace.core.loop;

/**
 * "Advance environment group {@code group} by {@code steps} steps each."
 *
 * @param group which environments
 * @param number the group's tickets are numbered from 1, without gaps
 * @param steps steps for every environment of the group
 * @param environmentSteps the experiment's clock: steps issued before this ticket, over all groups,
 *     less those known to be spared. In lock-step too it depends on which group answered first, so
 *     nothing that must be reproducible may hang on it
 * @param atLeastStep the actor waits for parameters of this learner step, or later ones; 0 if any
 *     will do
 */
public record Ticket(int group, long number, int steps, long environmentSteps, long atLeastStep) {}
