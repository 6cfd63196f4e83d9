/** A run: its folder, what is recorded there, and what the one who watches it sees. */
package dev.millrace.job.run;
