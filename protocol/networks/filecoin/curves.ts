/**
 * e^-x and ln x as the chain computes them: ratios of two polynomials in fixed point, evaluated by Horner's method with every
 * product shifted back and floored. Total, as the source is: outside their domain they give what the chain would get, not an
 * error.
 * Sources: filecoin-project/builtin-actors@b0a3bdd6 actors/reward/src/expneg.rs and
 * runtime/src/builtin/reward/smooth/smooth_func.rs (Q.128); filecoin-project/lotus@b835fab7 chain/types/electionproof.go
 * (Q.256). kernel/fixed.ts holds the same curves in Q.128 for all networks, guarded against such input.
 */

import { divFloor } from "../../kernel/money.ts"
import { LN2, PRECISION } from "../../kernel/fixed.ts"

/** Coefficients in Q.128, highest power first. */
const EXP_NUMERATOR = [
  -648770010757830093818553637600n,
  67469480939593786226847644286976n,
  -3197587544499098424029388939001856n,
  89244641121992890118377641805348864n,
  -1579656163641440567800982336819953664n,
  17685496037279256458459817590917169152n,
  -115682590513835356866803355398940131328n,
  340282366920938463463374607431768211456n,
]
const EXP_DENOMINATOR = [
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
const LN_NUMERATOR = [
  261417938209272870992496419296200268025n,
  7266615505142943436908456158054846846897n,
  32458783941900493142649393804518050491988n,
  17078670566130897220338060387082146864806n,
  -35150353308172866634071793531642638290419n,
  -20351202052858059355702509232125230498980n,
  -1563932590352680681114104005183375350999n,
]
const LN_DENOMINATOR = [
  49928077726659937662124949977867279384n,
  2508163877009111928787629628566491583994n,
  21757751789594546643737445330202599887121n,
  53400635271583923415775576342898617051826n,
  41248834748603606604000911015235164348839n,
  9015227820322455780436733526367238305537n,
  340282366920938463463374607431768211456n,
]
const ELECTION_PRECISION = 256n
const EXP_NUMERATOR_Q256 = EXP_NUMERATOR.map((c) => c << (ELECTION_PRECISION - PRECISION))
const EXP_DENOMINATOR_Q256 = EXP_DENOMINATOR.map((c) => c << (ELECTION_PRECISION - PRECISION))

/** e^-x of x in Q.128, in Q.128: the minting curve's. Good to 5e-15 up to x = 5. */
export const expNegQ128 = (x: bigint): bigint => ratio(EXP_NUMERATOR, EXP_DENOMINATOR, x, PRECISION)

/** e^-x of x in Q.256, in Q.256: the election's. Good to 5e-15 up to x = 5, beyond which no miner's expectation lies. */
export const expNegQ256 = (x: bigint): bigint => ratio(EXP_NUMERATOR_Q256, EXP_DENOMINATOR_Q256, x, ELECTION_PRECISION)

/**
 * Natural logarithm of x in Q.128, in Q.128. For x <= 0, which the chain reaches when an extrapolated power falls through 0, it
 * is the source's fraction at that argument, of no meaning but the same everywhere.
 */
export const lnQ128 = (x: bigint): bigint => {
  const k = bitLength(x < 0n ? -x : x) - 1n - PRECISION
  return k * LN2 + ratio(LN_NUMERATOR, LN_DENOMINATOR, x >> k, PRECISION)
}

const ratio = (numerator: readonly bigint[], denominator: readonly bigint[], x: bigint, precision: bigint): bigint =>
  divFloor(horner(numerator, x, precision) << precision, horner(denominator, x, precision))

const horner = (coefficients: readonly bigint[], x: bigint, precision: bigint): bigint => {
  let sum = coefficients[0]
  for (let i = 1; i < coefficients.length; i++) sum = ((sum * x) >> precision) + coefficients[i]
  return sum
}

/** Bits of n >= 0; 0 has none. */
const bitLength = (n: bigint): bigint => {
  if (n === 0n) return 0n
  const hex = n.toString(16)
  return BigInt(4 * (hex.length - 1) + 32 - Math.clz32(parseInt(hex[0], 16)))
}
