package dev.millrace.core.loop;

import dev.millrace.core.policy.ParameterVersion;

/**
 * "Advance environment group {@code group} by {@code steps} steps each."
 *
 * @param group which environments
 * @param number the group's tickets are numbered from 1, without gaps
 * @param steps steps for every environment of the group
 * @param environmentSteps the experiment's clock: steps issued before this ticket, over all groups
 * @param atLeast parameters the actor must have before it acts; NONE if any will do
 */
public record Ticket(
    int group, long number, int steps, long environmentSteps, ParameterVersion atLeast) {}
