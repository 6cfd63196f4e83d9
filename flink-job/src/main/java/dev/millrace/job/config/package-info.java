/**
 * Configuration: YAML read into {@link dev.millrace.job.config.Experiment} with every problem
 * reported at once.
 */
package dev.millrace.job.config;
