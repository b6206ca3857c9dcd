/**
 * Where validators live: side by side on the loopback, or each in a network namespace of its own behind one bridge, which takes root and
 * lets links be cut. Namespaces are named bsc0, bsc1, …, and are taken away again, also those that an earlier run left behind.
 */
import { execFileSync, spawnSync } from "node:child_process"
import { existsSync } from "node:fs"

export const HOSTS = ["loopback", "namespaces"] as const
export type HostKind = (typeof HOSTS)[number]
const BRIDGE = "bsc-br"
const NET = "10.88.7"
const RPC_PORT = 26_657
const P2P_PORT = 26_656
const GATEWAY_PORT = 8780

export interface Host {
  readonly ip: string
  readonly rpcPort: number
  readonly p2pPort: number
  readonly gatewayPort: number
  readonly place: (command: readonly string[]) => readonly string[]
}

export interface Hosts {
  readonly kind: HostKind
  readonly all: readonly Host[]
  /** Cuts every link between the two sides, both ways. Throws on the loopback, which has no links. */
  readonly cut: (a: readonly number[], b: readonly number[]) => void
  readonly heal: () => void
  readonly close: () => void
}

const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })
const has = (command: string): boolean => spawnSync("sh", ["-c", `command -v ${command}`]).status === 0

/** Why namespaces cannot be had here, or undefined. */
export function whyNoNamespaces(): string | undefined {
  if (process.platform !== "linux") return "namespaces need Linux"
  if (process.getuid?.() !== 0) return "namespaces need root"
  if (!has("ip")) return "namespaces need ip (Debian: iproute2)"
  if (!has("nft")) return "cutting links needs nft (Debian: nftables)"
  const tried = spawnSync("ip", ["netns", "add", "bsc-try"])
  if (tried.status !== 0) return `namespaces are not allowed here (${tried.stderr.toString().trim()})`
  run("ip", "netns", "del", "bsc-try")
  return undefined
}

/** `portBase`: added to every port of the loopback's, so that two networks can stand side by side. */
export function makeHosts(kind: HostKind, count: number, portBase = 0): Hosts {
  if (kind === "loopback") {
    const all = Array.from({ length: count }, (_, i) => ({
      ip: "127.0.0.1",
      rpcPort: RPC_PORT + portBase + 10 * i,
      p2pPort: P2P_PORT + portBase + 10 * i,
      gatewayPort: GATEWAY_PORT + portBase + i,
      place: (command: readonly string[]) => command,
    }))
    const cut = (): never => {
      throw new Error("links can be cut between namespaces only")
    }
    return { kind, all, cut, heal: () => {}, close: () => {} }
  }
  sweepNamespaces()
  run("ip", "link", "add", BRIDGE, "type", "bridge")
  run("ip", "addr", "add", `${NET}.254/24`, "dev", BRIDGE)
  run("ip", "link", "set", BRIDGE, "up")
  const all = Array.from({ length: count }, (_, i) => {
    const name = `bsc${i}`
    run("ip", "netns", "add", name)
    run("ip", "link", "add", `bscv${i}`, "type", "veth", "peer", "name", "eth0", "netns", name)
    run("ip", "link", "set", `bscv${i}`, "master", BRIDGE, "up")
    run("ip", "-n", name, "addr", "add", `${NET}.${i + 1}/24`, "dev", "eth0")
    run("ip", "-n", name, "link", "set", "eth0", "up")
    run("ip", "-n", name, "link", "set", "lo", "up")
    return {
      ip: `${NET}.${i + 1}`,
      rpcPort: RPC_PORT,
      p2pPort: P2P_PORT,
      gatewayPort: GATEWAY_PORT,
      place: (command: readonly string[]) => ["ip", "netns", "exec", name, ...command],
    }
  })
  const nft = (i: number, ...args: string[]): string => run("ip", "netns", "exec", `bsc${i}`, "nft", ...args)
  const heal = (): void => {
    for (let i = 0; i < count; i++) spawnSync("ip", ["netns", "exec", `bsc${i}`, "nft", "delete", "table", "inet", "cut"])
  }
  return {
    kind,
    all,
    heal,
    close: sweepNamespaces,
    cut(a, b) {
      for (const [mine, theirs] of [
        [a, b],
        [b, a],
      ])
        for (const i of mine) {
          nft(i, "add", "table", "inet", "cut")
          nft(i, "add chain inet cut in { type filter hook input priority 0; }")
          nft(i, "add chain inet cut out { type filter hook output priority 0; }")
          for (const j of theirs) {
            nft(i, "add", "rule", "inet", "cut", "in", "ip", "saddr", all[j].ip, "drop")
            nft(i, "add", "rule", "inet", "cut", "out", "ip", "daddr", all[j].ip, "drop")
          }
        }
    },
  }
}

/** Takes away what this or an earlier run made; processes inside have ended, or lose their network. */
function sweepNamespaces(): void {
  const names = spawnSync("ip", ["netns", "list"], { encoding: "utf8" }).stdout ?? ""
  for (const [, name] of names.matchAll(/^(bsc\d+)\b/gmu)) spawnSync("ip", ["netns", "del", name])
  if (existsSync(`/sys/class/net/${BRIDGE}`)) spawnSync("ip", ["link", "del", BRIDGE])
}
