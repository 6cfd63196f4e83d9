/**
 * What the hot paths cost. Build with {@code mvn -Pbenchmarks -pl benchmarks -am package
 * -DskipTests}, run with {@code java -jar benchmarks/target/benchmarks.jar}.
 */
package dev.millrace.benchmarks;
