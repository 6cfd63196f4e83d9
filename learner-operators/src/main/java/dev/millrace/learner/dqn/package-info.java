/** Deep Q-networks. */
package dev.millrace.learner.dqn;
