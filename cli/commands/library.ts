/** blackstart library: plays every incident on record, and sets what it came to beside what was published. */
// oxlint-disable unicorn/require-post-message-target-origin -- a thread of ours, not a window
import { mkdirSync, writeFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import { Worker } from "node:worker_threads"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import type { Played } from "../../simulation/record/library.ts"
import { does } from "../does.ts"
import { mistake } from "../failure.ts"
import { commit } from "../version.ts"

const HANDS_MAX = 8

interface Answer {
  readonly index: number
  readonly played?: Played
  readonly problem?: string
  readonly isMistake?: boolean
}

export interface LibraryInput {
  readonly file: Option.Option<string>
  readonly only: readonly string[]
  readonly nodes: Option.Option<number>
  readonly out: string
  readonly json: boolean
}

export const library = Command.make(
  "library",
  {
    file: Argument.String("file").pipe(
      Argument.withDescription("A .json file of incident records, instead of the library that comes with blackstart"),
      Argument.optional,
    ),
    only: Flag.String("only").pipe(Flag.withDescription("One incident, by its id; may be repeated"), Flag.atLeast(0)),
    nodes: Flag.Int("nodes").pipe(Flag.withDescription("Size of each network of 1,000 nodes or more"), Flag.optional),
    out: Flag.String("out").pipe(Flag.withDescription("The folder for the page"), Flag.withDefault("runs/library")),
    json: Flag.Boolean("json").pipe(Flag.withDescription("For programs: one JSON object an incident"), Flag.withDefault(false)),
  },
  does(reportLibrary),
).pipe(Command.withDescription("Play every incident on record, and set the outcome beside what was published"))

/** Plays incidents and writes their page; also `blackstart report library`. */
export async function reportLibrary({ file, only, nodes, out, json }: LibraryInput): Promise<void> {
  const began = performance.now()
  const { incidents, recordsIn } = await import("../../simulation/record/load.ts")
  const all = Option.isSome(file) ? await recordsIn(file.value) : [...(await incidents()).values()]
  const chosen =
    only.length === 0
      ? all
      : only.map(
          (id) =>
            all.find((r) => idOf(r) === id) ??
            mistake(`--only ${id}: there is no incident of this id; blackstart list incidents names them`),
        )
  if (chosen.length === 0) mistake("there is no incident to play")
  const answers = await playAll(chosen, Option.getOrUndefined(nodes))
  const played = answers.flatMap((a) => (a.played === undefined ? [] : [a.played]))
  const failed = answers.flatMap((a, i) =>
    a.problem === undefined ? [] : [{ id: idOf(chosen[i]) ?? `record ${i + 1}`, problem: a.problem }],
  )
  const seconds = (performance.now() - began) / 1000
  const { libraryPage, libraryTable } = await import("../../reports/library.ts")
  if (json) for (const p of played) process.stdout.write(`${JSON.stringify(p)}\n`)
  else process.stdout.write(`${libraryTable(played)}\n`)
  for (const { id, problem } of failed) process.stderr.write(`${id}: ${problem}\n`)
  if (answers.some((a) => a.problem !== undefined && a.isMistake !== true)) process.exitCode = 2
  else if (failed.length > 0) process.exitCode = 1
  if (played.length === 0) return
  mkdirSync(out, { recursive: true })
  const page = join(out, "report.html")
  writeFileSync(page, libraryPage(played, { command: commandOf(file, only, nodes), commit: commit(), failed }))
  if (!json)
    process.stdout.write(
      `${played.length} incidents in ${seconds.toFixed(1)} s on ${handsFor(chosen.length)} cores. Page: ${page}\n`,
    )
}

const idOf = (record: unknown): string | undefined => {
  const { id } = (record ?? {}) as { readonly id?: unknown }
  return typeof id === "string" ? id : undefined
}

const handsFor = (tasks: number): number => Math.max(1, Math.min(availableParallelism(), HANDS_MAX, tasks))

/** Each worker takes the next record as soon as it is free; answers come back in the order of the records. */
async function playAll(records: readonly unknown[], nodes: number | undefined): Promise<readonly Answer[]> {
  const answers: Answer[] = Array.from({ length: records.length })
  let next = 0
  const hands = Array.from(
    { length: handsFor(records.length) },
    () => new Worker(new URL("../library-worker.ts", import.meta.url)),
  )
  await Promise.all(
    hands.map(
      (hand) =>
        new Promise<void>((resolve, reject) => {
          const give = (): void => {
            if (next >= records.length) return void hand.terminate().then(() => resolve(), reject)
            const index = next++
            hand.postMessage({ index, record: records[index], nodes })
          }
          hand.on("message", (answer: Answer) => {
            answers[answer.index] = answer
            give()
          })
          hand.on("error", reject)
          give()
        }),
    ),
  )
  return answers
}

const commandOf = (file: Option.Option<string>, only: readonly string[], nodes: Option.Option<number>): string =>
  [
    "npx blackstart library",
    ...(Option.isSome(file) ? [file.value] : []),
    ...only.map((id) => `--only ${id}`),
    ...(Option.isSome(nodes) ? [`--nodes ${nodes.value}`] : []),
  ].join(" ")
