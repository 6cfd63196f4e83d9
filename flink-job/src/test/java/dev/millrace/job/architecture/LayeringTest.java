package dev.millrace.job.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of docs/how-it-works.md. Each rule was seen to fail. */
@AnalyzeClasses(packages = "dev.millrace", importOptions = DoNotIncludeTests.class)
class LayeringTest {

  @ArchTest
  static final ArchRule CORE_KNOWS_ONLY_THE_JDK =
      noClasses()
          .that()
          .resideInAPackage("dev.millrace.core..")
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages("dev.millrace.core..", "java..", "jdk.incubator.vector..");

  @ArchTest
  static final ArchRule STREAMS_KNOW_ONLY_CORE_AND_FLINK =
      noClasses()
          .that()
          .resideInAPackage("dev.millrace.streams..")
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages(
              "dev.millrace.streams..",
              "dev.millrace.core..",
              "org.apache.flink..",
              "org.slf4j..",
              "java..");

  @ArchTest
  static final ArchRule SIBLINGS_DO_NOT_SEE_EACH_OTHER =
      slices().matching("dev.millrace.(env|live|replay|learner)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule NOTHING_KNOWS_THAT_IT_IS_IN_A_LOOP =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.millrace.job..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.millrace.job..");

  @ArchTest
  static final ArchRule NATIVE_CODE_STAYS_WITH_THE_LEARNERS_NETWORKS =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.millrace.learner.network..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..", "org.bytedeco..");

  @ArchTest
  static final ArchRule LIVE_CLIENTS_STAY_WITH_LIVE_ENVIRONMENTS =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.millrace.live..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "org.apache.flink.statefun..");

  @ArchTest
  static final ArchRule COMMAND_LINE_AND_YAML_STAY_IN_THE_JOB =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.millrace.job..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("picocli..", "org.snakeyaml..", "org.knowm..", "com.fasterxml..");

  @ArchTest
  static final ArchRule CONFIGURATION_AND_COMMAND_LINE_ARE_WITHOUT_FLINK =
      noClasses()
          .that()
          .resideInAnyPackage("dev.millrace.job.config..", "dev.millrace.job.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.flink..");

  @ArchTest
  static final ArchRule PARTS_OF_THE_JOB_FORM_NO_CYCLE =
      slices().matching("dev.millrace.job.(config|run)..").should().beFreeOfCycles();
}
