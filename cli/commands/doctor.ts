/** blackstart doctor: says what is wrong with a node, in plain words. Exit code 1 where something is. */
import * as Command from "effect/cli/Command"
import * as Option from "effect/Option"
import { does } from "../does.ts"
import { homeFlag, NODE_HOME } from "./join.ts"

export const doctor = Command.make(
  "doctor",
  { home: homeFlag },
  does(async ({ home }: { readonly home: Option.Option<string> }) => {
    const { examine } = await import("../../testnet/node/doctor.ts")
    const findings = await examine(Option.getOrElse(home, () => NODE_HOME))
    for (const { ok, text } of findings) process.stdout.write(`${ok ? "ok   " : "wrong"} ${text}\n`)
    const wrong = findings.filter((f) => !f.ok).length
    process.stdout.write(wrong === 0 ? "all is well\n" : `${wrong} thing(s) to mend\n`)
    if (wrong > 0) process.exitCode = 1
  }),
).pipe(Command.withDescription("Look at a testnet node and say what is wrong, in plain words"))
