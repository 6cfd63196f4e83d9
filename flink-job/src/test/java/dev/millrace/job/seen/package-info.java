/** What an operator of the job sees: metrics, dashboard, alert rules, and the page about them. */
package dev.millrace.job.seen;
