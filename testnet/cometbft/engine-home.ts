/** CometBFT's own home, written whole by us: keys, genesis and the settings that differ from its defaults. */
import { generateKeyPairSync } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { replaceFile } from "../../protocol/boundary/durable.ts"
import { fromHex, toHex } from "../../protocol/kernel/hash.ts"
import type { Genesis } from "../ledger/genesis.ts"
import { addressOf, EVIDENCE_BLOCKS, EVIDENCE_MS, powerOf } from "../ledger/quorum.ts"

/** An Ed25519 key as the engine's files hold it: 32 bytes of seed, then the public key. */
export interface EngineKey {
  readonly publicKey: Uint8Array
  readonly secret: Uint8Array
}

export function newEngineKey(): EngineKey {
  const { d, x } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }) as { d: string; x: string }
  const publicKey = new Uint8Array(Buffer.from(x, "base64url"))
  return { publicKey, secret: new Uint8Array(Buffer.concat([Buffer.from(d, "base64url"), publicKey])) }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64")
const privateKey = ({ secret }: EngineKey) => ({ type: "tendermint/PrivKeyEd25519", value: base64(secret) })
const publicKey = (key: Uint8Array) => ({ type: "tendermint/PubKeyEd25519", value: base64(key) })
/** The name by which peers know a node: the address of its node key. */
export const nodeIdOf = ({ publicKey: key }: EngineKey): string => addressOf(key)

export interface EngineSettings {
  readonly moniker: string
  readonly socket: string
  readonly rpc: string
  readonly p2p: string
  /** id@host:port of the others. */
  readonly peers: readonly string[]
  /** How long a validator waits after a commit for late votes: in effect the time between blocks. */
  readonly commitMs: number
  readonly proposeMs: number
  /** For a newcomer: where to ask, and the block that it was told to trust. */
  readonly stateSync?: { readonly rpcs: readonly string[]; readonly height: number; readonly hash: string }
}

const FILES = { validatorKey: "config/priv_validator_key.json", nodeKey: "config/node_key.json" } as const
export const PRIVATE_STATE = "data/priv_validator_state.json"

/** Writes keys once; they are never replaced. */
export function writeKeys(home: string, validator: EngineKey, node: EngineKey): void {
  mkdirSync(join(home, "config"), { recursive: true })
  mkdirSync(join(home, "data"), { recursive: true })
  const secret = (name: string, value: unknown): void => {
    if (!existsSync(join(home, name))) writeFileSync(join(home, name), `${JSON.stringify(value, null, 1)}\n`, { mode: 0o600 })
  }
  const key = validator.publicKey
  secret(FILES.validatorKey, {
    address: addressOf(key).toUpperCase(),
    pub_key: publicKey(key),
    priv_key: privateKey(validator),
  })
  secret(FILES.nodeKey, { priv_key: privateKey(node) })
  secret(PRIVATE_STATE, { height: "0", round: 0, step: 0 })
}

/** The validator's key as it lies in a home. */
export function readValidatorKey(home: string): EngineKey {
  const { priv_key } = JSON.parse(readFileSync(join(home, FILES.validatorKey), "utf8")) as { priv_key: { value: string } }
  const secret = new Uint8Array(Buffer.from(priv_key.value, "base64"))
  return { secret, publicKey: secret.slice(32) }
}

export function writeEngineGenesis(home: string, genesis: Genesis, genesisTime: string): void {
  const doc = {
    genesis_time: genesisTime,
    chain_id: genesis.chain,
    initial_height: "1",
    consensus_params: {
      block: { max_bytes: String(4 * 1024 * 1024), max_gas: "-1" },
      evidence: {
        max_age_num_blocks: String(EVIDENCE_BLOCKS),
        max_age_duration: String(EVIDENCE_MS * 1_000_000),
        max_bytes: "1048576",
      },
      validator: { pub_key_types: ["ed25519"] },
      version: { app: "1" },
      abci: { vote_extensions_enable_height: "0" },
    },
    validators: genesis.validators!.map(({ name, key, stakeAtto }) => ({
      address: addressOf(fromHex(key)).toUpperCase(),
      pub_key: publicKey(fromHex(key)),
      power: String(powerOf(BigInt(stakeAtto))),
      name,
    })),
    app_hash: "",
    app_state: genesis,
  }
  mkdirSync(join(home, "config"), { recursive: true })
  replaceFile(join(home, "config/genesis.json"), `${JSON.stringify(doc)}\n`)
}

export function writeConfig(home: string, s: EngineSettings): void {
  const ms = (n: number): string => `"${n}ms"`
  const sync =
    s.stateSync === undefined
      ? ["enable = false"]
      : [
          "enable = true",
          `rpc_servers = "${s.stateSync.rpcs.join(",")}"`,
          `trust_height = ${s.stateSync.height}`,
          `trust_hash = "${s.stateSync.hash}"`,
          'trust_period = "1h0m0s"',
          'discovery_time = "5s"',
          'chunk_request_timeout = "5s"',
        ]
  const text = `# Written by blackstart at every start; what is not here is CometBFT's default.
proxy_app = "unix://${s.socket}"
moniker = "${s.moniker}"
db_backend = "goleveldb"
log_level = "main:info,state:info,statesync:info,consensus:error,evidence:info,*:error"

[rpc]
laddr = "${s.rpc}"
grpc_laddr = ""
pprof_laddr = ""

[p2p]
laddr = "${s.p2p}"
persistent_peers = "${s.peers.join(",")}"
persistent_peers_max_dial_period = "2s"
addr_book_strict = false
allow_duplicate_ip = true
pex = false
flush_throttle_timeout = "10ms"
handshake_timeout = "5s"
dial_timeout = "2s"

[mempool]
max_txs_bytes = 268435456

[statesync]
${sync.join("\n")}

[consensus]
timeout_propose = ${ms(s.proposeMs)}
timeout_propose_delta = ${ms(500)}
timeout_prevote = ${ms(500)}
timeout_prevote_delta = ${ms(500)}
timeout_precommit = ${ms(500)}
timeout_precommit_delta = ${ms(500)}
timeout_commit = ${ms(s.commitMs)}
create_empty_blocks = true
peer_gossip_sleep_duration = "20ms"

[tx_index]
indexer = "null"
`
  mkdirSync(join(home, "config"), { recursive: true })
  replaceFile(join(home, "config/config.toml"), text)
}

export const keyHexOf = (key: EngineKey): string => toHex(key.publicKey)
