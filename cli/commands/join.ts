/** blackstart join: a node on this computer joins a testnet, proves, earns, and says so. */
import { isIPv4 } from "node:net"
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
  readonly address: Option.Option<string>
  readonly at: Option.Option<string>
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
      Flag.withDescription("What the node may do; may be repeated (default: you are asked, or whatever the chain needs)"),
      Flag.atLeast(0),
    ),
    sectors: Flag.Int("sectors").pipe(Flag.withDescription("Sectors to keep on this disk (default 1)"), Flag.optional),
    page: Flag.Int("page").pipe(
      Flag.withDescription("Port of the node's own page, on this computer only (default: any)"),
      Flag.optional,
    ),
    address: Flag.String("address").pipe(
      Flag.withDescription("IPv4 address at which other nodes reach this one (default 127.0.0.1: this computer only)"),
      Flag.optional,
    ),
    at: Flag.String("at").pipe(
      Flag.withDescription("Where it stands, as LATITUDE,LONGITUDE: only for the role coverage"),
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
  const { Home, SECTORS_MAX } = await import("../../testnet/node/home.ts")
  const { Agent } = await import("../../testnet/node/agent.ts")
  const { servePage } = await import("../../testnet/node/page.ts")
  const home = new Home(Option.getOrElse(input.home, () => NODE_HOME))
  const before = home.config()
  const gateways = input.url.length > 0 ? input.url : before?.gateways
  if (gateways === undefined)
    mistake("blackstart join needs the address of a gateway the first time, such as http://127.0.0.1:8780")
  for (const gateway of gateways) assertAddress(gateway)
  assertFlags(input, SECTORS_MAX)
  // Whoever is refused because a node runs here must not have changed its settings.
  const unlock = home.lock()
  try {
    const known = input.role.length > 0 ? input.role : before?.roles
    const asked =
      known === undefined && process.stdin.isTTY && process.stdout.isTTY
        ? await ask(gateways, Option.isNone(input.at))
        : undefined
    const roles = known ?? asked?.roles ?? ROLES
    const at = Option.isSome(input.at) ? readPlace(input.at.value) : asked?.at
    const address = Option.getOrElse(input.address, () => before?.address)
    home.saveConfig({
      ...before,
      gateways,
      roles,
      sectors: Option.getOrElse(input.sectors, () => before?.sectors ?? 1),
      pagePort: Option.getOrElse(input.page, () => before?.pagePort ?? 0),
      ...(address === undefined ? {} : { address }),
      ...(at === undefined ? {} : { at }),
    })
    const config = home.config()!
    const stop = new AbortController()
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort())
    const say = (line: string): void => void process.stdout.write(`${line}\n`)
    const agent = new Agent({ home, config, say, signal: stop.signal, leave: input.leave })
    const page = await servePage(config.pagePort, () => agent.standing())
    if (page === undefined) say(`port ${config.pagePort} is taken, so the node runs without its page; --page 0 takes any port`)
    say(
      `node ${agent.standing().key.slice(0, 12)}… of ${home.dir}${page === undefined ? "" : `, its page is ${page.url}`}; Ctrl-C stops it, and it goes on where it was`,
    )
    try {
      const ended = await agent.run()
      if (ended === "stopped") say("stopped: while it is off it misses its proofs; blackstart join starts it again")
    } finally {
      page?.close()
    }
  } finally {
    unlock()
  }
}

/** A flag is blamed by its name, not the config that it would have been written into. */
function assertFlags({ sectors, page, address }: Input, sectorsMax: number): void {
  const isFrom = (n: number, min: number, max: number): boolean => Number.isSafeInteger(n) && n >= min && n <= max
  if (Option.isSome(sectors) && !isFrom(sectors.value, 1, sectorsMax))
    mistake(`--sectors must be a whole number from 1 to ${sectorsMax}`)
  if (Option.isSome(page) && !isFrom(page.value, 0, 65_535)) mistake("--page must be a port from 0 (any) to 65535")
  if (Option.isSome(address) && !isIPv4(address.value)) mistake("--address must be an IPv4 address, such as 192.0.2.7")
}

function assertAddress(gateway: string): void {
  const url = URL.canParse(gateway) ? new URL(gateway) : undefined
  if (url === undefined || !/^https?:$/u.test(url.protocol))
    mistake(`${gateway} is no address of a gateway: it should be like http://127.0.0.1:8780`)
}

function readPlace(text: string): { readonly lat: number; readonly lng: number } {
  const parts = text.split(",").map((part) => part.trim())
  const [lat, lng, ...more] = parts.map(Number)
  if (parts.includes("") || more.length > 0 || !(Math.abs(lat) <= 90) || !(Math.abs(lng) <= 180))
    mistake("--at is LATITUDE,LONGITUDE in degrees, such as 48.137,11.575")
  return { lat, lng }
}

const WORDS: Readonly<Record<(typeof ROLES)[number], string>> = {
  storage: "keep sealed bytes on this disk and prove them",
  coverage: "answer beacons of neighbours, and send your own",
  render: "render tiles of pictures",
  lease: "serve websites that you win at auction",
}

interface Answers {
  readonly roles: readonly (typeof ROLES)[number][]
  readonly at?: { readonly lat: number; readonly lng: number }
}

/** Offers the roles of the chain as questions, and asks a hotspot where it stands. An empty answer is yes; without a place none is kept. */
async function ask(gateways: readonly string[], isPlaceOpen: boolean): Promise<Answers> {
  const { createInterface } = await import("node:readline")
  const { GatewayClient, Unreachable } = await import("../../testnet/node/client.ts")
  const { networkOf } = await import("../../protocol/networks/index.ts")
  const status = await new GatewayClient(gateways).status().catch((error: unknown) => {
    if (!(error instanceof Unreachable)) throw error
    process.stdout.write(
      `${error.message}. What its nodes do is not known yet: choose, and the node joins as soon as one answers.\n`,
    )
    return undefined
  })
  const live = networkOf(status?.network ?? "")?.live
  const needed = ROLES.filter((role) => live !== undefined && Object.hasOwn(live, role))
  const line = createInterface({ input: process.stdin, output: process.stdout })
  // Answers that come faster than the questions are kept.
  const lines = line[Symbol.asyncIterator]()
  const question = async (text: string): Promise<string> => {
    line.setPrompt(text)
    line.prompt()
    const { done, value } = await lines.next()
    if (done === true) mistake("the questions were not answered, so nothing was joined: join again, or answer with --role")
    return value.trim()
  }
  const chosen: (typeof ROLES)[number][] = []
  let place = ""
  try {
    if (status !== undefined) process.stdout.write(`${status.chain} runs ${status.network}; its nodes do ${needed.join(", ")}.\n`)
    for (const role of needed.length > 0 ? needed : ROLES) {
      const answer = (await question(`Shall this computer ${WORDS[role]} (${role})? [Y/n] `)).toLowerCase()
      if (answer === "" || answer.startsWith("y")) chosen.push(role)
    }
    if (isPlaceOpen && needed.includes("coverage") && chosen.includes("coverage"))
      place = await question("Where does it stand, as LATITUDE,LONGITUDE (such as 48.137,11.575)? ")
  } finally {
    line.close()
  }
  if (chosen.length === 0) mistake("a node needs a role: join again, or name one with --role")
  return place === "" ? { roles: chosen } : { roles: chosen, at: readPlace(place) }
}
