/**
 * The way between a node and the gateway, which can be cut and made lossy. As root on Linux each node has a network namespace of its own
 * and nftables drops its packets; elsewhere a TCP proxy stands between, which ends connections instead.
 */
import { execFileSync } from "node:child_process"
import * as net from "node:net"

/** The part of a node's world that is its network. */
export interface Link {
  /** What is put before a node's command line, so that it runs behind its link. */
  readonly prefix: (node: number) => readonly string[]
  readonly urlOf: (node: number) => string
  /** Share of what the node sends that passes: 0 cuts it off, 1000 mends it. */
  readonly pass: (node: number, permille: number) => void
  readonly close: () => void
  readonly how: "namespaces and nftables" | "a TCP proxy"
}

const run = (...args: readonly string[]): void => {
  execFileSync(args[0], args.slice(1), { stdio: "pipe" })
}

/** Can this process make namespaces and filter packets? */
export function canIsolate(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false
  const name = `bsx${process.pid}`
  try {
    run("nft", "list", "tables")
    run("ip", "netns", "add", name)
    run("ip", "link", "add", `${name}a`, "type", "veth", "peer", "name", `${name}b`)
    return true
  } catch {
    return false
  } finally {
    for (const args of [
      ["ip", "link", "del", `${name}a`],
      ["ip", "netns", "del", name],
    ])
      try {
        run(...args)
      } catch {
        // It was not made.
      }
  }
}

/** A bridge, and a namespace with a leg on it for each node. The gateway listens on `host`. */
export class Namespaces implements Link {
  readonly how = "namespaces and nftables"
  readonly host: string
  port = 0
  readonly #id = `bs${process.pid % 100_000}`
  readonly #subnet: number
  readonly #nodes: number
  readonly #table: string

  constructor(nodes: number) {
    this.#nodes = nodes
    this.#subnet = 64 + (process.pid % 128)
    this.#table = `blackstart_${process.pid}`
    this.host = `10.${this.#subnet}.0.1`
    try {
      run("ip", "link", "add", this.#id, "type", "bridge")
      run("ip", "addr", "add", `${this.host}/16`, "dev", this.#id)
      run("ip", "link", "set", this.#id, "up")
      run("nft", "add", "table", "inet", this.#table)
      run("nft", "add", "chain", "inet", this.#table, "in", "{ type filter hook input priority -10; }")
      for (let node = 0; node < nodes; node++) this.#add(node)
    } catch (error) {
      this.close()
      throw error
    }
  }

  prefix = (node: number): readonly string[] => ["ip", "netns", "exec", this.#name(node)]
  urlOf = (): string => `http://${this.host}:${this.port}`

  pass = (node: number, permille: number): void => {
    const chain = `n${node}`
    run("nft", "flush", "chain", "inet", this.#table, chain)
    if (permille >= 1000) return
    const rule = permille <= 0 ? ["drop"] : ["numgen", "random", "mod", "1000", ">=", String(permille), "drop"]
    run("nft", "add", "rule", "inet", this.#table, chain, ...rule)
  }

  close = (): void => {
    const all = Array.from({ length: this.#nodes }, (_, node) => ["ip", "netns", "del", this.#name(node)])
    for (const args of [...all, ["ip", "link", "del", this.#id], ["nft", "delete", "table", "inet", this.#table]])
      try {
        run(...args)
      } catch {
        // It was never made, or is gone.
      }
  }

  #name(node: number): string {
    return `${this.#id}n${node}`
  }
  #address(node: number): string {
    return `10.${this.#subnet}.1.${node + 1}`
  }
  #add(node: number): void {
    const [name, outer, inner] = [this.#name(node), `${this.#id}v${node}`, `${this.#id}w${node}`]
    run("ip", "netns", "add", name)
    run("ip", "link", "add", outer, "type", "veth", "peer", "name", inner)
    run("ip", "link", "set", inner, "netns", name)
    run("ip", "link", "set", outer, "master", this.#id, "up")
    run("ip", "-n", name, "addr", "add", `${this.#address(node)}/16`, "dev", inner)
    run("ip", "-n", name, "link", "set", inner, "up")
    run("ip", "-n", name, "link", "set", "lo", "up")
    run("nft", "add", "chain", "inet", this.#table, `n${node}`)
    run("nft", "add", "rule", "inet", this.#table, "in", "ip", "saddr", this.#address(node), "jump", `n${node}`)
  }
}

/** A proxy for each node. A cut ends every connection and refuses new ones; loss ends that share of the exchanges. */
export class Proxies implements Link {
  readonly how = "a TCP proxy"
  readonly host = "127.0.0.1"
  port = 0
  readonly #dice: () => number
  readonly #all: { readonly server: net.Server; readonly sockets: Set<net.Socket>; permille: number }[] = []

  constructor(dice: () => number) {
    this.#dice = dice
  }

  /** Opens a proxy for each of `nodes`, in front of the gateway's port. */
  async open(nodes: number): Promise<void> {
    for (let node = 0; node < nodes; node++) {
      const sockets = new Set<net.Socket>()
      const server = net.createServer((from) => this.#join(node, from))
      this.#all.push({ server, sockets, permille: 1000 })
      await new Promise<void>((done) => void server.listen(0, this.host, done))
    }
  }

  prefix = (): readonly string[] => []
  urlOf = (node: number): string => `http://${this.host}:${(this.#all[node].server.address() as { readonly port: number }).port}`

  pass = (node: number, permille: number): void => {
    const one = this.#all[node]
    one.permille = permille
    if (permille <= 0) for (const socket of one.sockets) socket.destroy()
  }

  close = (): void => {
    for (const { server, sockets } of this.#all) {
      for (const socket of sockets) socket.destroy()
      server.close()
    }
  }

  #join(node: number, from: net.Socket): void {
    const one = this.#all[node]
    const to = net.connect(this.port, this.host)
    for (const socket of [from, to]) {
      one.sockets.add(socket)
      socket.on("close", () => {
        one.sockets.delete(socket)
        from.destroy()
        to.destroy()
      })
      socket.on("error", () => socket.destroy())
    }
    from.on("data", (chunk) => {
      if (this.#dice() * 1000 >= one.permille) from.destroy()
      else to.write(chunk)
    })
    to.on("data", (chunk) => void from.write(chunk))
    if (one.permille <= 0) from.destroy()
  }
}
