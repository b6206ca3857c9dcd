/** docs/reference/adversaries.md: the catalogue as it stands, written from its entries. */
import { catalogue } from "../simulation/adversary/catalogue.ts"
import { FAMILIES, type Entry, type Family } from "../simulation/adversary/entry.ts"

const VIEWS = {
  V0: "V0: the public state",
  V1: "V1: the public state and its own nodes",
  V2: "V2: control of the network between nodes",
  V3: "V3: an insider's office",
} as const
const AIMS: Readonly<Record<Entry["aim"], string>> = {
  rho: "income per cost",
  harm: "service lost",
  own: "its own metric",
  denial: "service not paid",
  collateral: "honest nodes penalised",
}

const entry = (e: Entry): string => {
  const knobs = Object.entries(e.knobs).map(
    ([name, k]) => `  - \`${name}\`, ${k.unit}, ${k.range[0]} to ${k.range[1]}; tried ${k.tries.join(", ")}. ${k.because}`,
  )
  return [
    `### ${e.id} ${e.name}`,
    "",
    `${e.goal} ${VIEWS[e.view]}.`,
    "",
    `- Played on: ${e.where === "ensemble" ? `an arena of its own, ${e.rules}` : e.where === "resilience" ? "the resilience mechanisms' own machine" : `the whole machine of ${e.where}`}; share ${e.share}.`,
    `- Defence: ${e.defence.name}. Off: ${e.defence.off}. Source: ${e.defence.source}.`,
    `- Cost: ${e.cost}`,
    `- Search: makes ${AIMS[e.aim]} as large as it can${knobs.length === 0 ? "; no knobs." : ", by"}`,
    ...knobs,
    ...(e.own === undefined ? [] : [`- Own metric: ${e.own.name} (${e.own.unit}). ${e.own.because}`]),
    ...(e.control === undefined ? [] : [`- Positive control: ${e.control}.`]),
    ...e.seen.map((s) => `- Seen: ${s.figure} (${s.source}).`),
    `- Not modelled: ${e.omits}`,
    "",
  ].join("\n")
}

export function renderAdversaries(): string {
  const families = Object.entries(FAMILIES) as [Family, string][]
  return [
    "# Adversaries",
    "",
    "Generated from simulation/adversary by `npm run docs`; do not edit.",
    "",
    "An adversary is a policy `(view, budget, rng) → commands`: it acts through the commands everybody has, sees what its capability allows, and draws",
    "from dice of its own, so that adding it moves nobody else's luck. Each play has a twin without it at the same seed. Knobs are searched by successive",
    "halving (every combination at two seeds, the better ones at six), with the defence and without; the best setting is judged on seeds it was not chosen by.",
    "`npx blackstart adversaries` plays all of them; `npx blackstart adversaries A1 --seeds 6` one.",
    "",
    "- ρ: income per cost of the adversary over that of honest nodes. Hardware costs what it earns honestly, unless an entry says otherwise.",
    "- L: value paid for nothing, of all paid. F: value delivered and not paid, of all delivered. H: one less service with the adversary over service without.",
    "- K: honest units of all penalised. P(h) and the median time to detect by Kaplan and Meier. E: income between first cheat and first loss.",
    "- Limits for shares up to a third: the upper bound of ρ ≤ 1, L ≤ 1 %, F ≤ 0.1 %, K ≤ 5 %, each by its 95 % interval over seeds.",
    "",
    "A sum of what is not modelled: learning adversaries, coalitions of several entries at once, and defences that answer an attack by a change of rules.",
    "Figures marked UNVERIFIED in the fact sheet keep that mark here.",
    "",
    `| | entries | of them on whole machines |`,
    `| --- | ---: | ---: |`,
    ...families.map(([f, name]) => {
      const own = catalogue.filter((e) => e.family === f)
      return `| ${f} ${name} | ${own.length} | ${own.filter((e) => e.where !== "ensemble").length} |`
    }),
    "",
    ...families.flatMap(([f, name]) => [`## ${f} ${name}`, "", ...catalogue.filter((e) => e.family === f).map(entry)]),
    "## In the fact sheet and not played",
    "",
    "A3 (a farm on one antenna: only its density cap, K10), A8 (wrong-hand reporting: its collateral is A2's), B2 (generation attack) and B3 (outsourcing): closed forms",
    "at most; B9 (gatekeeper capture), C5 (long range), C8 (order-free check: the exam's batch law covers it per command), E4 (audit capture: closed form), G5 (exit threat).",
    "",
  ].join("\n")
}
