/** blackstart report claims: puts the claims to the test, and writes an index and a page each. */
import { availableParallelism } from "node:os"
import { join } from "node:path"
import * as Option from "effect/Option"
import type { ClaimAbout } from "../../reports/claim.ts"
import { mistake } from "../failure.ts"
import { meter, silent } from "../progress.ts"
import { commit, version } from "../version.ts"

export interface ClaimsInput {
  readonly only: readonly string[]
  readonly seeds: number
  readonly seedsFrom: number
  readonly nodes: Option.Option<number>
  readonly workers: Option.Option<number>
  readonly out: Option.Option<string>
  readonly cache: string
  readonly keep: boolean
  readonly json: boolean
}

const SEEDS_MAX = 10_000
const WORKERS_MAX = 1024

export async function reportClaims(input: ClaimsInput): Promise<void> {
  const { claimNames, testClaim } = await import("../../simulation/claims/index.ts")
  const { threadEngine } = await import("../../simulation/study/engine-threads.ts")
  const { readClaims, writeClaim } = await import("../../simulation/claims/write.ts")
  const { replaceFile } = await import("../../simulation/record/durable.ts")
  const { claimPage } = await import("../../reports/claim.ts")
  const { claimsIndex } = await import("../../reports/claims.ts")
  for (const name of input.only)
    if (!claimNames.includes(name)) mistake(`--only ${name}: there is no such claim; there are ${claimNames.join(", ")}`)
  checkNumbers(input)
  const out = Option.getOrElse(input.out, () => join("runs", "claims"))
  const nodes = Option.getOrUndefined(input.nodes)
  const workers = Option.getOrElse(input.workers, () => availableParallelism())
  const commandOf = (only: readonly string[]): string =>
    [
      "npm run report -- claims",
      ...only.map((o) => `--only ${o}`),
      `--seeds ${input.seeds}`,
      ...(input.seedsFrom === 1 ? [] : [`--seeds-from ${input.seedsFrom}`]),
      ...(nodes === undefined ? [] : [`--nodes ${nodes}`]),
    ].join(" ")
  const told = { commit: commit(), version }
  for (const name of input.only.length === 0 ? claimNames : input.only) {
    const shown = input.json ? silent : meter()
    const began = performance.now()
    // oxlint-disable-next-line no-await-in-loop -- one claim after the other: each has all the workers
    const result = await testClaim(name, {
      engine: (pastDir) => threadEngine(workers, pastDir),
      cacheDir: input.keep ? input.cache : undefined,
      seedsFrom: input.seedsFrom,
      seeds: input.seeds,
      nodes,
      onProgress: (done, all) =>
        shown.show({
          atS: done,
          beginS: 0,
          endS: all,
          events: 0,
          seconds: (performance.now() - began) / 1000,
          stage: name,
          said: `${done} of ${all} runs`,
        }),
    })
    shown.stop()
    const about: ClaimAbout = { ...told, command: commandOf([name]), at: new Date().toISOString() }
    // oxlint-disable-next-line no-await-in-loop
    await writeClaim(join(out, name), result, about)
    replaceFile(join(out, name, "report.html"), claimPage(result, about))
    const { verdict, sentence, provenance: p } = result
    if (input.json) process.stdout.write(`${JSON.stringify({ ...result, tables: result.tables.map((t) => t.name) })}\n`)
    else process.stdout.write(`${name}: ${verdict}. ${sentence} ${p.runs} runs (${p.cached} kept), ${p.seconds.toFixed(0)} s.\n`)
  }
  const found = readClaims(out)
  const all = claimNames.flatMap((name) => {
    const one = found.get(name)
    return one === undefined ? [] : [{ result: one.result, about: one.about as ClaimAbout }]
  })
  const missing = claimNames.filter((n) => !found.has(n))
  replaceFile(join(out, "report.html"), claimsIndex(all, missing, { ...told, command: commandOf([]) }))
  if (!input.json) process.stdout.write(`Pages: ${join(out, "report.html")}\n`)
}

function checkNumbers({ seeds, seedsFrom, nodes, workers }: ClaimsInput): void {
  const inside = (flag: string, value: number, from: number, to: number): void => {
    if (!(value >= from && value <= to)) mistake(`--${flag} ${value}: it must be a whole number from ${from} to ${to}`)
  }
  inside("seeds", seeds, 2, SEEDS_MAX)
  inside("seeds-from", seedsFrom, 0, Number.MAX_SAFE_INTEGER - seeds)
  if (Option.isSome(nodes)) inside("nodes", nodes.value, 10, 100_000)
  if (Option.isSome(workers)) inside("workers", workers.value, 1, WORKERS_MAX)
}
