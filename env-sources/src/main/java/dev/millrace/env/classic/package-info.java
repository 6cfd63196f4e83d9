/**
 * Small environments that need nothing but the JDK, one file each. State is kept in {@code double}
 * (in {@code float} where Gymnasium does) and observations are rounded to {@code float}. Actions
 * outside a box are clipped to it, those that are no choice of a discrete space refused.
 */
package dev.millrace.env.classic;
