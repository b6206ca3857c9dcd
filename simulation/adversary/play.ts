/**
 * Plays adversaries of the catalogue by its honesty rules: paired seeds with and without, knobs searched for each side, the maximum reported.
 *
 * The search is by successive halving: every combination of the knobs' tries at two seeds, the better of them at six; once with the defence
 * and once without. Its seeds come after those that judge and are none of them: a setting that was lucky while it was searched for has to be
 * good again on seeds it was not chosen by. Shares are swept with the knobs found. What was played is counted and told.
 */
import type { Engine, Task } from "../study/engine.ts"
import { inlineEngine } from "../study/engine-inline.ts"
import { codeDigest } from "../study/code.ts"
import type { Estimate } from "../study/maths/estimate.ts"
import { meanInterval } from "../study/maths/estimate.ts"
import { entryOf } from "./catalogue.ts"
import { gridOf, type Entry, type Outcome, type Setting } from "./entry.ts"
import { readOutcome } from "./job.ts"
import {
  ACCEPTANCE,
  advantageOf,
  collateralOf,
  denialOf,
  harmOf,
  judge,
  summarise,
  type Metrics,
  type Row,
  type Verdict,
} from "./metrics.ts"

/** Shares of the scarce resource (fact sheet, section 1). */
export const SHARES = [0, 0.05, 0.1, 0.2, 0.3, 0.33, 0.4, 0.49] as const
/** Acceptance is asked up to here. */
const SHARE_JUDGED = 1 / 3
export const SEEDS = 20
/** Seeds of each rung of the search. */
const RUNGS = [2, 6] as const
/** Of the first rung's settings one in so many goes on, but never fewer than the least. */
const KEPT = 4
const KEPT_LEAST = 3
export const SWEEP_SEEDS = 6

export interface PlayOptions {
  /** How many seeds judge. */
  readonly seeds?: number
  /** The first of them; the search takes the seeds after the last. */
  readonly seedsFrom?: number
  /** Instead of the entry's own share. */
  readonly share?: number
  /** Instead of a search. */
  readonly knobs?: Readonly<Record<string, number>>
  /** False: no sweep over shares. */
  readonly sweep?: boolean
  /** Swept instead of all of SHARES. */
  readonly shares?: readonly number[]
  /** Told after each play: how many are done, and how many there will be in all, at most. */
  readonly onPlay?: (done: number, planned: number) => void
}

export interface Side {
  readonly knobs: Readonly<Record<string, number>>
  readonly metrics: Metrics
  /** ρ at each seed that judges, in their order. */
  readonly rhos: readonly number[]
  /** Mean of what was searched for over the search's own seeds, for the knobs it chose; NaN where there was nothing to choose from. */
  readonly searched: number
}
export interface SweptShare {
  readonly share: number
  readonly metrics: Metrics
  readonly rhos: readonly number[]
}
export interface Finding extends Row {
  readonly verdict: Verdict
  /** The smallest share at which it does not hold, of those played; undefined where it holds at all of them. */
  readonly share: number | undefined
}
export interface Played {
  readonly entry: Entry
  readonly share: number
  readonly seeds: number
  /** The first seed that judges, and the first of the search. */
  readonly seedsFrom: number
  readonly searchFrom: number
  /** Plays, each a run with the adversary beside its twin, and combinations of knobs that were tried on each side. */
  readonly plays: number
  readonly tried: number
  readonly defended: Side
  readonly undefended: Side
  readonly sweep: readonly SweptShare[]
  readonly findings: readonly Finding[]
  /** Income with k identities over income with one, resources fixed, with and without the defence. */
  readonly sybil: readonly { readonly names: number; readonly defended: Estimate; readonly undefended: Estimate }[]
  /** Verifier and dispute spend per unit of leakage prevented; NaN where none was. */
  readonly defenceCost: number
}

/** What the search compares. */
const aimOf = (entry: Entry, o: Outcome): number => {
  const value =
    entry.aim === "rho"
      ? advantageOf(o)
      : entry.aim === "harm"
        ? harmOf(o)
        : entry.aim === "denial"
          ? denialOf(o)
          : entry.aim === "collateral"
            ? collateralOf(o)
            : o.own
  return value === value ? value : -Infinity
}

interface Ask {
  readonly entry: Entry
  readonly setting: Setting
}

/** Runs plays on an engine; the same play is run once. */
class Table {
  readonly #engine: Engine
  readonly #known = new Map<string, Outcome>()
  readonly #count = new Map<string, number>()
  readonly #onPlay: ((done: number, planned: number) => void) | undefined

  constructor(engine: Engine, onPlay?: (done: number, planned: number) => void) {
    this.#engine = engine
    this.#onPlay = onPlay
  }

  /** `later`: how many plays are still to be planned after these, at most. */
  async run(asks: readonly Ask[], later: number): Promise<void> {
    const code = codeDigest()
    const fresh = new Map<string, Ask>()
    for (const ask of asks) if (!this.#known.has(keyOf(ask))) fresh.set(keyOf(ask), ask)
    const list = inTurn([...fresh], this.#engine.width)
    const tasks: Task[] = list.map(([, { entry, setting }], run) => ({
      run,
      job: { model: "adversary", code, entry: entry.id, setting, measure: {} },
    }))
    const planned = this.#known.size + list.length + later
    for await (const { run, result } of this.#engine.run(tasks)) {
      const [key, { entry, setting }] = list[run]
      if (result.status === "failed") throw new Error(`${entry.id} ${JSON.stringify(setting)}: ${result.why}`)
      this.#known.set(key, readOutcome(result.values))
      this.#count.set(entry.id, (this.#count.get(entry.id) ?? 0) + 1)
      this.#onPlay?.(this.#known.size, planned)
    }
    if (list.some(([key]) => !this.#known.has(key))) throw new Error("the engine was stopped before every play was run")
  }

  of(ask: Ask): Outcome {
    return this.#known.get(keyOf(ask))!
  }
  plays(entry: Entry): number {
    return this.#count.get(entry.id) ?? 0
  }
}
const keyOf = ({ entry, setting }: Ask): string => JSON.stringify([entry.id, setting])

/**
 * Plays of one entry and seed share a twin, which a worker plays once if it gets them all. Workers draw in turn, so as many seeds as there are
 * workers are dealt like cards: each gets mostly the plays of one seed.
 */
function inTurn(all: readonly (readonly [string, Ask])[], workers: number): readonly (readonly [string, Ask])[] {
  const first = all.reduce((least, [, { setting }]) => Math.min(least, setting.seed), Infinity)
  const keyed = all.map((play) => {
    const { seed, ...rest } = play[1].setting
    return { play, seed, round: Math.floor((seed - first) / workers), what: `${play[1].entry.id} ${JSON.stringify(rest)}` }
  })
  return keyed
    .toSorted((a, b) => a.round - b.round || (a.what < b.what ? -1 : a.what > b.what ? 1 : a.seed - b.seed))
    .map((k) => k.play)
}

/** One side of one entry on its way through the rungs. */
interface Search {
  readonly entry: Entry
  readonly share: number
  readonly defended: boolean
  left: readonly Readonly<Record<string, number>>[]
  searched: number
}

/** So many seeds from one on. */
const from = (first: number, count: number): readonly number[] => Array.from({ length: count }, (_, i) => first + i)

const namesOf = (entry: Entry): readonly number[] =>
  entry.names === undefined ? [] : [...new Set([1, ...entry.knobs[entry.names].tries])].toSorted((a, b) => a - b)
const sweptBy = ({ sweep, shares = SHARES }: PlayOptions): readonly number[] =>
  sweep === false ? [] : shares.filter((share) => share > 0)
const goesOn = (settings: number): number => Math.min(settings, Math.max(KEPT_LEAST, Math.ceil(settings / KEPT)))

/** Plays of a whole catalogue, at most: some are the same and run once. */
export function countPlays(entries: readonly Entry[], options: PlayOptions = {}): number {
  const seeds = options.seeds ?? SEEDS
  return searchPlays(entries, options).reduce((a, b) => a + b) + entries.reduce((n, e) => n + judgePlays(e, seeds, options), 0)
}
const searchPlays = (entries: readonly Entry[], { knobs, seeds = SEEDS }: PlayOptions): readonly [number, number] => {
  const [few, many] = RUNGS.map((r) => Math.min(r, seeds))
  const settings = entries.map((e) => (knobs === undefined ? gridOf(e).length : 1)).filter((n) => n > 1)
  return [settings.reduce((sum, n) => sum + 2 * n * few, 0), settings.reduce((sum, n) => sum + 2 * goesOn(n) * (many - few), 0)]
}
/** What the search chose is one of the names that are tried, and its own share is swept only once. */
function judgePlays(entry: Entry, seeds: number, options: PlayOptions): number {
  const { share = entry.share, knobs } = options
  const names = namesOf(entry).length
  const settings = names === 0 ? 1 : knobs === undefined ? names : names + 1
  const shares = sweptBy(options).filter((s) => s !== share).length
  return 2 * seeds * settings + shares * Math.min(SWEEP_SEEDS, seeds)
}

/** Plays some entries, all their plays of one phase together, so that an engine with many workers is never idle. */
export async function playCatalogue(
  entries: readonly Entry[],
  options: PlayOptions = {},
  engine: Engine = inlineEngine(),
): Promise<readonly Played[]> {
  const count = options.seeds ?? SEEDS
  const seedsFrom = options.seedsFrom ?? 1
  const seeds = from(seedsFrom, count)
  const searchFrom = seedsFrom + count
  const table = new Table(engine, options.onPlay)
  const asksOf = (s: Search, over: readonly number[]): Ask[] =>
    s.left.flatMap((knobs) =>
      over.map((seed) => ({ entry: s.entry, setting: { seed, share: s.share, knobs, defended: s.defended } })),
    )
  const searches = entries.flatMap((entry) =>
    [true, false].map((defended): Search => ({
      entry,
      share: options.share ?? entry.share,
      defended,
      left: options.knobs === undefined ? gridOf(entry) : [options.knobs],
      searched: NaN,
    })),
  )
  const open = searches.filter((s) => s.left.length > 1)
  const judging = entries.reduce((n, e) => n + judgePlays(e, count, options), 0)
  for (const [k, rung] of RUNGS.entries()) {
    const over = from(searchFrom, Math.min(rung, count))
    // oxlint-disable-next-line no-await-in-loop -- the second rung plays what the first one left
    await table.run(
      open.flatMap((s) => asksOf(s, over)),
      judging + (k === 0 ? searchPlays(entries, options)[1] : 0),
    )
    for (const s of open) choose(s, table, over, k === RUNGS.length - 1 ? 1 : goesOn(s.left.length))
  }
  const sideOf = (entry: Entry, defended: boolean): Search => searches.find((s) => s.entry === entry && s.defended === defended)!
  const few = seeds.slice(0, SWEEP_SEEDS)
  const sweepOf = (entry: Entry): Search[] => sweptBy(options).map((share) => ({ ...sideOf(entry, true), share }))
  const named = (entry: Entry, defended: boolean, names: number): Search => {
    const s = sideOf(entry, defended)
    return { ...s, left: [{ ...s.left[0], [entry.names!]: names }] }
  }
  await table.run(
    entries.flatMap((entry) => [
      ...[true, false].flatMap((d) => asksOf(sideOf(entry, d), seeds)),
      ...sweepOf(entry).flatMap((s) => asksOf(s, few)),
      ...namesOf(entry).flatMap((k) => [true, false].flatMap((d) => asksOf(named(entry, d, k), seeds))),
    ]),
    0,
  )
  return entries.map((entry) => {
    const outcomes = (s: Search, over: readonly number[]): readonly Outcome[] => asksOf(s, over).map((a) => table.of(a))
    const [on, off] = [sideOf(entry, true), sideOf(entry, false)]
    const [withIt, without] = [outcomes(on, seeds), outcomes(off, seeds)]
    const told = (s: Search, all: readonly Outcome[]): Side => ({
      knobs: s.left[0],
      metrics: summarise(all),
      rhos: all.map(advantageOf),
      searched: s.searched,
    })
    const sweep = sweepOf(entry).map((s): SweptShare => {
      const all = outcomes(s, few)
      return { share: s.share, metrics: summarise(all), rhos: all.map(advantageOf) }
    })
    const defended = told(on, withIt)
    const judged: Pick<SweptShare, "share" | "metrics">[] = sweep.filter((s) => s.share <= SHARE_JUDGED && s.share !== on.share)
    if (on.share <= SHARE_JUDGED) judged.push({ share: on.share, metrics: defended.metrics })
    const gain = (d: boolean, k: number): Estimate => {
      const [many, one] = [outcomes(named(entry, d, k), seeds), outcomes(named(entry, d, 1), seeds)]
      return meanInterval(
        Float64Array.from(many, (o, i) => (one[i].income === 0 ? NaN : o.income / one[i].income)),
        0.95,
      )
    }
    return {
      entry,
      share: on.share,
      seeds: count,
      seedsFrom,
      searchFrom,
      plays: table.plays(entry),
      tried: options.knobs === undefined ? gridOf(entry).length : 1,
      defended,
      undefended: told(off, without),
      sweep,
      findings: ACCEPTANCE.map((row) =>
        find(
          row,
          judged.toSorted((a, b) => a.share - b.share),
        ),
      ),
      sybil: namesOf(entry).map((names) => ({ names, defended: gain(true, names), undefended: gain(false, names) })),
      defenceCost: defenceCostOf(withIt, without),
    }
  })
}

/** Plays one. */
export async function playAdversary(id: string, options: PlayOptions = {}, engine?: Engine): Promise<Played> {
  return (await playCatalogue([entryOf(id)], options, engine))[0]
}

/** Leaves the settings that did best over these seeds, the best one first. */
function choose(s: Search, table: Table, seeds: readonly number[], keep: number): void {
  const scored = s.left.map((knobs, at) => {
    let sum = 0
    for (const seed of seeds)
      sum += aimOf(s.entry, table.of({ entry: s.entry, setting: { seed, share: s.share, knobs, defended: s.defended } }))
    return { knobs, at, mean: sum / seeds.length }
  })
  const kept = scored.toSorted((a, b) => (b.mean === a.mean ? a.at - b.at : b.mean - a.mean)).slice(0, keep)
  s.left = kept.map((x) => x.knobs)
  s.searched = kept[0].mean
}

/** The verdict over the shares judged: the worst of them, and the smallest share at which it is so. */
function find(row: Row, judged: readonly Pick<SweptShare, "share" | "metrics">[]): Finding {
  const verdicts = judged.map(({ share, metrics }) => ({ share, verdict: judge(metrics[row.rule], row.limit) }))
  for (const verdict of ["breaks", "open"] as const) {
    const first = verdicts.find((v) => v.verdict === verdict)
    if (first !== undefined) return { ...row, verdict, share: first.share }
  }
  const isMeasured = verdicts.some((v) => v.verdict === "holds")
  return { ...row, verdict: isMeasured ? "holds" : "not measured", share: undefined }
}

function defenceCostOf(withIt: readonly Outcome[], without: readonly Outcome[]): number {
  let [spent, prevented] = [0, 0]
  withIt.forEach((o, i) => {
    spent += o.spent - without[i].spent
    prevented += without[i].paidForNothing - o.paidForNothing
  })
  return prevented > 0 ? spent / prevented : NaN
}
