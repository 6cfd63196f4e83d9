/** Environments, and the ticket source and actors that step them inside a Flink job. */
package dev.millrace.env;
