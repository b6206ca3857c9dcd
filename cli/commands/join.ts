/** blackstart join: a node on this computer joins a testnet, proves, earns, and says so. */
import { homedir } from "node:os"
import { join as path } from "node:path"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { does } from "../does.ts"
import { mistake } from "../failure.ts"

export const NODE_HOME = path(homedir(), ".blackstart", "node")
const ROLES = ["storage", "coverage", "render", "lease"] as const

interface Input {
  readonly url: readonly string[]
  readonly home: Option.Option<string>
  readonly role: readonly (typeof ROLES)[number][]
  readonly sectors: Option.Option<number>
  readonly page: Option.Option<number>
  readonly leave: boolean
}

export const homeFlag = Flag.String("home").pipe(
  Flag.withDescription("The node's folder: config, key and sectors (default ~/.blackstart/node)"),
  Flag.optional,
)

export const join = Command.make(
  "join",
  {
    url: Argument.String("url").pipe(
      Argument.withDescription("Gateways of the testnet, in the order they are tried"),
      Argument.variadic(),
    ),
    home: homeFlag,
    role: Flag.Literals("role", ROLES).pipe(
      Flag.withDescription("What the node does: storage; may be repeated"),
      Flag.atLeast(0),
    ),
    sectors: Flag.Int("sectors").pipe(Flag.withDescription("Sectors to keep on this disk (default 1)"), Flag.optional),
    page: Flag.Int("page").pipe(
      Flag.withDescription("Port of the node's own page, on this computer only (default: any)"),
      Flag.optional,
    ),
    leave: Flag.Boolean("leave").pipe(
      Flag.withDescription("Leave cleanly instead: end the sectors, close the account, remove them from the disk"),
      Flag.withDefault(false),
    ),
  },
  does(run),
).pipe(
  Command.withDescription("Join a testnet with a real node: it seals, proves, earns, and shows why"),
  Command.withExamples([{ command: "blackstart join http://127.0.0.1:8780", description: "Join the testnet on this computer" }]),
)

async function run(input: Input): Promise<void> {
  const { BUILT, Home } = await import("../../testnet/node/home.ts")
  const { Agent } = await import("../../testnet/node/agent.ts")
  const { servePage } = await import("../../testnet/node/page.ts")
  const home = new Home(Option.getOrElse(input.home, () => NODE_HOME))
  const before = home.config()
  const gateways = input.url.length > 0 ? input.url : before?.gateways
  if (gateways === undefined)
    mistake("blackstart join needs the address of a gateway the first time, such as http://127.0.0.1:8780")
  const roles = input.role.length > 0 ? input.role : (before?.roles ?? ["storage" as const])
  const missing = roles.filter((r) => !BUILT.includes(r))
  if (missing.length > 0) mistake(`the role ${missing.join(", ")} is not built yet: there is ${BUILT.join(", ")}`)
  home.saveConfig({
    ...before,
    gateways,
    roles,
    sectors: Option.getOrElse(input.sectors, () => before?.sectors ?? 1),
    pagePort: Option.getOrElse(input.page, () => before?.pagePort ?? 0),
  })
  const config = home.config()!
  const unlock = home.lock()
  const stop = new AbortController()
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort())
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  const agent = new Agent({ home, config, say, signal: stop.signal, leave: input.leave })
  const page = await servePage(config.pagePort, () => agent.standing())
  say(
    `node ${agent.standing().key.slice(0, 12)}… of ${home.dir}${page === undefined ? "" : `, its page is ${page.url}`}; Ctrl-C stops it, and it goes on where it was`,
  )
  try {
    const ended = await agent.run()
    if (ended === "stopped") say("stopped: while it is off it misses its proofs; blackstart join starts it again")
  } finally {
    page?.close()
    unlock()
  }
}
