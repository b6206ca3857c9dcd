/**
 * What was measured on real validators: `npm run validators -- perturb` leaves a table of every perturbation, and the claim about the
 * ledger reads it. It is one run on one computer, and says so.
 */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { judged } from "./ask.ts"
import type { Judged, Threshold, Tidy } from "./claim.ts"
import { over } from "./ladder.ts"

const FILE = "docs/internals/data/perturbations.json"
/** Nodes are paid every second or two: what was over sooner says nothing about pay. */
const LONG_ENOUGH_S = 5
const WERE_PAID: Threshold = { at: 0.5, side: "above" }
const MICRO = 1e6

export interface Perturbation {
  readonly perturbation: string
  readonly expected: string
  readonly seconds: number
  readonly recoverSeconds: number
  readonly paidMicroFil: number
  readonly acknowledged: number
  readonly ok: boolean
}
export interface Perturbed {
  readonly at: string
  readonly engine: string
  readonly validators: number
  readonly loadAverage: readonly number[]
  readonly perturbations: readonly Perturbation[]
  readonly invariants: readonly { readonly invariant: string; readonly ok: boolean; readonly detail: string }[]
}

export const readPerturbed = (): Perturbed =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../../${FILE}`, import.meta.url)), "utf8")) as Perturbed

/** One case a perturbation in which a quorum was left for long enough to be paid: 1 where nodes were paid meanwhile, 0 where not. */
export const measuredCases = ({ perturbations }: Perturbed): readonly Judged[] =>
  perturbations
    .filter((p) => p.expected === "lives" && p.seconds >= LONG_ENOUGH_S)
    .map((p) =>
      judged(
        { id: "validators", isReference: false },
        `${p.perturbation}, ${p.seconds.toFixed(1)} s`,
        over([p.paidMicroFil > 0 && p.ok ? 1 : 0]),
        WERE_PAID,
        "nodes paid meanwhile: four real validators on one computer, one in trouble at a time, once (0 or 100 %)",
        "share",
      ),
    )

/** What a person should know of that measurement, a sentence each. */
export function measuredChoices(m: Perturbed): readonly string[] {
  const halted = m.perturbations.filter((p) => p.expected !== "lives")
  const broken = m.invariants.filter((i) => !i.ok)
  return [
    `Measured ${m.at.slice(0, 10)} on ${m.validators} CometBFT ${m.engine} validators on one computer (load ${m.loadAverage[0].toFixed(0)}), once: ${FILE}; docs/internals/validators.md has the heights.`,
    ...halted.map(
      (p) =>
        `${p.perturbation}: without a quorum the chain stood still${p.ok ? ", lost nothing," : ""} and went on ${p.recoverSeconds.toFixed(1)} s after the cut was healed.`,
    ),
    broken.length === 0
      ? `All ${m.invariants.length} invariants held: ${m.invariants.map((i) => i.detail).join("; ")}.`
      : `Broken: ${broken.map((i) => `${i.invariant} (${i.detail})`).join("; ")}.`,
  ]
}

export const measuredTable = (m: Perturbed): Tidy => ({
  name: "validators",
  because: "One row a perturbation of four real validators.",
  columns: [
    { name: "perturbation", unit: "words", because: "What was done." },
    { name: "expected", unit: "words", because: "Whether a quorum is left." },
    { name: "seconds", unit: "s", because: "How long it lasted." },
    { name: "recover", unit: "s", because: "From its end until every validator was level again." },
    { name: "paid", unit: "test FIL", because: "Paid to nodes meanwhile." },
    { name: "acknowledged", unit: "commands", because: "Acknowledged meanwhile; each is on the chain once." },
  ],
  rows: m.perturbations.map((p) => [
    p.perturbation,
    p.expected,
    p.seconds,
    p.recoverSeconds,
    p.paidMicroFil / MICRO,
    p.acknowledged,
  ]),
})
