/** Makes the data files that notebooks read beside their own runs: `node notebooks/data.ts [spiral|concentration]`; without a name, both. */
import { writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { Session } from "../browser/session.ts"
import { SHARES, behindOf } from "./questions/concentration.ts"
import type { Figures } from "./questions/figures.ts"
import { lossesOf } from "./questions/outage.ts"
import { machinesLeft, spiralLoss, spiralOf } from "./questions/spiral.ts"

/** A scenario in this process, without hashes. */
export function playHere(scenario: unknown): Figures {
  const session = new Session(scenario, { chained: false, hasSnapshots: false })
  session.finish()
  return { rows: session.frame(0).rows, measured: {} }
}

const SEEDS = [1, 2, 3, 4, 5]
const DECIMALS = 6

/** Lines of a file, below the two that say what it is and how it was made. */
const MADE: Readonly<Record<string, { readonly what: string; readonly lines: () => Iterable<string> }>> = {
  spiral: {
    what: "150 machines, 350 days: share of frames lost after day 84, and of machines left, by part of the burn paid to nodes and seed",
    *lines() {
      yield "remint_permille,seed,lost_share,machines_left"
      for (const remintPermille of [0, 140, 560]) for (const seed of SEEDS) yield spiralLine(remintPermille, seed)
    },
  },
  concentration: {
    what: "300 hotspots: share of uplinks lost from 11:28 to 14:30, by share behind the provider (nodes: hotspots only; both: users too) and seed",
    *lines() {
      yield "kind,share_percent,seed,lost_share"
      for (const kind of ["nodes", "both"] as const)
        for (const seed of SEEDS) for (const share of SHARES) yield concentrationLine(kind, share, seed)
    },
  },
}
export function spiralLine(remintPermille: number, seed: number): string {
  const figures = playHere(spiralOf({ remintPermille, seed }))
  return [remintPermille, seed, spiralLoss(figures).toFixed(DECIMALS), machinesLeft(figures).toFixed(DECIMALS)].join(",")
}
export function concentrationLine(kind: "nodes" | "both", share: number, seed: number): string {
  const { hotspots } = lossesOf(playHere(behindOf(share, 300, kind === "both", seed)))
  return [kind, share, seed, hotspots.toFixed(DECIMALS)].join(",")
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2)
  const strange = wanted.find((name) => MADE[name] === undefined)
  if (strange !== undefined) {
    console.error(`there is no ${strange}: name ${Object.keys(MADE).join(" or ")}`)
    process.exit(1)
  }
  for (const name of wanted.length > 0 ? wanted : Object.keys(MADE)) {
    const { what, lines } = MADE[name]
    const file = `data/${name}-seeds.csv`
    writeFileSync(new URL(file, import.meta.url), `${[`# ${what}`, `# node notebooks/data.ts ${name}`, ...lines()].join("\n")}\n`)
    console.log(`notebooks/${file}`)
  }
}
