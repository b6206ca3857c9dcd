/** blackstart testnet: a chain of one's own, up with its gateways and nodes, and exported for replay. */
import { spawn, type ChildProcess } from "node:child_process"
import { existsSync, mkdirSync, openSync, readFileSync, writeSync, closeSync } from "node:fs"
import { join } from "node:path"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { does } from "../does.ts"
import { deploy, undeploy } from "./deploy.ts"
import { picture } from "./picture.ts"
import { mistake } from "../failure.ts"
import { ROOT } from "../version.ts"
import { queryChain, repairChain } from "./testnet-history.ts"
import { generate, runInTwoWorlds } from "./testnet-run.ts"

const FOLDER = join("runs", "testnet")
const PORT = 8780

interface Up {
  readonly dir: string
  readonly host: string
  readonly port: number
  readonly gateways: number
  readonly nodes: number
  readonly places: number
  readonly speed: number
  readonly network: string
  readonly cutDamage: boolean
}

const dir = Flag.String("dir").pipe(Flag.withDescription(`The chain's folder (default ${FOLDER})`), Flag.withDefault(FOLDER))

const up = Command.make(
  "up",
  {
    dir,
    host: Flag.String("host").pipe(
      Flag.withDescription("Address the gateways listen on: this computer only, unless you say otherwise"),
      Flag.withDefault("127.0.0.1"),
    ),
    port: Flag.Int("port").pipe(
      Flag.withDescription(`Port of the first gateway (default ${PORT}; 0: any)`),
      Flag.withDefault(PORT),
    ),
    gateways: Flag.Int("gateways").pipe(Flag.withDescription("Gateways, on ports that follow (default 1)"), Flag.withDefault(1)),
    nodes: Flag.Int("nodes").pipe(
      Flag.withDescription("Real node processes to start beside it (default 0)"),
      Flag.withDefault(0),
    ),
    places: Flag.Int("places").pipe(
      Flag.withDescription("New chain: how many nodes may ever join (default 256)"),
      Flag.withDefault(256),
    ),
    speed: Flag.Int("speed").pipe(
      Flag.withDescription(
        "New chain: chain seconds in a second (default: what suits the network; 600 for filecoin: a day takes 144 s)",
      ),
      Flag.withDefault(0),
    ),
    network: Flag.String("network").pipe(
      Flag.withDescription("New chain: the network it runs, and with it the role of its nodes (default filecoin: storage)"),
      Flag.withDefault("filecoin"),
    ),
    cutDamage: Flag.Boolean("cut-damage").pipe(
      Flag.withDescription("Go on from before a hole in the journal; what is cut is kept beside it"),
      Flag.withDefault(false),
    ),
  },
  does(startUp),
).pipe(Command.withDescription("Start a ledger with its gateways, and real nodes if asked, on this computer"))

async function startUp(input: Up): Promise<void> {
  const { EmbeddedLedger } = await import("../../testnet/ledger/embedded.ts")
  const { GENESIS_FILE } = await import("../../testnet/ledger/recovery.ts")
  const { startGateway } = await import("../../testnet/gateway/server.ts")
  if (input.gateways < 1 || input.gateways > 20) mistake("--gateways may be 1 to 20")
  if (input.nodes < 0 || input.nodes > 500) mistake("--nodes may be 0 to 500")
  if (!existsSync(join(input.dir, GENESIS_FILE))) await create(input)
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  const ledger = EmbeddedLedger.open(input.dir, { cutDamage: input.cutDamage, tell: (s) => void process.stderr.write(`${s}\n`) })
  const { blocks, commands, seconds } = ledger.recovered
  const { height, appHash } = ledger.info()
  say(
    `chain ${ledger.application.genesis.chain} at block ${height}, app hash ${appHash.slice(0, 16)}…${blocks === 0 ? "" : `; ${blocks} blocks and ${commands} commands folded from the journal in ${seconds.toFixed(2)} s`}`,
  )
  const gateways = []
  try {
    for (let k = 0; k < input.gateways; k++)
      gateways.push(await startGateway(ledger, { host: input.host, port: input.port === 0 ? 0 : input.port + k }))
  } catch (error) {
    for (const g of gateways) await g.close()
    await ledger.close()
    throw error
  }
  const urls = gateways.map((g) => g.url)
  say(`gateway${urls.length === 1 ? "" : "s"} ${urls.join(" ")}`)
  say(`to join: npx blackstart join ${urls.join(" ")}`)
  const children = Array.from({ length: input.nodes }, (_, i) => startNode(join(input.dir, "nodes", String(i)), urls, i))
  await new Promise<void>((stop) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop())
  })
  say("stopping: the chain stands still until it is up again")
  for (const child of children) child.kill("SIGTERM")
  await Promise.all(gateways.map((g) => g.close()))
  await ledger.close()
}

async function create(input: Up): Promise<void> {
  const { EmbeddedLedger } = await import("../../testnet/ledger/embedded.ts")
  const { DEFAULTS, readGenesis, suited } = await import("../../testnet/ledger/genesis.ts")
  const { hexOf, keyPairOf, newKeyPair } = await import("../../testnet/ledger/command.ts")
  mkdirSync(input.dir, { recursive: true })
  const keyPath = join(input.dir, "authority.pem")
  const pair = existsSync(keyPath) ? keyPairOf(readFileSync(keyPath, "utf8")) : newKeyPair()
  if (!existsSync(keyPath)) {
    const fd = openSync(keyPath, "wx", 0o600)
    writeSync(fd, pair.privateKey.export({ type: "pkcs8", format: "pem" }) as string)
    closeSync(fd)
  }
  const genesis = {
    ...DEFAULTS,
    ...suited(input.network),
    chain: `testnet-${hexOf(pair.publicKey).slice(0, 8)}`,
    network: input.network,
    params: {},
    nodes: input.places,
    ...(input.speed === 0 ? {} : { speed: input.speed }),
    authority: hexOf(pair.publicKey),
  }
  EmbeddedLedger.create(input.dir, readGenesis(genesis, "the new chain"))
}

/** Hotspots of one's own computer stand about a kilometre apart, in a spiral around Munich. */
const placeOf = (i: number): string =>
  `${(48.137 + 0.009 * Math.sqrt(i) * Math.cos(2.4 * i)).toFixed(5)},${(11.575 + 0.013 * Math.sqrt(i) * Math.sin(2.4 * i)).toFixed(5)}`

function startNode(home: string, urls: readonly string[], i: number): ChildProcess {
  mkdirSync(home, { recursive: true })
  const out = openSync(join(home, "agent.log"), "a", 0o600)
  const child = spawn(process.execPath, [join(ROOT, "cli/blackstart.mjs"), "join", ...urls, "--home", home, "--at", placeOf(i)], {
    stdio: ["ignore", out, out],
  })
  closeSync(out)
  return child
}

const exported = Command.make(
  "export",
  { dir, out: Argument.String("out").pipe(Argument.withDescription("A new folder, for blackstart replay")) },
  does(async (input: { readonly dir: string; readonly out: string }) => {
    const { exportChain } = await import("../../testnet/ledger/export.ts")
    const { blocks, commands, events, logHash, stateHash } = exportChain(input.dir, input.out)
    process.stdout.write(
      `${blocks.toLocaleString("en-GB")} blocks, ${commands.toLocaleString("en-GB")} commands, ${events.toLocaleString("en-GB")} events in ${input.out}\nlog hash ${logHash}\nstate hash ${stateHash}\n`,
    )
  }),
).pipe(Command.withDescription("Derive the chain's log again, every signature checked, as a folder that blackstart replay folds"))

export const testnet = Command.make("testnet").pipe(
  Command.withDescription("A live testnet: real nodes on the simulator's own core"),
  Command.withSubcommands([up, exported, queryChain, repairChain, runInTwoWorlds, generate, deploy, undeploy, picture]),
)
