package dev.millrace.job.config;

import dev.millrace.core.agent.RateLimiter;

/**
 * What keeps acting and learning in step, where the configuration left it to be chosen.
 *
 * @param stepsPerTicket steps each environment of a group takes for one ticket
 * @param limiter how far acting may run ahead of learning
 * @param publishEvery updates between two publications of parameters
 */
record Pace(int stepsPerTicket, RateLimiter limiter, int publishEvery) {}
