package dev.millrace.core;

/** Something a configuration can name: an algorithm, an environment, a sampler. */
public interface Named {

  /** The name a configuration uses, unique within its kind, such as {@code CartPole-v1}. */
  String name();

  /** One sentence for {@code millrace list}. */
  String sentence();
}
