/** blackstart explain: what a name means, where its number comes from, and how to change it. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import { nearest } from "../../protocol/kernel/param.ts"
import { catalogue, type Entry } from "../catalogue.ts"
import { does } from "../does.ts"
import { mistake } from "../failure.ts"

export const explain = Command.make(
  "explain",
  {
    name: Argument.String("name").pipe(
      Argument.withDescription(
        "A parameter such as helium.witnessesMax, or a metric, event, refusal, invariant, preset or network",
      ),
    ),
  },
  does(async ({ name }: { readonly name: string }) => {
    process.stdout.write(`${find(name).map(say).join("\n\n")}\n`)
  }),
).pipe(Command.withDescription("Explain a parameter or any other name: unit, range, source, reason"))

/** Entries of that name: in full, or without its network when it is said without one. */
function find(name: string): readonly Entry[] {
  const all = catalogue()
  const found = all.filter((e) => e.name === name)
  if (found.length > 0) return found
  const short = all.filter((e) => e.short === name)
  if (short.length > 0) return short
  const names = name.includes(".") ? [...new Set(all.map((e) => e.name))] : [...new Set(all.map((e) => e.short))]
  const near = nearest(name, names)!
  const meant = all.find((e) => e.name === near || e.short === near)!
  const range = meant.facts.find(([label]) => label === "range")
  mistake(
    `there is nothing called ${name}; did you mean ${meant.name} (${meant.kind}${range === undefined ? "" : `, ${range[1]}`})?`,
  )
}

function say({ kind, name, facts }: Entry): string {
  const width = Math.max(...facts.map(([label]) => label.length))
  return [`${name} (${kind})`, ...facts.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`)].join("\n")
}
