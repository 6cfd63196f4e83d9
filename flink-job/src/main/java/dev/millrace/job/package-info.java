/** The composition root: the only place that knows the parts form a loop. */
package dev.millrace.job;
