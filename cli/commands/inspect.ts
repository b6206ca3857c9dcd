/** blackstart inspect: what is in a run, in one epoch of it, about one node, or along the way of one event. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { does } from "../does.ts"

interface Input {
  readonly run: string
  readonly epoch: Option.Option<number>
  readonly network: Option.Option<string>
  readonly node: Option.Option<number>
  readonly walk: Option.Option<string>
}

export const inspect = Command.make(
  "inspect",
  {
    run: Argument.String("run").pipe(Argument.withDescription("A run's folder")),
    epoch: Flag.Int("epoch").pipe(Flag.withDescription("One epoch, by its number"), Flag.optional),
    network: Flag.String("network").pipe(Flag.withDescription("One network of the run"), Flag.optional),
    node: Flag.Int("node").pipe(Flag.withDescription("One node, by its number"), Flag.optional),
    walk: Flag.String("walk").pipe(Flag.withDescription("The way of an event, from the world to the record"), Flag.optional),
  },
  does(async ({ run, epoch, network, node, walk }: Input) => {
    const { inspectRun } = await import("../../simulation/record/inspect.ts")
    const asked = {
      epoch: Option.getOrUndefined(epoch),
      network: Option.getOrUndefined(network),
      node: Option.getOrUndefined(node),
      walk: Option.getOrUndefined(walk),
    }
    process.stdout.write(`${(await inspectRun(run, asked)).join("\n")}\n`)
  }),
).pipe(Command.withDescription("Show what is in a run"))
