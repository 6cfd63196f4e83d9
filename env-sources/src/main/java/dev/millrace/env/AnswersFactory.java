package dev.millrace.env;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.experience.Experience;
import java.io.Serializable;

/** Makes a task's {@link Answers}. */
@FunctionalInterface
interface AnswersFactory<A extends Agent, E extends Experience, O> extends Serializable {

  Answers<E, O> answers(ActorSpec actors, EnvironmentProvider provider, A agent);
}
