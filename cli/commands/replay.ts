/** blackstart replay: derives every hash of a run again, and says that they agree or where they first do not. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import type { Difference, Replayed } from "../../simulation/record/replay.ts"
import { does } from "../does.ts"
import { meter, silent } from "../progress.ts"

interface Input {
  readonly run: string
  readonly json: boolean
}

export const replay = Command.make(
  "replay",
  {
    run: Argument.String("run").pipe(Argument.withDescription("A run's folder, or an exported chain's")),
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("For programs: the last line is one JSON object"),
      Flag.withDefault(false),
    ),
  },
  does(async ({ run, json }: Input) => {
    const { isChainRun, replayChain } = await import("../../testnet/ledger/export.ts")
    const { replayRun } = isChainRun(run) ? { replayRun: replayChain } : await import("../../simulation/record/replay.ts")
    const shown = json ? silent : meter()
    const replayed = await replayRun(run, (p) =>
      shown.show({ stage: "replaying", atS: p.epoch, beginS: 0, endS: p.epochs, events: p.events, seconds: p.seconds }),
    ).finally(shown.stop)
    if (json) process.stdout.write(`${JSON.stringify(replayed)}\n`)
    else if (replayed.verified) process.stdout.write(`${verified(replayed)}\n`)
    if (replayed.difference === undefined) return
    process.stderr.write(`${differs(run, replayed.difference)}\n`)
    process.exitCode = 1
  }),
).pipe(Command.withDescription("Derive every hash of a run again: verified, or the first epoch that differs"))

function verified({ how, epochs, events, seconds, logHash }: Replayed): string {
  const rate = Math.round(events / Math.max(seconds, 0.001)).toLocaleString("en-GB")
  return `verified: ${epochs.toLocaleString("en-GB")} epochs, ${events.toLocaleString("en-GB")} events, ${how} in ${seconds.toFixed(1)} s (${rate} events/s)\nlog hash ${logHash}`
}

function differs(run: string, { epoch, at, what, expected, found }: Difference): string {
  const place = `${run}: epoch ${epoch} (ends ${at})`
  if (what === "truncated")
    return `${place} is the first that is not whole: it should have ${expected}, and ${found}; resume the run, or run its scenario again`
  if (what === "manifest")
    return `${place} is the last, and run.json names another log hash, ${expected}, than the log, ${found}; one of the two was changed: run its scenario again`
  return `${place} is the first that differs: its ${what} hash was recorded as ${expected} and is ${found}; the log, or the program since, was changed: run its scenario again, at the commit in run.json`
}
