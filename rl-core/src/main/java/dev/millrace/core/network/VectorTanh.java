package dev.millrace.core.network;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The hyperbolic tangent of vectors, to within 2e-7.
 *
 * <p>{@code VectorOperators.TANH} is one function before the compiler has seen it and another, by a
 * library of its own, afterwards; they differ in the last bits, and a run could not be repeated.
 * This one is made of operations that IEEE 754 defines to the bit.
 *
 * <pre>
 *   |x| ≤ 1/4   x - x³/3 + 2x⁵/15 - 17x⁷/315 + 62x⁹/2835
 *   otherwise   ±(1 - 2 / (e^(2|x|) + 1)), with e^t = 2^n e^r, n = round(t / ln 2), |r| ≤ ln 2 / 2
 * </pre>
 *
 * Load this class only where the module {@code jdk.incubator.vector} is present.
 */
final class VectorTanh {
  /** From here on it is 1 in single precision. */
  private static final float FAR = 9.1f;

  private static final float NEAR = 0.25f;

  /** Added to a float it leaves the whole number next to it in the lowest bits. */
  private static final float ROUNDS = 12582912f; // 1.5 × 2^23

  private static final float PER_LN_2 = (float) (1 / Math.log(2));

  /** ln 2 in two parts, the first of few enough bits that its multiples are exact. */
  private static final float LN_2_HIGH = 0.693359375f;

  private static final float LN_2_LOW = (float) (Math.log(2) - LN_2_HIGH);
  private static final int EXPONENT_BIAS = 127;
  private static final int EXPONENT_AT = 23;

  private VectorTanh() {}

  static FloatVector of(FloatVector x) {
    FloatVector far = far(x.abs().min(FAR));
    FloatVector signed = far.blend(far.neg(), x.compare(VectorOperators.LT, 0f));
    return signed.blend(near(x), x.abs().compare(VectorOperators.LE, NEAR));
  }

  private static FloatVector near(FloatVector x) {
    FloatVector square = x.mul(x);
    FloatVector sum = constant(x, 62f / 2835);
    sum = sum.fma(square, constant(x, -17f / 315));
    sum = sum.fma(square, constant(x, 2f / 15));
    sum = sum.fma(square, constant(x, -1f / 3));
    return sum.mul(square).fma(x, x);
  }

  private static FloatVector far(FloatVector size) {
    FloatVector t = size.add(size);
    FloatVector shifted = t.fma(constant(t, PER_LN_2), constant(t, ROUNDS));
    FloatVector n = shifted.sub(ROUNDS);
    FloatVector r = n.fma(constant(t, -LN_2_HIGH), t);
    r = n.fma(constant(t, -LN_2_LOW), r);
    FloatVector e = constant(t, 1f / 5040);
    e = e.fma(r, constant(t, 1f / 720));
    e = e.fma(r, constant(t, 1f / 120));
    e = e.fma(r, constant(t, 1f / 24));
    e = e.fma(r, constant(t, 1f / 6));
    e = e.fma(r, constant(t, 1f / 2));
    e = e.fma(r, constant(t, 1f));
    e = e.fma(r, constant(t, 1f));
    IntVector exponent =
        shifted
            .reinterpretAsInts()
            .sub(Float.floatToRawIntBits(ROUNDS) - EXPONENT_BIAS)
            .lanewise(VectorOperators.LSHL, EXPONENT_AT);
    FloatVector power = e.mul(exponent.reinterpretAsFloats());
    return constant(t, 1f).sub(constant(t, 2f).div(power.add(1f)));
  }

  private static FloatVector constant(FloatVector like, float value) {
    VectorSpecies<Float> species = like.species();
    return FloatVector.broadcast(species, value);
  }
}
