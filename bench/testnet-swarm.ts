/**
 * Many real node processes on one computer: each joins, seals, proves and makes blocks over HTTP, and says what it was answered. At the end
 * every answer must stand in the journal, in the block and with the app hash that it named.
 */
import { spawn, type ChildProcess } from "node:child_process"
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { startGateway } from "../testnet/gateway/server.ts"
import { ChainApplication } from "../testnet/ledger/application.ts"
import { hexOf, keyPairOf, readCommand } from "../testnet/ledger/command.ts"
import { EmbeddedLedger } from "../testnet/ledger/embedded.ts"
import { genesisHash } from "../testnet/ledger/genesis.ts"
import { readJournal } from "../testnet/ledger/journal.ts"
import { readNodes } from "../testnet/ledger/reading.ts"
import { applyBlock, JOURNAL_FILE } from "../testnet/ledger/recovery.ts"
import { smallChain } from "../testnet/ledger/small-chain.ts"

const LIGHT = fileURLToPath(new URL("../testnet/node/light.ts", import.meta.url))
const FLAGS = ["--max-semi-space-size=1", "--max-old-space-size=96"]
const LANES = 4
/** A node looks at the chain so often for each node there is [ms]: two cores are shared by all of them. */
const ROUND_MS_A_NODE = 30
const ROUND_MS_MIN = 1000

export interface Swarm {
  readonly nodes: number
  readonly seconds: number
  /** Processes that still ran at the end. */
  readonly alive: number
  readonly answered: number
  readonly refused: number
  /** Answers that do not stand where they said. */
  readonly lost: number
  readonly proving: number
  readonly blocks: number
  /** Private memory of a node's process, mean [MiB]; its shared pages are the program's own. */
  readonly privateMib: number
  readonly ledgerCpuSeconds: number
}

/** Runs `nodes` processes for `seconds` after the last of them was started. */
export async function swarm(nodes: number, seconds: number, tell: (line: string) => void): Promise<Swarm> {
  const chain = smallChain({ nodes, sectorBytes: 16 * 1024, speed: 100 })
  const ledger = EmbeddedLedger.open(chain.dir, { tell })
  const gateway = await startGateway(ledger, { port: 0, perAddressSecond: 1e6, joinsPerAddressDay: 1e6 })
  const root = mkdtempSync(join(tmpdir(), "blackstart-swarm-"))
  const env = { ...process.env, NODE_COMPILE_CACHE: join(root, "compiled"), BLACKSTART_ANSWERS: "1" }
  const cpu = process.cpuUsage()
  const children: ChildProcess[] = []
  const logOf = (node: number): string => join(root, String(node), "out.log")
  const start = (node: number): void => {
    const home = join(root, String(node))
    mkdirSync(home, { recursive: true })
    const out = openSync(logOf(node), "a")
    children.push(
      spawn(
        process.execPath,
        [...FLAGS, LIGHT, home, "1", String(Math.max(ROUND_MS_MIN, nodes * ROUND_MS_A_NODE)), gateway.url],
        { stdio: ["ignore", out, out], env },
      ),
    )
    closeSync(out)
  }
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < nodes) {
      const node = next++
      start(node)
      // The first one alone: what it compiles, the others need not.
      while (!existsSync(join(root, String(node), "key.pem"))) await sleep(50)
      if (node % 20 === 19) tell(`${node + 1} processes`)
    }
  }
  await lane0(start, () => ledger.application.gate.account.length > 1)
  next = 1
  await Promise.all(Array.from({ length: LANES }, lane))
  tell(`all ${nodes} started; ${seconds} s begin`)
  await sleep(seconds * 1000)
  const privateMib = children.reduce((sum, c) => sum + privateOf(c.pid), 0) / nodes / 1024
  const alive = children.filter((c) => c.exitCode === null && c.signalCode === null).length
  const proving = readNodes(ledger.application).filter((n) => (n.measures.qaGib ?? 0) > 0).length
  await Promise.all(
    children.map(
      (child) =>
        new Promise<void>((done) => {
          if (child.exitCode !== null || child.signalCode !== null) return done()
          child.once("close", () => done())
          child.kill("SIGTERM")
          setTimeout(() => child.kill("SIGKILL"), 20_000).unref()
        }),
    ),
  )
  await gateway.close()
  await ledger.close()
  const used = process.cpuUsage(cpu)
  const checked = check(
    chain.dir,
    Array.from({ length: nodes }, (_, node) => logOf(node)),
  )
  rmSync(root, { recursive: true, force: true })
  rmSync(chain.dir, { recursive: true, force: true })
  return { nodes, seconds, alive, proving, privateMib, ledgerCpuSeconds: (used.user + used.system) / 1e6, ...checked }
}

/** Starts node 0 and waits until it has joined. */
async function lane0(start: (node: number) => void, hasJoined: () => boolean): Promise<void> {
  start(0)
  while (!hasJoined()) await sleep(100)
  await sleep(500)
}

/** Reads every answer the nodes wrote down, and looks for each in the journal, folded anew. */
function check(dir: string, logs: readonly string[]) {
  const genesis = JSON.parse(readFileSync(join(dir, "genesis.json"), "utf8")) as ConstructorParameters<typeof ChainApplication>[0]
  const path = join(dir, JOURNAL_FILE)
  const application = new ChainApplication(genesis)
  const standing = new Map<string, number>()
  const hashes: string[] = [""]
  for (const { block } of readJournal(path, genesisHash(genesis))) {
    applyBlock(application, block, path, true)
    hashes.push(application.info().appHash)
    for (const bytes of block.commands) {
      const command = readCommand(bytes, true)
      if (typeof command !== "string") standing.set(`${command.keyHex}/${command.body.nonce}`, block.height)
    }
  }
  let [answered, refused, lost] = [0, 0, 0]
  for (const log of logs) {
    const told = readFileSync(log, "utf8")
      .split("\n")
      .filter((line) => line.startsWith("{") && line.endsWith("}"))
      .map((line) => JSON.parse(line) as { nonce: number; reason: string; height: number; appHash: string; key?: string })
    const key = keyOf(log)
    for (const { nonce, reason, height, appHash } of told) {
      answered++
      if (reason !== "") refused++
      if (height > 0 && (standing.get(`${key}/${nonce}`) !== height || hashes[height] !== appHash)) lost++
    }
  }
  return { answered, refused, lost, blocks: application.info().height }
}

/** The public key of the node whose log this is, in hex. */
function keyOf(log: string): string {
  const pem = readFileSync(join(log, "..", "key.pem"), "utf8")
  return hexOf(keyPairOf(pem).publicKey)
}

/** Private bytes of a process [KiB]; 0 where the system does not say. */
function privateOf(pid: number | undefined): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8")
    return Number(/Private_Dirty:\s+(\d+)/u.exec(text)?.[1] ?? 0)
  } catch {
    return 0
  }
}

const sleep = (ms: number): Promise<void> => new Promise((done) => void setTimeout(done, ms))
