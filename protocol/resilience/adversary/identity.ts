/**
 * What splitting an owner into many names, or hiding an attribute, earns under the reward rules of the field: 5.11 and section 7 of the
 * adversaries fact sheet (2026-11-22). A gain is income with k names over income with one, resources fixed: 1 is neutral.
 */
import { exp, pow } from "../../kernel/real.ts"

/** Linear in the resource: neutral. */
export const computeLinearGain = (): number => 1
/** x^b with b < 1: k^(1−b) (7.2). */
export const computeConcaveGain = (names: number, exponent: number): number => pow(names, 1 - exponent)
/** A geometric series per owner: n(1−r)/(1−r^n), as ICP's type-3 reward (7.1; K17). */
export const computeGeometricGain = (names: number, ratio: number): number =>
  ratio === 1 ? 1 : (names * (1 - ratio)) / (1 - pow(ratio, names))
/** A cell whose sum is capped and shared by identity, beside m rivals: k(1+m)/(k+m) (7.2; Helium HIP-104, GEODNET). */
export const computeCellGain = (names: number, rivals: number): number => (names * (1 + rivals)) / (names + rivals)
/** A pledge term that is quadratic under splitting: (1 + αl/k)/(1 + αl), pledge l of saturation (Nym, α = .3; 7.1). */
export const computePledgeGain = (names: number, pledge: number, alpha = 0.3): number =>
  (1 + (alpha * pledge) / names) / (1 + alpha * pledge)

/** RNP-015's factor on every node of a wallet of n: 1 up to three, then e^(−.65(n−3)) (K18). */
export const computeWalletFactor = (nodes: number): number => (nodes <= 3 ? 1 : exp(-0.65 * (nodes - 3)))
/** What a wallet of n nodes earns, in nodes (K18). */
export const computeWalletIncome = (nodes: number): number => nodes * computeWalletFactor(nodes)
/** Gain of keeping n nodes in wallets of `size` (K18). */
export const computeWalletGain = (nodes: number, size: number): number => {
  const whole = Math.floor(nodes / size)
  return (whole * computeWalletIncome(size) + computeWalletIncome(nodes - whole * size)) / computeWalletIncome(nodes)
}

/** Splitting is unprofitable iff the gain stays below what the further names cost (7.2). */
export const isSplittingUnprofitable = (gain: number, income: number, names: number, identityCost: number): boolean =>
  (gain - 1) * income <= (names - 1) * identityCost

/** A false attribute is unprofitable iff spread · E[time undetected] ≤ its cost + p·stake: the spread of weights must be backed (7.2). */
export const isSpoofUnprofitable = (
  spread: number,
  undetected: number,
  fakeCost: number,
  caught: number,
  stake: number,
): boolean => spread * undetected <= fakeCost + caught * stake

/** Units of a Helium beacon with w valid witnesses: the beaconer's share min(1, w/4) of five fourths and each witness's, in all (K09). */
export const computeBeaconUnits = (witnesses: number): number => Math.min(5, 1.25 * witnesses)

/** HIP-44 (decay .08 after four): what n witnesses of one beacon count as (K11). */
export function computeWitnessDecay(witnesses: number, decay = 0.08, exclusion = 4): number {
  let sum = 0
  for (let i = 1; i <= witnesses; i++) sum += i <= exclusion ? 1 : exp(-decay * (i - exclusion))
  return sum
}

/** EIP-7716 (Draft): min(1 + ⌊381·excess⌋, 128), excess a share of stake above the average (7.1). Identity-free. */
export const computeCorrelationFactor = (excess: number): number => Math.min(1 + Math.floor(381 * excess), 128)

/** Mean pay of a group under ICP's performance reward, v1: geometric in the mean coefficient; v2: a running product, best first (7.1). */
export function computeIcpMean(coefficients: readonly number[], version: 1 | 2): number {
  const n = coefficients.length
  const sorted = coefficients.toSorted((a, b) => b - a)
  const mean = coefficients.reduce((a, b) => a + b, 0) / n
  let sum = 0
  let factor = 1
  for (let i = 0; i < n; i++) {
    sum += factor
    factor *= version === 1 ? mean : sorted[i]
  }
  return sum / n
}

/** Least distance to a place, in km, that a round trip of so many ms leaves open: light in fibre makes 200 km/ms (5.10). */
export const computeReach = (roundTripMs: number): number => 100 * roundTripMs
/** Least round trip to a place so far away, in ms (5.10). Delay can be added, never removed: nearness is provable, distance is not. */
export const computeLeastRoundTrip = (km: number): number => km / 100
