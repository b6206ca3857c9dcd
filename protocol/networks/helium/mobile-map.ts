/**
 * The coverage map: who covers each hex, and what that is worth. Two million entries are sorted by cell once per change of coverage;
 * an epoch then reads them once, in order, and ranks the few radios of each hex (HIP-105). A cache: all of it follows from the state.
 */
import type { Table } from "../../kernel/table.ts"
import { computeTableE2, assignmentOf, OVERRIDE_INDEX } from "./mobile-assignment.ts"
import { parent9Hi, parent9Lo } from "./mobile-reach.ts"
import { sortByCell, type CellEntries } from "./mobile-sort.ts"
import type { assignmentShape, boostShape, coverageShape, radioShape } from "./state-mobile.ts"

export interface MapInput {
  readonly radio: Table<typeof radioShape>
  readonly coverage: Table<typeof coverageShape>
  readonly assignment: Table<typeof assignmentShape>
  readonly boost: Table<typeof boostShape>
}

const FULL_E2 = 100

/** What a hex is worth, from parameters. */
export interface MapRule {
  /** Points by radio kind · 4 + signal level, whole. */
  readonly points: Float64Array
  /** Hundredths that outdoor ranks 1, 2 and 3 keep. */
  readonly outdoorRanksE2: readonly [number, number, number]
  /** Hundredths of a footfall-C hex; 0: by land type, as HIP-103 has it. */
  readonly footfallCE2: number
  /** False before HIP-103: every hex counts in full. */
  readonly isAssigned: boolean
}

/** Flags of a radio in an epoch. */
export const IN_MAP = 1
export const QUALIFIED = 2

const LEVELS = 4
/** Radio kinds are stored from 1: none, indoor Wi-Fi, outdoor Wi-Fi, indoor CBRS, outdoor CBRS. */
export const isIndoorKind = (kind: number): boolean => (kind & 1) === 1
export const isWifiKind = (kind: number): boolean => kind <= 2

/** Points of every radio in an epoch, in 1e-4 point; overwritten by the next. */
export class CoverageMap {
  baseE4: Float64Array = new Float64Array(0)
  boostedE4: Float64Array = new Float64Array(0)
  /** 1 where a hex of the radio lies in the USA: its assignment is not urbanised C. */
  isUsa: Uint8Array = new Uint8Array(0)
  /** Hexes that somebody covers, and that some radio was paid for last time. */
  hexes = 0
  hexesCovered = 0

  #sorted: CellEntries | undefined
  #coverageVersion = -1
  #assignmentVersion = -1
  #tableE2 = new Uint8Array(OVERRIDE_INDEX + 1)
  #assigned: Uint8Array = new Uint8Array(0)
  #boosts: Uint16Array = new Uint16Array(0)
  #boostsKey = ""
  #flags: Uint8Array = new Uint8Array(0)
  #since: Uint32Array = new Uint32Array(0)
  #ruleKey = ""

  /**
   * Ranks the radios whose `flags` say IN_MAP and sums their points. `atS` is the epoch's begin: boosts count as they stand then.
   * Nothing is read again when neither coverage, assignments, boosts, seniority, flags nor the rule has moved.
   */
  rank(state: MapInput, flags: Uint8Array, atS: number, rule: MapRule): this {
    const { radio } = state
    const resorted = this.#sort(state)
    const reassigned = this.#assign(state, resorted)
    const reboosted = this.#boost(state, atS, resorted)
    const ruleKey = `${Array.from(rule.points).join()}/${rule.outdoorRanksE2.join()}/${rule.footfallCE2}/${rule.isAssigned}`
    if (
      !resorted &&
      !reassigned &&
      !reboosted &&
      ruleKey === this.#ruleKey &&
      this.#flags.length === radio.length &&
      this.#isAsBefore(radio, flags)
    )
      return this
    this.#ruleKey = ruleKey
    this.#flags = flags.slice(0, radio.length)
    this.#since = radio.seniorityS.slice(0, radio.length)
    for (let i = 0; i < OVERRIDE_INDEX; i++)
      this.#tableE2[i] = rule.isAssigned
        ? computeTableE2(assignmentOf(i), rule.footfallCE2 === 0 ? "land" : rule.footfallCE2)
        : FULL_E2
    this.#tableE2[OVERRIDE_INDEX] = FULL_E2
    this.#sum(radio, rule)
    return this
  }

  #isAsBefore(radio: MapInput["radio"], flags: Uint8Array): boolean {
    for (let r = 0; r < radio.length; r++)
      if (flags[r] !== this.#flags[r] || ((flags[r] & IN_MAP) !== 0 && radio.seniorityS[r] !== this.#since[r])) return false
    return true
  }

  #sort({ radio, coverage }: MapInput): boolean {
    if (this.#sorted !== undefined && coverage.version === this.#coverageVersion) return false
    this.#sorted = sortByCell(radio, coverage)
    this.#coverageVersion = coverage.version
    this.hexes = this.#sorted.groups
    return true
  }

  /** Finds each hex's assignment, told for its ancestor at resolution 9; what nobody has told lies outside (CCC). */
  #assign({ radio, assignment }: MapInput, resorted: boolean): boolean {
    if (!resorted && assignment.version === this.#assignmentVersion) return false
    this.#assignmentVersion = assignment.version
    const told = new Map<number, number>()
    // The last word on a cell holds. Below resolution 9 all digits are the same, so 20 + 14 bits tell cells apart.
    for (let i = 0; i < assignment.length; i++) told.set(keyOf9(assignment.hexHi[i], assignment.hexLo[i]), assignment.index[i])
    const { groups, begin, cellHi, cellLo, radio: of } = this.#sorted!
    if (this.#assigned.length < groups) this.#assigned = new Uint8Array(groups)
    const assigned = this.#assigned
    this.isUsa = new Uint8Array(radio.length)
    let last = -1
    let index = OUTSIDE
    for (let g = 0; g < groups; g++) {
      const key = keyOf9(parent9Hi(cellHi[g]), parent9Lo(cellLo[g]))
      if (key !== last) {
        last = key
        index = told.get(key) ?? OUTSIDE
      }
      assigned[g] = index
      if (index % 3 === 2 && index !== OVERRIDE_INDEX) continue
      for (let e = begin[g]; e < begin[g + 1]; e++) this.isUsa[of[e]] = 1
    }
    return true
  }

  /** Marks the hexes boosted at `atS`. Few are: each is searched. */
  #boost({ boost }: MapInput, atS: number, resorted: boolean): boolean {
    const now: number[] = []
    for (let b = 0; b < boost.length; b++) if (boost.fromS[b] <= atS && atS < boost.untilS[b]) now.push(b)
    const key = now.join()
    if (!resorted && key === this.#boostsKey) return false
    this.#boostsKey = key
    const { groups, kind } = this.#sorted!
    if (this.#boosts.length < groups) this.#boosts = new Uint16Array(groups)
    this.#boosts.fill(0)
    for (const b of now)
      for (let g = this.#sorted!.find(boost.hexHi[b], boost.hexLo[b]); g < groups; g++) {
        if (this.#sorted!.cellHi[g] !== boost.hexHi[b] || this.#sorted!.cellLo[g] !== boost.hexLo[b]) break
        // HIP-109: a boost may be for one kind of radio only.
        if (boost.kind[b] === 0 || boost.kind[b] === kind[g]) this.#boosts[g] = Math.max(this.#boosts[g], boost.multiplier[b])
      }
    return true
  }

  /** One pass over all entries in cell order: the best three outdoors, the best one indoors, of those in the map. */
  #sum(radio: MapInput["radio"], { points, outdoorRanksE2 }: MapRule): void {
    const { groups, begin, kind, radio: of, key, level } = this.#sorted!
    if (this.baseE4.length < radio.length) {
      this.baseE4 = new Float64Array(radio.length)
      this.boostedE4 = new Float64Array(radio.length)
    }
    const base = this.baseE4.fill(0)
    const boosted = this.boostedE4.fill(0)
    const flags = this.#flags
    const since = this.#since
    const node = radio.node
    const assigned = this.#assigned
    const boosts = this.#boosts
    const tableE2 = this.#tableE2
    const best = [-1, -1, -1]
    let covered = 0
    for (let g = 0; g < groups; g++) {
      const places = isIndoorKind(kind[g]) ? 1 : 3
      let found = 0
      for (let e = begin[g]; e < begin[g + 1]; e++) {
        const r = of[e]
        if ((flags[r] & IN_MAP) === 0) continue
        let p = found
        while (p > 0) {
          const o = best[p - 1]
          const q = of[o]
          const isBetter = key[e] !== key[o] ? key[e] > key[o] : since[r] !== since[q] ? since[r] < since[q] : node[r] < node[q]
          if (!isBetter) break
          if (p < places) best[p] = o
          p--
        }
        if (p < places) {
          best[p] = e
          if (found < places) found++
        }
      }
      if (found === 0) continue
      covered++
      const boost = boosts[g]
      const tabled = boost > 0 ? 100 : tableE2[assigned[g]]
      for (let p = 0; p < found; p++) {
        const e = best[p]
        const r = of[e]
        const assignedE2 = (flags[r] & QUALIFIED) !== 0 ? 100 : tabled
        const worth = points[kind[g] * LEVELS + level[e]] * assignedE2 * (places === 1 ? 100 : outdoorRanksE2[p])
        base[r] += worth
        if (boost > 1) boosted[r] += worth * (boost - 1)
      }
    }
    this.hexesCovered = covered
  }
}

/** CCC: outside every data set. */
const OUTSIDE = 26
const keyOf9 = (hexHi: number, hexLo: number): number => (hexHi & 0xfffff) * 0x4000 + (hexLo >>> 18)
