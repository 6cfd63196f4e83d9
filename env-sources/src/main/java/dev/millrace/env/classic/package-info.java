/**
 * Small environments that need nothing but the JDK, one file each. State is kept in {@code double},
 * observations are rounded to {@code float}, as Gymnasium does.
 */
package dev.millrace.env.classic;
