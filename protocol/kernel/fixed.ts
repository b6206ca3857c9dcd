/**
 * Fixed point Q.128 on bigint: the whole number n stands for n / 2^128. Every operation rounds down (towards minus
 * infinity), so that a result is the same on every engine and the same as Filecoin's builtin actors give.
 *
 * The curves' polynomials are those of builtin-actors (reward/expneg.rs, smooth/smooth_func.rs at b0a3bdd6), highest
 * power first; each of Horner's products is shifted back by 128.
 */
import { divFloor } from "./money.ts"

export const PRECISION = 128n
/** 1 in Q.128. */
export const ONE = 1n << PRECISION
/** ln 2 in Q.128, rounded down. */
export const LN2 = 235865763225513294137944142764154484399n

/** numerator / denominator in Q.128, rounding down. Throws a RangeError when the denominator is 0. */
export const fromRatio = (numerator: bigint, denominator: bigint): bigint => divFloor(numerator << PRECISION, denominator)
export const fromWhole = (n: bigint): bigint => n << PRECISION
/** The whole part, rounding down. */
export const floor = (x: bigint): bigint => x >> PRECISION
/** x · y, rounding down. */
export const mul = (x: bigint, y: bigint): bigint => (x * y) >> PRECISION
/** x / y, rounding down. Throws a RangeError when y is 0. */
export const div = (x: bigint, y: bigint): bigint => divFloor(x << PRECISION, y)

/** Polynomials of e^-x and ln x as Filecoin's actors print them, in Q.128, highest power first; see `expNeg` and `ln`. */
export const EXP_NUMERATOR = [
  -648770010757830093818553637600n,
  67469480939593786226847644286976n,
  -3197587544499098424029388939001856n,
  89244641121992890118377641805348864n,
  -1579656163641440567800982336819953664n,
  17685496037279256458459817590917169152n,
  -115682590513835356866803355398940131328n,
  340282366920938463463374607431768211456n,
]
export const EXP_DENOMINATOR = [
  1225524182432722209606361n,
  114095592300906098243859450n,
  5665570424063336070530214243n,
  194450132448609991765137938448n,
  5068267641632683791026134915072n,
  104716890604972796896895427629056n,
  1748338658439454459487681798864896n,
  23704654329841312470660182937960448n,
  259380097567996910282699886670381056n,
  2250336698853390384720606936038375424n,
  14978272436876548034486263159246028800n,
  72144088983913131323343765784380833792n,
  224599776407103106596571252037123047424n,
  340282366920938463463374607431768211456n,
]
export const LN_NUMERATOR = [
  261417938209272870992496419296200268025n,
  7266615505142943436908456158054846846897n,
  32458783941900493142649393804518050491988n,
  17078670566130897220338060387082146864806n,
  -35150353308172866634071793531642638290419n,
  -20351202052858059355702509232125230498980n,
  -1563932590352680681114104005183375350999n,
]
export const LN_DENOMINATOR = [
  49928077726659937662124949977867279384n,
  2508163877009111928787629628566491583994n,
  21757751789594546643737445330202599887121n,
  53400635271583923415775576342898617051826n,
  41248834748603606604000911015235164348839n,
  9015227820322455780436733526367238305537n,
  340282366920938463463374607431768211456n,
]

/**
 * e^−x for x from 0, in Q.128. Its relative error is 1e-29 at 1, 2e-15 at 4, 7e-6 at 10, and from 16 on the source's
 * fraction means nothing and may be negative: `pow2Neg` reduces its argument and stays right. Throws a RangeError below 0.
 */
export function expNeg(x: bigint): bigint {
  if (x < 0n) throw new RangeError(`expNeg takes numbers from 0, got ${x} / 2^128`)
  return fromRatio(polynomial(EXP_NUMERATOR, x), polynomial(EXP_DENOMINATOR, x))
}

/** Natural logarithm of x > 0, in Q.128, within 1e-16. Throws a RangeError at 0 and below. */
export function ln(x: bigint): bigint {
  if (x <= 0n) throw new RangeError(`ln takes numbers above 0, got ${x} / 2^128`)
  const k = BigInt(bitLength(x)) - 1n - PRECISION
  // x = 2^k · m with m in [1, 2), where the fraction is good
  const m = x >> k
  return k * LN2 + fromRatio(polynomial(LN_NUMERATOR, m), polynomial(LN_DENOMINATOR, m))
}

/** 2^−x for x from 0, in Q.128, within one part in 1e29: the whole part by shifting, the rest by `expNeg`. Throws a RangeError below 0. */
export function pow2Neg(x: bigint): bigint {
  if (x < 0n) throw new RangeError(`pow2Neg takes numbers from 0, got ${x} / 2^128`)
  return expNeg(mul(x & (ONE - 1n), LN2)) >> floor(x)
}

/** Horner's rule, highest power first, every product rounded down. */
function polynomial(coefficients: readonly bigint[], x: bigint): bigint {
  let sum = 0n
  for (const c of coefficients) sum = ((sum * x) >> PRECISION) + c
  return sum
}

/** Bits of n > 0. */
function bitLength(n: bigint): number {
  const hex = n.toString(16)
  return 4 * hex.length - Math.clz32(parseInt(hex[0], 16)) + 28
}
