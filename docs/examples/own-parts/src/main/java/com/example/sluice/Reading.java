package com.example.sluice;

/**
 * A line of the mill's log: what the level was and how the sluice was then set.
 *
 * @param pond which of the mill's ponds
 * @param tick counts the pond's readings
 * @param level 0 for dry, {@link Sluice#LEVELS} - 1 for over
 * @param action 0 shut, 1 open
 */
public record Reading(int pond, long tick, int level, int action) {}
