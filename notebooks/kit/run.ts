/** Plays scenarios in the page's own Web Worker, one after another, and keeps what each came to. */
import { Core } from "../../browser/core.ts"
import type { About, Hashes } from "../../browser/messages.ts"
import type { Figures } from "../questions/figures.ts"

export interface Played extends Figures {
  readonly scenario: unknown
  readonly about: About
  /** Of the chain's last header; undefined for a run that was not chained. */
  readonly hashes: Hashes | undefined
}
export interface Wanted {
  /** False leaves the hashes out: for runs of a sweep. */
  readonly chained?: boolean
  /** Numbers per node wanted at the end, by network. */
  readonly measures?: Readonly<Record<string, readonly string[]>>
}

let core: Core | undefined
let queue: Promise<unknown> = Promise.resolve()

/** Plays a scenario to its end. Rejects with one sentence when it cannot. */
export function play(scenario: unknown, wanted: Wanted = {}): Promise<Played> {
  const turn = queue.then(() => playNow(scenario, wanted))
  queue = turn.catch(() => undefined)
  return turn
}

async function playNow(scenario: unknown, { chained = true, measures = {} }: Wanted): Promise<Played> {
  core ??= new Core(new Worker(new URL("../../browser/worker.ts", import.meta.url), { type: "module" }))
  const about = await core.ask("start", { scenario, chained })
  const { rows } = await core.ask("finish", {})
  const measured: Record<string, Record<string, Float64Array>> = {}
  for (const [network, names] of Object.entries(measures))
    for (const measure of names)
      // oxlint-disable-next-line no-await-in-loop -- one worker answers one question at a time
      (measured[network] ??= {})[measure] = await core.ask("measure", { network, measure })
  return { scenario, about, rows, measured, hashes: chained ? await core.ask("hashes", {}) : undefined }
}

/** Several, in turn, without hashes. */
export async function playAll(scenarios: readonly unknown[], wanted: Wanted = {}): Promise<readonly Played[]> {
  return Promise.all(scenarios.map((scenario) => play(scenario, { chained: false, ...wanted })))
}
