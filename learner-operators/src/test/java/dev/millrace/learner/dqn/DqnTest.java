package dev.millrace.learner.dqn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.Algorithm;
import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.env.TimeStep;
import dev.millrace.core.experience.Accumulator;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.policy.EpsilonGreedy;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.learner.network.Nd4jNetworks;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DqnTest {
  private static final EnvironmentSpec SPEC =
      new EnvironmentSpec("some", Space.Box.symmetric(3, 1), new Space.Discrete(2), 100);
  private final Dqn dqn = (Dqn) Algorithm.catalogue(getClass().getClassLoader()).get("dqn");

  @Test
  void readsEveryOptionItDeclares() {
    Settings settings = new Settings(Map.of());
    ReplayAgent agent = dqn.bind(SPEC, 4, settings);
    agent.policy();
    agent.accumulator(0);
    agent.replay();
    agent.learner(new Nd4jNetworks(), 1).close();
    assertThat(settings.read())
        .containsExactlyInAnyOrderElementsOf(dqn.options().stream().map(Option::key).toList());
  }

  @Test
  void bindsToTheEnvironment() {
    Agent agent =
        dqn.bind(
            SPEC,
            4,
            new Settings(
                Map.of(
                    "network.hidden",
                    (Serializable) List.of(8L, 6L),
                    "network.activation",
                    "tanh")));
    assertThat(agent.network()).hasToString("3-8t-6t-2 dueling");
    assertThat(agent.replay()).isEqualTo(new ReplaySpec.Sampled(3, 1, 64));
  }

  @Test
  void exploresLessFromOneEnvironmentToTheNextAndWithTime() {
    EpsilonGreedy policy = (EpsilonGreedy) dqn.bind(SPEC, 8, new Settings(Map.of())).policy();
    assertThat(policy.epsilon(7, 0)).isEqualTo(1);
    assertThat(policy.epsilon(7, 2000)).isEqualTo(0.5);
    assertThat(policy.epsilon(0, 4000)).isEqualTo(0.4);
    assertThat(policy.epsilon(7, 4000)).isEqualTo(Math.pow(0.4, 8));
  }

  @Test
  void remembersDiscountedStepsOfTheEnvironmentAskedFor() {
    Settings settings = new Settings(Map.of("algorithm.n-step", 2L, "algorithm.discount", 0.5));
    Accumulator<Transition> accumulator = dqn.bind(SPEC, 4, settings).accumulator(3);
    List<Transition> completed = new ArrayList<>();
    accumulator.begin(0, new float[3]);
    for (int i = 0; i < 3; i++) {
      accumulator.decided(
          ParameterVersion.NONE, new float[] {1}, 0, new float[2], 0, completed::add);
      accumulator.stepped(TimeStep.mid(new float[3], 1), completed::add);
    }
    assertThat(completed).hasSize(1);
    assertThat(completed.get(0).environment()).isEqualTo(3);
    assertThat(completed.get(0).reward()).isEqualTo(1.5f);
    assertThat(completed.get(0).discount()).isEqualTo(0.25f);
  }

  @Test
  void refusesActionsThatAreNotDiscrete() {
    EnvironmentSpec continuous =
        new EnvironmentSpec("arm", Space.Box.symmetric(3, 1), Space.Box.symmetric(1, 2), 100);
    assertThatThrownBy(() -> dqn.bind(continuous, 1, new Settings(Map.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "algorithm=dqn: environment arm has actions in Box[low=[-2.0], high=[2.0]], and dqn chooses among discrete ones; take another algorithm");
  }
}
