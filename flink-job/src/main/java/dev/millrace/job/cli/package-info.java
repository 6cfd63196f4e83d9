/** The command line. */
package dev.millrace.job.cli;
