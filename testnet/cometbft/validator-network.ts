/** A whole network of validators from nothing: keys, one genesis, a home for each, and the pairs that run them. */
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { RecordProblem, replaceFile } from "../../protocol/boundary/durable.ts"
import type { Genesis } from "../ledger/genesis.ts"
import { readGenesis } from "../ledger/genesis.ts"
import { GENESIS_FILE } from "../ledger/recovery.ts"
import {
  keyHexOf,
  newEngineKey,
  nodeIdOf,
  PRIVATE_STATE,
  writeConfig,
  writeEngineGenesis,
  writeKeys,
  type EngineKey,
  type EngineSettings,
} from "./engine-home.ts"
import type { Host, Hosts } from "./hosts.ts"
import { homeOf, type ValidatorConfig, type ValidatorHome } from "./layout.ts"
import { Pair } from "./pair.ts"
import { CometRpc } from "./rpc.ts"

const STAKE_ATTO = String(100n * 10n ** 18n)
const FILE = "validators.json"

export interface NetworkOptions {
  readonly hosts: Hosts
  readonly engine: string
  readonly commitMs: number
  readonly snapshotEveryBlocks?: number
  readonly tell?: (sentence: string) => void
  /** Address that gateways listen on, where it is not the host's own. */
  readonly gatewayHost?: string
  readonly limits?: ValidatorConfig["limits"]
}

/** What the folder remembers beside the keys. */
interface Written {
  readonly genesisTime: string
  readonly nodeIds: readonly string[]
  readonly names: readonly string[]
}

export interface Validator {
  readonly name: string
  readonly home: ValidatorHome
  readonly host: Host
  readonly nodeId: string
  readonly pair: Pair
  readonly rpc: CometRpc
  readonly gateway: string
}

export const hasValidators = (dir: string): boolean => existsSync(join(dir, FILE))

/** Writes a new network of `count` validators with equal stake into `dir`. Throws a RecordProblem where one is. */
export function createValidators(dir: string, genesis: Genesis, count: number): void {
  if (existsSync(join(dir, FILE))) throw new RecordProblem(`${dir} has validators already`)
  const keys = Array.from({ length: count }, () => ({ validator: newEngineKey(), node: newEngineKey() }))
  const names = keys.map((_, i) => `v${i}`)
  const full = readGenesis(
    {
      ...genesis,
      validators: keys.map(({ validator }, i) => ({ name: names[i], key: keyHexOf(validator), stakeAtto: STAKE_ATTO })),
    },
    "the new chain",
  )
  const written: Written = { genesisTime: new Date().toISOString(), nodeIds: keys.map(({ node }) => nodeIdOf(node)), names }
  for (const [i, { validator, node }] of keys.entries())
    writeHome(join(dir, names[i]), full, written.genesisTime, validator, node)
  writeFileSync(join(dir, FILE), `${JSON.stringify(written, null, 1)}\n`)
}

function writeHome(dir: string, genesis: Genesis, genesisTime: string, validator: EngineKey, node: EngineKey): void {
  const home = homeOf(dir)
  mkdirSync(home.chain, { recursive: true })
  replaceFile(join(home.chain, GENESIS_FILE), `${JSON.stringify(genesis, null, 1)}\n`)
  writeKeys(home.engine, validator, node)
  writeEngineGenesis(home.engine, genesis, genesisTime)
}

export class ValidatorNetwork {
  readonly dir: string
  readonly all: readonly Validator[]
  readonly #options: NetworkOptions
  readonly #written: Written

  /** Opens the network in `dir`, with one host for each validator and one to spare for each newcomer. */
  constructor(dir: string, options: NetworkOptions) {
    this.dir = dir
    this.#options = options
    this.#written = JSON.parse(readFileSync(join(dir, FILE), "utf8")) as Written
    this.all = this.#written.names.map((name, i) => this.#validator(name, i, this.#written.nodeIds[i]))
    for (const [i] of this.all.entries()) this.configure(i)
  }

  start(): void {
    for (const { pair } of this.all) pair.start()
  }
  stop = async (): Promise<void> => {
    await Promise.all(this.all.map(({ pair }) => pair.stop()))
  }

  /** Writes a validator's settings again, before it starts: with a lie for the trials, or a block to sync its state from. */
  configure(i: number, more: { trial?: ValidatorConfig["trial"]; stateSync?: EngineSettings["stateSync"] } = {}): void {
    this.#write(
      this.all[i],
      this.all.filter((_, j) => j !== i),
      more,
    )
  }

  /** Forgets a validator's chain and blocks, but neither its keys nor what it signed: it may join again, and may not sign twice. */
  forget(i: number): void {
    const { home } = this.all[i]
    const signed = readFileSync(join(home.engine, PRIVATE_STATE))
    rmSync(join(home.engine, "data"), { recursive: true })
    mkdirSync(join(home.engine, "data"))
    writeFileSync(join(home.engine, PRIVATE_STATE), signed, { mode: 0o600 })
    const genesis = readFileSync(join(home.chain, GENESIS_FILE))
    rmSync(home.chain, { recursive: true })
    mkdirSync(home.chain)
    writeFileSync(join(home.chain, GENESIS_FILE), genesis)
  }

  /** A node beside the validators, on the host of that number: with a key of its own, or with one of theirs. */
  newcomer(name: string, host: number, key?: EngineKey, stateSync?: EngineSettings["stateSync"]): Validator {
    const { home } = this.all[0]
    const genesis = readGenesis(JSON.parse(readFileSync(join(home.chain, GENESIS_FILE), "utf8")))
    const node = newEngineKey()
    rmSync(join(this.dir, name), { recursive: true, force: true })
    writeHome(join(this.dir, name), genesis, this.#written.genesisTime, key ?? newEngineKey(), node)
    const validator = this.#validator(name, host, nodeIdOf(node))
    this.#write(validator, this.all, { stateSync })
    return validator
  }

  #validator(name: string, i: number, nodeId: string): Validator {
    const { hosts, engine, tell, gatewayHost } = this.#options
    const host = hosts.all[i]
    const home = homeOf(join(this.dir, name))
    return {
      name,
      home,
      host,
      nodeId,
      pair: new Pair({ name, home, engine, place: host.place, tell }),
      rpc: new CometRpc([rpcOf(host)]),
      gateway: `http://${gatewayHost ?? host.ip}:${host.gatewayPort}`,
    }
  }

  #write(
    { name, home, host }: Validator,
    others: readonly Validator[],
    { trial, stateSync }: { trial?: ValidatorConfig["trial"]; stateSync?: EngineSettings["stateSync"] },
  ): void {
    const { commitMs, snapshotEveryBlocks = 100, gatewayHost } = this.#options
    // A socket's path is short by law; the chain's folder may be deep.
    const id = createHash("sha256").update(home.dir).digest("hex").slice(0, 12)
    const socket = join(tmpdir(), `blackstart-${id}.sock`)
    writeConfig(home.engine, {
      moniker: name,
      socket,
      rpc: `tcp://${host.ip}:${host.rpcPort}`,
      p2p: `tcp://${host.ip}:${host.p2pPort}`,
      peers: others.map((v) => `${v.nodeId}@${v.host.ip}:${v.host.p2pPort}`),
      commitMs,
      proposeMs: Math.max(1000, commitMs),
      stateSync,
    })
    const config: ValidatorConfig = {
      name,
      chain: home.chain,
      socket,
      snapshotEveryBlocks,
      haltedAfterMs: Math.max(6000, 8 * commitMs),
      gateway: { host: gatewayHost ?? host.ip, port: host.gatewayPort },
      rpc: rpcOf(host),
      peers: this.#written.names.map((n, i) => ({ name: n, rpc: rpcOf(this.#options.hosts.all[i]) })),
      limits: this.#options.limits,
      trial,
    }
    replaceFile(home.config, `${JSON.stringify(config, null, 1)}\n`)
  }
}

const rpcOf = ({ ip, rpcPort }: Host): string => `http://${ip}:${rpcPort}`
