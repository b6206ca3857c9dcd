/** A node's home: one small config file, a key that only its owner may read, its sectors. Made on the first start. */
import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from "node:fs"
import { isIPv4 } from "node:net"
import { join } from "node:path"
import { explainFailure, RecordProblem, replaceFile } from "../../protocol/boundary/durable.ts"
import { keyPairOf, newKeyPair, type KeyPair } from "../ledger/command.ts"
import { holderOf, lock } from "../ledger/lock.ts"

export const ROLES = ["storage", "coverage", "render", "lease"] as const
export type Role = (typeof ROLES)[number]

export interface Config {
  /** Tried in this order, then round and round. */
  readonly gateways: readonly string[]
  readonly roles: readonly Role[]
  /** Sectors to keep on this disk. */
  readonly sectors: number
  /** Port of the page on this computer; 0: any free one. */
  readonly pagePort: number
  /** IPv4 address that other nodes reach this one at; without it, this computer only. */
  readonly address?: string
  /** Where it stands, in degrees: what a hotspot says of its place. */
  readonly at?: { readonly lat: number; readonly lng: number }
  /** Ports that its role listens on; any free one the first time, and then the same. */
  readonly servePort?: number
  readonly beaconPort?: number
  /** The chain it joined, learnt on the first contact and held to. */
  readonly chain?: string
}
export const SECTORS_MAX = 64
const CONFIG_FILE = "config.json"
const KEY_FILE = "key.pem"
const LOCK_FILE = "agent.lock"

/** Reads a config. Throws a RecordProblem that names the field and what it may be. */
export function readConfig(data: unknown, where: string): Config {
  const wrong = (why: string): never => {
    throw new RecordProblem(`${where} cannot be used: ${why}`)
  }
  if (typeof data !== "object" || data === null || Array.isArray(data)) return wrong("it is not an object")
  const c = data as Config
  if (!Array.isArray(c.gateways) || c.gateways.length === 0) return wrong("gateways must list at least one address")
  for (const url of c.gateways)
    if (typeof url !== "string" || !isUrl(url)) wrong(`${JSON.stringify(url)} is no http address of a gateway`)
  if (!Array.isArray(c.roles) || c.roles.some((r) => !ROLES.includes(r))) wrong(`roles may be ${ROLES.join(", ")}`)
  if (!Number.isSafeInteger(c.sectors) || c.sectors < 1 || c.sectors > SECTORS_MAX) wrong(`sectors must be 1 to ${SECTORS_MAX}`)
  if (!Number.isSafeInteger(c.pagePort) || c.pagePort < 0 || c.pagePort > 65_535) wrong("pagePort must be 0 to 65535")
  if (c.address !== undefined && !isIp4(c.address)) wrong("address must be an IPv4 address, such as 192.0.2.7")
  if (c.at !== undefined && !isPlace(c.at)) wrong("at must have a lat from -90 to 90 and a lng from -180 to 180")
  for (const name of ["servePort", "beaconPort"] as const)
    if (c[name] !== undefined && (!Number.isSafeInteger(c[name]) || c[name] < 0 || c[name] > 65_535))
      wrong(`${name} must be 0 to 65535`)
  if (c.chain !== undefined && typeof c.chain !== "string") wrong("chain must be a name")
  return c
}

const isUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/u.test(new URL(text).protocol)

const isPlace = (at: Config["at"] | null): boolean =>
  typeof at === "object" &&
  at !== null &&
  typeof at.lat === "number" &&
  typeof at.lng === "number" &&
  Math.abs(at.lat) <= 90 &&
  Math.abs(at.lng) <= 180
const isIp4 = (text: unknown): boolean => typeof text === "string" && isIPv4(text)

export class Home {
  readonly dir: string

  constructor(dir: string) {
    this.dir = dir
    try {
      mkdirSync(join(dir, "sectors"), { recursive: true, mode: 0o700 })
    } catch (error) {
      throw explainFailure(error, "make the node's folder", dir)
    }
  }

  get configPath(): string {
    return join(this.dir, CONFIG_FILE)
  }
  get keyPath(): string {
    return join(this.dir, KEY_FILE)
  }

  config(): Config | undefined {
    if (!existsSync(this.configPath)) return undefined
    let data: unknown
    try {
      data = JSON.parse(readFileSync(this.configPath, "utf8"))
    } catch (error) {
      throw error instanceof SyntaxError
        ? new RecordProblem(`${this.configPath} is not JSON: mend it, or delete it and join again (the key stays)`)
        : explainFailure(error, "read the config", this.configPath)
    }
    return readConfig(data, this.configPath)
  }

  saveConfig(config: Config): void {
    replaceFile(this.configPath, `${JSON.stringify(readConfig(config, this.configPath), null, 2)}\n`)
  }

  /** The node's key pair, made when there is none. A key that others may read is refused, not mended in silence. */
  key(): KeyPair {
    const path = this.keyPath
    if (!existsSync(path)) {
      const pair = newKeyPair()
      try {
        const fd = openSync(path, "wx", 0o600)
        writeSync(fd, pair.privateKey.export({ type: "pkcs8", format: "pem" }) as string)
        fsyncSync(fd)
        closeSync(fd)
        chmodSync(path, 0o600)
      } catch (error) {
        throw explainFailure(error, "write the key", path)
      }
      return pair
    }
    const mode = statSync(path).mode & 0o777
    if ((mode & 0o077) !== 0)
      throw new RecordProblem(
        `${path} can be read by others (mode ${mode.toString(8)}): chmod 600 it, and make a new key if others were here`,
      )
    try {
      return keyPairOf(readFileSync(path, "utf8"))
    } catch (error) {
      throw new RecordProblem(
        `${path} is damaged, or no Ed25519 key: restore it from a copy; without one, join with another --home, which makes a new key and with it a new node`,
        { cause: error },
      )
    }
  }

  /** The process of the agent that runs here, or undefined. */
  agent(): number | undefined {
    return holderOf(join(this.dir, LOCK_FILE))
  }

  /** Keeps a second agent out of this home. A lock of a dead process is taken over. */
  lock(): () => void {
    return lock(
      join(this.dir, LOCK_FILE),
      (pid) => `an agent runs in ${this.dir} already (process ${pid}): stop it first, or join with another --home`,
    )
  }
}
