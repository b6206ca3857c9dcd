/** blackstart testnet: a chain of one's own, up with its gateways and nodes, and exported for replay. */
import { spawn, type ChildProcess } from "node:child_process"
import { existsSync, mkdirSync, openSync, readFileSync, writeSync, closeSync } from "node:fs"
import { join } from "node:path"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import type { EmbeddedLedger } from "../../testnet/ledger/embedded.ts"
import { does } from "../does.ts"
import { deploy, undeploy } from "./deploy.ts"
import { picture } from "./picture.ts"
import { mistake } from "../failure.ts"
import { ROOT } from "../version.ts"
import { queryChain, repairChain } from "./testnet-history.ts"
import { generate, runInTwoWorlds } from "./testnet-run.ts"
import { HOSTS, type HostKind } from "../../testnet/cometbft/hosts.ts"
import type { Genesis } from "../../testnet/ledger/genesis.ts"

const FOLDER = join("runs", "testnet")
const PORT = 8780
const GENESIS = "genesis.json"
/** How often simulated nodes are told of. */
const TELL_MS = 15_000

interface Up {
  readonly dir: string
  readonly host: string
  readonly port: number
  readonly gateways: number
  readonly nodes: number
  readonly real: number
  readonly simulated: number
  readonly sectors: number
  readonly places: number
  readonly speed: number
  readonly network: string
  readonly cutDamage: boolean
  readonly validators: number
  readonly hosts: HostKind
  readonly blockMs: number
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
    real: Flag.Int("real").pipe(Flag.withDescription("The same as --nodes"), Flag.withDefault(0)),
    simulated: Flag.Int("simulated").pipe(
      Flag.withDescription("New chain: simulated providers beside the real ones, through the same commands (default 0)"),
      Flag.withDefault(0),
    ),
    sectors: Flag.Int("sectors").pipe(
      Flag.withDescription("Sectors of each real node, and of as many simulated ones, its twins (default 1)"),
      Flag.withDefault(1),
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
    validators: Flag.Int("validators").pipe(
      Flag.withDescription("Validators that agree on blocks by CometBFT, which must be installed; 0: one sequencer (default)"),
      Flag.withDefault(0),
    ),
    hosts: Flag.Literals("hosts", HOSTS).pipe(
      Flag.withDescription("Where validators live: ports of this computer, or network namespaces of their own (root)"),
      Flag.withDefault("loopback" as const),
    ),
    blockMs: Flag.Int("block-ms").pipe(
      Flag.withDescription("With validators: how long to wait for late votes after each block (default 1000)"),
      Flag.withDefault(1000),
    ),
  },
  does(startUp),
).pipe(Command.withDescription("Start a ledger with its gateways, and real nodes if asked, on this computer"))

async function startUp(input: Up): Promise<void> {
  const { EmbeddedLedger } = await import("../../testnet/ledger/embedded.ts")
  const { GENESIS_FILE } = await import("../../testnet/ledger/recovery.ts")
  const { startGateway } = await import("../../testnet/gateway/server.ts")
  if (input.validators > 0) return startValidators(input)
  if (input.gateways < 1 || input.gateways > 20) mistake("--gateways may be 1 to 20")
  const nodes = Math.max(input.nodes, input.real)
  if (nodes < 0 || nodes > 500) mistake("--nodes and --real may be 0 to 500")
  if (input.simulated < 0 || input.simulated > 100_000) mistake("--simulated may be 0 to 100,000")
  const { networkOf } = await import("../../protocol/networks/index.ts")
  if (input.simulated > 0 && networkOf(input.network)?.live?.storage === undefined)
    mistake(`--simulated is for networks that store: ${input.network} has no storage role`)
  if (input.sectors < 1 || input.sectors > 64) mistake("--sectors may be 1 to 64")
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
  const crowd = await gather(input, nodes, ledger, say)
  const children = Array.from({ length: nodes }, (_, i) => startNode(join(input.dir, "nodes", String(i)), urls, i, input.sectors))
  await new Promise<void>((stop) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop())
  })
  crowd()
  say("stopping: the chain stands still until it is up again")
  for (const child of children) child.kill("SIGTERM")
  await Promise.all(gateways.map((g) => g.close()))
  await ledger.close()
}

/** A network of validators, each with its engine, its application and its gateway, and the real nodes that were asked for. */
async function startValidators(input: Up): Promise<void> {
  const { findEngine, HOW_TO_INSTALL, versionOf } = await import("../../testnet/cometbft/engine-program.ts")
  const { makeHosts, whyNoNamespaces } = await import("../../testnet/cometbft/hosts.ts")
  const { createValidators, hasValidators, ValidatorNetwork } = await import("../../testnet/cometbft/validator-network.ts")
  if (input.validators > 20) mistake("--validators may be 0 to 20")
  if (input.nodes < 0 || input.nodes > 500) mistake("--nodes may be 0 to 500")
  if (input.blockMs < 50 || input.blockMs > 60_000) mistake("--block-ms may be 50 to 60000")
  if (input.host !== "127.0.0.1" && input.hosts === "namespaces")
    mistake("--host is for the loopback: namespaces have addresses of their own")
  const engine = findEngine()
  if (engine === undefined) mistake(HOW_TO_INSTALL)
  const why = input.hosts === "namespaces" ? whyNoNamespaces() : undefined
  if (why !== undefined) mistake(`--hosts namespaces: ${why}; leave it out to use ports of this computer`)
  if (existsSync(join(input.dir, GENESIS))) mistake(`${input.dir} has a chain with one sequencer: choose another --dir`)
  if (!hasValidators(input.dir)) createValidators(input.dir, await newGenesis(input), input.validators)
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  const hosts = makeHosts(input.hosts, input.validators)
  const gatewayHost = input.hosts === "loopback" ? input.host : undefined
  const tell = (line: string): void => void process.stderr.write(`${line}\n`)
  let children: readonly ChildProcess[] = []
  let network: InstanceType<typeof ValidatorNetwork> | undefined
  try {
    network = new ValidatorNetwork(input.dir, { hosts, engine, commitMs: input.blockMs, gatewayHost, tell })
    if (network.all.length !== input.validators)
      mistake(`${input.dir} has ${network.all.length} validators: choose another --dir, or --validators ${network.all.length}`)
    network.start()
    const urls = network.all.map((v) => v.gateway)
    say(
      `${network.all.length} validators on CometBFT ${versionOf(engine)}; any ${Math.floor((network.all.length - 1) / 3)} of them may be away`,
    )
    for (const v of network.all) say(`${v.name}: gateway ${v.gateway}, RPC ${v.rpc.endpoint}`)
    say(`to join: npx blackstart join ${urls.join(" ")}`)
    children = Array.from({ length: input.nodes }, (_, i) =>
      startNode(join(input.dir, "nodes", String(i)), urls, i, input.sectors),
    )
    await new Promise<void>((stop) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop())
    })
    say("stopping: the chain stands still until it is up again")
  } finally {
    for (const child of children) child.kill("SIGTERM")
    await network?.stop()
    hosts.close()
  }
}

async function create(input: Up): Promise<void> {
  const { EmbeddedLedger } = await import("../../testnet/ledger/embedded.ts")
  EmbeddedLedger.create(input.dir, await newGenesis(input))
}

/** A genesis of its own, with the authority's key beside it. */
async function newGenesis(input: Up): Promise<Genesis> {
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
    nodes: input.places + input.simulated,
    // An election's winners answer half a slot later.
    ...(input.simulated === 0 ? {} : { simulated: input.simulated, authoritySlackS: 3600 }),
    ...(input.speed === 0 ? {} : { speed: input.speed }),
    authority: hexOf(pair.publicKey),
  }
  return readGenesis(genesis, "the new chain")
}

/** Sets the simulated nodes of the chain going, if it has any; the returned function ends them. */
async function gather(input: Up, real: number, ledger: EmbeddedLedger, say: (line: string) => void): Promise<() => void> {
  const { simulated = 0 } = ledger.application.genesis
  if (simulated === 0) return () => {}
  const { Crowd, follow } = await import("../../testnet/bridge/crowd.ts")
  const { keyPairOf } = await import("../../testnet/ledger/command.ts")
  const authority = keyPairOf(readFileSync(join(input.dir, "authority.pem"), "utf8"))
  // The first of them are the real ones' twins.
  const crowd = new Crowd({ ledger, authority, sectorsOf: (k) => (k < real ? input.sectors : 1) })
  say(`${simulated.toLocaleString("en-GB")} simulated nodes beside them; the first ${real} are twins of the real ones`)
  const stop = follow(ledger, crowd, (sentence) => void process.stderr.write(`${sentence}\n`))
  let told = 0
  const timer = setInterval(() => {
    const refused = Object.entries(crowd.refused).map(([reason, n]) => `${n} ${reason}`)
    const rate = Math.round((crowd.submitted - told) / (TELL_MS / 1000))
    say(
      `simulated nodes: ${crowd.submitted.toLocaleString("en-GB")} commands so far, ${rate}/s${refused.length === 0 ? "" : `; refused: ${refused.join(", ")}`}`,
    )
    told = crowd.submitted
  }, TELL_MS)
  return () => {
    clearInterval(timer)
    stop()
  }
}

/** Hotspots of one's own computer stand about a kilometre apart, in a spiral around Munich. */
const placeOf = (i: number): string =>
  `${(48.137 + 0.009 * Math.sqrt(i) * Math.cos(2.4 * i)).toFixed(5)},${(11.575 + 0.013 * Math.sqrt(i) * Math.sin(2.4 * i)).toFixed(5)}`

function startNode(home: string, urls: readonly string[], i: number, sectors: number): ChildProcess {
  mkdirSync(home, { recursive: true })
  const out = openSync(join(home, "agent.log"), "a", 0o600)
  const child = spawn(
    process.execPath,
    [join(ROOT, "cli/blackstart.mjs"), "join", ...urls, "--home", home, "--at", placeOf(i), "--sectors", String(sectors)],
    {
      stdio: ["ignore", out, out],
    },
  )
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
  Command.withSubcommands([up, exported, queryChain, repairChain, deploy, undeploy, picture, runInTwoWorlds, generate]),
)
