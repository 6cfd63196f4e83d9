/**
 * A client's side of a job that runs elsewhere, or in this process: attends it, keeps a copy of its
 * run folder, stops it with a savepoint.
 */
package dev.millrace.job.client;
