/** Networks on ND4J: the only package that knows a numerical backend. */
package dev.millrace.learner.network;
