/**
 * Oracle assignments of a hex: who goes there, what the land is, how urban it is, and what part of its points that leaves.
 * Sources: HIP-103; helium/oracles@21935653 hex_assignments/src/assignment.rs and coverage_point_calculator/src/hexes.rs;
 * HRP-20250409 as coded in @d706c9a6. HIP-131 (bans), HIP-134 (qualified radios).
 */
import { isWifi, type MobileRules, type RadioType } from "./mobile-radio.ts"

export type Letter = "A" | "B" | "C"
/** Footfall, land type, urbanised; a letter each. Urbanised A is urban, B is not, C lies outside the USA. */
export type Assignment = `${Letter}${Letter}${Letter}`

/** `Banned`: no points (HIP-131). `Qualified`: more than 25 unique connections in seven days (HIP-134). */
export type OracleStatus = "Eligible" | "Qualified" | "Banned"

/** Hundredths that land types A, B and C keep where footfall is C, urban and not (HIP-103). */
const FOOTFALL_C_URBAN_E2 = [40, 30, 5] as const
const FOOTFALL_C_RURAL_E2 = [20, 15, 3] as const
/** HRP-20250409: every footfall-C hex keeps this. */
export const FOOTFALL_C_FLAT_E2 = 3

const LETTERS = "ABC"

/** Hundredths of the table alone. `footfallC`: "land" as HIP-103 has it, or one number for every footfall-C hex. */
export const computeTableE2 = (assignment: Assignment, footfallC: "land" | number): number => {
  const [footfall, land, urbanised] = assignment
  if (urbanised === "C") return 0
  const isUrban = urbanised === "A"
  if (footfall === "A") return 100
  if (footfall === "B") return isUrban ? 70 : 50
  if (footfallC !== "land") return footfallC
  return (isUrban ? FOOTFALL_C_URBAN_E2 : FOOTFALL_C_RURAL_E2)[LETTERS.indexOf(land)]
}

export interface AssignedHex {
  readonly assignment: Assignment
  /** A service provider set this hex to full. */
  readonly spOverride: boolean
  /** A service provider boosts this hex at 1× or more, whether or not this radio may have the boost. */
  readonly boosted: boolean
}

/** Hundredths of a hex's points, by precedence: banned, qualified Wi-Fi, boosted, override, table. */
export const computeAssignmentE2 = (hex: AssignedHex, status: OracleStatus, radio: RadioType, rules: MobileRules): number => {
  if (status === "Banned") return 0
  if (status === "Qualified" && isWifi(radio)) return 100
  if (hex.boosted || hex.spOverride) return 100
  return computeTableE2(hex.assignment, rules === "2025-03" ? "land" : FOOTFALL_C_FLAT_E2)
}

/** 27 assignments as one byte, and back: footfall · 9 + land · 3 + urbanised. */
export const assignmentIndex = (assignment: Assignment): number =>
  LETTERS.indexOf(assignment[0]) * 9 + LETTERS.indexOf(assignment[1]) * 3 + LETTERS.indexOf(assignment[2])
export const assignmentOf = (index: number): Assignment =>
  `${LETTERS[Math.floor(index / 9)]}${LETTERS[Math.floor(index / 3) % 3]}${LETTERS[index % 3]}` as Assignment
/** The byte of a hex that a service provider overrides. */
export const OVERRIDE_INDEX = 27
