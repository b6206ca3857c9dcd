/** A perturbation and what is measured around it: heights before, during and after, who was paid meanwhile, and how long it took to heal. */
import type { Load } from "./trial-load.ts"
import { sleep } from "./trial-load.ts"
import type { Validator, ValidatorNetwork } from "./validator-network.ts"

export type Height = number | null

export interface Perturbed {
  readonly perturbation: string
  readonly expected: "lives" | "halts, then heals"
  readonly validators: readonly string[]
  /** Heights by each validator's own RPC; null where it does not answer. */
  readonly before: readonly Height[]
  readonly during: readonly Height[]
  readonly after: readonly Height[]
  readonly seconds: number
  /** From the end of the perturbation, or from a kill that nobody undoes, until all are level again and blocks come. */
  readonly recoverSeconds: number
  /** FIL paid to the real nodes while it lasted, in microFIL. */
  readonly paidMicroFil: number
  readonly acknowledged: number
  readonly ok: boolean
  readonly note: string
}

export interface Plan {
  readonly name: string
  readonly expected: Perturbed["expected"]
  /** Who is not counted on while it lasts. */
  readonly away: readonly number[]
  readonly seconds: number
  readonly act: () => Promise<void> | void
  readonly undo?: () => Promise<void> | void
  /** What else must be so while it lasts; returns a note. Throws where it is not. */
  readonly look?: () => Promise<string>
  /** Milliseconds from the act to the return, where nobody undoes it. */
  readonly returned?: () => Promise<number>
  /** The real nodes must have been paid while it lasted. */
  readonly pays?: boolean
  /** Who need not be level at the end. */
  readonly lost?: readonly number[]
}

/** Blocks that the others must make while one is away. */
const ALIVE = 4
/** What was under way when a quorum was lost may still be decided. */
const IN_FLIGHT = 1
const RECOVER_MS = 60_000
const PAID_MS = 20_000

export class Trial {
  readonly rows: Perturbed[] = []
  readonly network: ValidatorNetwork
  readonly load: Load
  readonly #say: (line: string) => void
  #paidBefore = 0

  constructor(network: ValidatorNetwork, load: Load, say: (line: string) => void) {
    this.network = network
    this.load = load
    this.#say = say
  }

  heights = (of: readonly Validator[] = this.network.all): Promise<Height[]> =>
    Promise.all(
      of.map(async ({ rpc }) => {
        try {
          return Number((await rpc.call<{ sync_info: { latest_block_height: string } }>("status")).sync_info.latest_block_height)
        } catch {
          return null
        }
      }),
    )

  /** Resolves when it is so, with the milliseconds it took; rejects after `ms`. */
  async until(what: string, isSo: () => Promise<boolean> | boolean, ms = RECOVER_MS): Promise<number> {
    const began = performance.now()
    for (;;) {
      if (await isSo()) return performance.now() - began
      if (performance.now() - began > ms) throw new Error(`${what} did not happen in ${Math.round(ms / 1000)} s`)
      await sleep(200)
    }
  }

  /** All that answer stand within a block or two of each other, above `floor`, and blocks come. */
  async level(floor: number, lost: readonly number[] = []): Promise<boolean> {
    const heights = (await this.heights()).filter((_, i) => !lost.includes(i))
    if (heights.includes(null)) return false
    const all = heights as number[]
    return Math.min(...all) > floor && Math.max(...all) - Math.min(...all) <= 2
  }

  /** microFIL that the real nodes have earned, by whichever gateway answers. */
  async paid(): Promise<number> {
    for (const { gateway } of this.network.all)
      try {
        const nodes = (await (await fetch(`${gateway}/v1/nodes`, { signal: AbortSignal.timeout(1500) })).json()) as readonly {
          readonly measures: { readonly earnedMicroFil?: number }
        }[]
        // A gateway that lags must not take back what was paid.
        return (this.#paidBefore = Math.max(
          this.#paidBefore,
          nodes.reduce((sum, n) => sum + (n.measures.earnedMicroFil ?? 0), 0),
        ))
      } catch {
        // The next one.
      }
    return this.#paidBefore
  }

  async run({ name, expected, away, seconds, act, undo, look, returned, pays, lost = [] }: Plan): Promise<Perturbed> {
    const before = await this.heights()
    const [paid, acknowledged] = [await this.paid(), this.load.acknowledged.length]
    const began = performance.now()
    let note = ""
    let during: Height[] = []
    let recoverSeconds = Number.NaN
    let ok = true
    try {
      await act()
      // A cut may let through what was on its way: a halt is measured from a second after it.
      await sleep(1000)
      const started = expected === "lives" ? before : await this.heights()
      await sleep(seconds * 1000 - 1000)
      // Elections are drawn and a node may be busy: whoever is away stays away until somebody was paid, or for long enough to say that nobody is.
      if (pays === true) await this.until("a payment", async () => (await this.paid()) > paid, PAID_MS).catch(() => {})
      during = await this.heights()
      if (look !== undefined) note = await look()
      const gained = during.map((h, i) => (h === null || started[i] === null || away.includes(i) ? undefined : h - started[i]))
      const moved = gained.filter((g) => g !== undefined)
      ok = expected === "lives" ? moved.length > 0 && Math.min(...moved) >= ALIVE : moved.every((g) => g <= IN_FLIGHT)
      if (!ok) note = `${note} gained ${gained.map((g) => g ?? "-").join(", ")}`.trim()
    } catch (error) {
      ok = false
      note = (error as Error).message
    }
    const paidMicroFil = (await this.paid()) - paid
    if (pays === true && paidMicroFil <= 0) {
      ok = false
      note = `${note} nobody was paid`.trim()
    }
    const answered = this.load.acknowledged.length - acknowledged
    const lasted = (performance.now() - began) / 1000
    try {
      await undo?.()
      const floor = Math.max(...[...before, ...during].map((h) => h ?? 0))
      recoverSeconds = (await this.until("healing", () => this.level(floor, lost))) / 1000
      if (returned !== undefined) recoverSeconds = (await returned()) / 1000
    } catch (error) {
      ok = false
      note = `${note} ${(error as Error).message}`.trim()
    }
    const row: Perturbed = {
      perturbation: name,
      expected,
      validators: this.network.all.map((v) => v.name),
      before,
      during,
      after: await this.heights(),
      seconds: Math.round(lasted * 10) / 10,
      recoverSeconds: Math.round(recoverSeconds * 10) / 10,
      paidMicroFil,
      acknowledged: answered,
      ok,
      note,
    }
    this.rows.push(row)
    this.#say(lineOf(row))
    return row
  }
}

const heightsOf = (all: readonly Height[]): string => all.map((h) => (h === null ? "-" : String(h))).join(" ")

export const lineOf = (r: Perturbed): string =>
  `${r.ok ? "ok " : "NOT"} ${r.perturbation}: ${heightsOf(r.before)} → ${heightsOf(r.during)} → ${heightsOf(r.after)}, level again in ${r.recoverSeconds} s; ${(r.paidMicroFil / 1e6).toFixed(2)} FIL paid and ${r.acknowledged} acknowledged meanwhile${r.note === "" ? "" : `; ${r.note}`}`

/** The table as Markdown. */
export const tableOf = (rows: readonly Perturbed[]): string =>
  [
    "| perturbation | expected | heights before | during | after | s | level again [s] | paid [FIL] | acknowledged | so? | note |",
    "|---|---|---|---|---|---|---|---|---|---|---|",
    ...rows.map(
      (r) =>
        `| ${r.perturbation.replaceAll("|", "\\|")} | ${r.expected} | ${heightsOf(r.before)} | ${heightsOf(r.during)} | ${heightsOf(r.after)} | ${r.seconds} | ${r.recoverSeconds} | ${(r.paidMicroFil / 1e6).toFixed(2)} | ${r.acknowledged} | ${r.ok ? "yes" : "NO"} | ${r.note.replaceAll("|", "\\|")} |`,
    ),
  ].join("\n")
