/**
 * `node bench/testnet.ts` prints what the testnet's ledger does on this computer: signed commands final per second with every signature
 * checked, recovery of a journal, and the time from join to first reward. `--short` takes small sizes, `--only=NAME` one
 * of them, `--count=N` another size. `--only=reward --write=docs/internals/data/first-reward.json` keeps what was measured for the claim
 * that anyone can take part.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, openSync, rmSync, writeSync, writeFileSync, closeSync, statSync } from "node:fs"
import { cpus, loadavg, tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { commit } from "../cli/version.ts"
import { fromHex } from "../protocol/kernel/hash.ts"
import { draw, stream } from "../protocol/kernel/random.ts"
import type { FirstReward } from "../simulation/claims/measured-join.ts"
import { startGateway } from "../testnet/gateway/server.ts"
import { ChainApplication } from "../testnet/ledger/application.ts"
import { newKeyPair, readCommand, type KeyPair, type SignedCommand } from "../testnet/ledger/command.ts"
import { EmbeddedLedger } from "../testnet/ledger/embedded.ts"
import { JOURNAL_FILE } from "../testnet/ledger/recovery.ts"
import { genesisHash } from "../testnet/ledger/genesis.ts"
import { encodeBlock } from "../testnet/ledger/journal.ts"
import { ask, openChain, smallChain, type SmallChain } from "../testnet/ledger/small-chain.ts"
import { killTrial } from "../testnet/trial/kill-trial.ts"
import { align, figure } from "./table.ts"
import { swarm } from "./testnet-swarm.ts"

const short = process.argv.includes("--short")
const KEYS = 64
const BATCH = 1000
const LANES = 4
const FUNDS = String(10n ** 22n)
const doing = (what: string): void => void process.stderr.write(`bench: ${what} …\n`)
const rows: string[][] = []

/** Keys that joined and are providers: the same opening for every bench. */
const opening = (chain: SmallChain, keys: readonly KeyPair[]): readonly Uint8Array[][] => [
  keys.map((key) => ask(chain, key, "OpenAccount", {}, { network: "gate" })),
  keys.map((key, node) => ask(chain, key, "CreateMiner", { node, offset: node % 48, fundsAtto: FUNDS })),
]
const fund = (chain: SmallChain, keys: readonly KeyPair[], n: number): Uint8Array =>
  ask(chain, keys[n % KEYS], "FundMiner", { node: n % KEYS, amountAtto: "1" })

async function throughput(over: "the ledger itself" | "HTTP", count: number): Promise<void> {
  doing(`signing ${count} commands`)
  const chain = smallChain({ nodes: KEYS, speed: 1, expirySecondsMax: 2 ** 30 })
  const keys = Array.from({ length: KEYS }, newKeyPair)
  const ledger = openChain(chain, { blockMs: 100, waitingMax: 1e6 })
  for (const wave of opening(chain, keys)) await Promise.all(wave.map((c) => ledger.submit(c)))
  const commands = Array.from({ length: count }, (_, n) => fund(chain, keys, n))
  const gateway = over === "HTTP" ? await startGateway(ledger, { port: 0, perAddressSecond: 1e9 }) : undefined
  doing(`taking them up by ${over}`)
  const began = performance.now()
  const cpu = process.cpuUsage()
  let accepted = 0
  // A lane has keys of its own, because a key's commands must arrive in order; while one waits for its block, another's are verified.
  const lane = async (which: number): Promise<void> => {
    const mine = commands.filter((_, n) => (n % KEYS) % LANES === which)
    for (let at = 0; at < mine.length; at += BATCH) {
      const batch = mine.slice(at, at + BATCH)
      const results =
        gateway === undefined ? await Promise.all(batch.map((c) => ledger.submit(c))) : await post(gateway.url, batch)
      accepted += results.filter((r) => r.code === 0).length
    }
  }
  await Promise.all(Array.from({ length: LANES }, (_, which) => lane(which)))
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const used = (user + system) / 1e6
  rows.push([
    `signed commands final by ${over}`,
    figure(accepted),
    seconds.toFixed(1),
    figure(accepted / seconds),
    used.toFixed(1),
    "≥ 5,000/s",
  ])
  await gateway?.close()
  await ledger.close()
  rmSync(chain.dir, { recursive: true })
}

async function post(url: string, batch: readonly Uint8Array[]): Promise<readonly { code: number }[]> {
  const parts = batch.flatMap((c) => {
    const head = Buffer.alloc(4)
    head.writeUInt32LE(c.length)
    return [head, c]
  })
  const answer = await fetch(`${url}/v1/commands`, { method: "POST", body: Buffer.concat(parts) })
  return (await answer.json()) as readonly { code: number }[]
}

/** Writes a journal of `count` genuine commands in blocks of a thousand, and opens it with no snapshot to help. */
async function recovery(count: number): Promise<void> {
  doing(`writing a journal of ${count} commands`)
  const chain = smallChain({ nodes: KEYS, expirySecondsMax: 2 ** 30 })
  const keys = Array.from({ length: KEYS }, newKeyPair)
  const path = join(chain.dir, JOURNAL_FILE)
  const app = new ChainApplication(chain.genesis)
  const fd = openSync(path, "w")
  writeSync(fd, Buffer.concat([Buffer.from("BSJ1", "latin1"), Buffer.from(genesisHash(chain.genesis), "hex")]))
  let height = 0
  const put = (bytes: readonly Uint8Array[]): void => {
    const commands = bytes.map((b) => readCommand(b) as SignedCommand)
    for (const c of commands) c.checked = true
    const time = chain.genesis.beginS + ++height
    writeSync(fd, encodeBlock({ height, time, previous: fromHex(app.info().appHash), commands: bytes }))
    app.finalizeBlock({ height, time, commands })
    app.commit()
  }
  for (const wave of opening(chain, keys)) put(wave)
  for (let n = 0; n < count; n += 1000) put(Array.from({ length: 1000 }, (_, k) => fund(chain, keys, n + k)))
  closeSync(fd)
  doing(`recovering ${figure(statSync(path).size / 2 ** 20)} MiB`)
  const cpu = process.cpuUsage()
  const ledger = openChain(chain)
  const { commands, seconds } = ledger.recovered
  if (ledger.info().appHash !== app.info().appHash) throw new Error("the recovered chain is another")
  rows.push([
    "journal recovered, no snapshot",
    figure(commands),
    seconds.toFixed(1),
    figure(commands / seconds),
    seconds === 0 ? "" : (process.cpuUsage(cpu).user / 1e6).toFixed(1),
    "1 M in ≤ 10 s",
  ])
  await ledger.close()
  const again = openChain(chain)
  rows.push(["the same with its snapshot", figure(commands), again.recovered.seconds.toFixed(2), "", "", ""])
  await again.close()
  rmSync(chain.dir, { recursive: true })
}

const JOIN_SPEED = 600
const JOIN_SECTOR_BYTES = 64 * 1024
const JOIN_SECONDS_MAX = 120

/** A real node process joins a real gateway: wall seconds until its first block reward; Infinity where it saw none in two minutes. */
async function joinOnce(): Promise<number> {
  const chain = smallChain({ nodes: 16, sectorBytes: JOIN_SECTOR_BYTES, speed: JOIN_SPEED })
  const ledger = EmbeddedLedger.open(chain.dir)
  const gateway = await startGateway(ledger, { port: 0 })
  const home = mkdtempSync(join(tmpdir(), "blackstart-home-"))
  const began = performance.now()
  const node = spawn(process.execPath, [
    fileURLToPath(new URL("../cli/blackstart.mjs", import.meta.url)),
    "join",
    gateway.url,
    "--home",
    home,
  ])
  const seconds = await new Promise<number>((done) => {
    node.stdout.on("data", (chunk: Buffer) => {
      if (chunk.toString().includes("earned")) done((performance.now() - began) / 1000)
    })
    setTimeout(() => done(Infinity), JOIN_SECONDS_MAX * 1000).unref()
  })
  const gone = once(node, "exit")
  node.kill("SIGTERM")
  await gone
  await gateway.close()
  await ledger.close()
  rmSync(home, { recursive: true, force: true })
  rmSync(chain.dir, { recursive: true, force: true })
  return seconds
}

/** As many joins one after the other, each of a new node on a new chain; kept as a file where `--write` says so. */
async function firstReward(joins: number): Promise<void> {
  // Before the joins: files that are changed meanwhile are not what is running.
  const at = { at: new Date().toISOString(), commit: commit() }
  const seconds: number[] = []
  for (let k = 1; k <= joins; k++) {
    doing(`joining, until the first reward: ${k} of ${joins}`)
    seconds.push(await joinOnce())
  }
  const mean = seconds.reduce((a, b) => a + b) / joins
  rows.push([
    joins === 1 ? "join to first reward, a real process" : `join to first reward, ${joins} real processes in turn: mean`,
    String(joins),
    mean.toFixed(1),
    "",
    "",
    "≤ 60 s",
  ])
  if (writeTo === undefined) return
  const measured: FirstReward = {
    format: 1,
    ...at,
    command: `npm run bench -- testnet --only=reward --count=${joins} --write=${writeTo}`,
    machine: `${cpus().length} × ${cpus()[0].model.trim()}, Node ${process.version}`,
    loadAverage: loadavg(),
    rules: "filecoin",
    speed: JOIN_SPEED,
    sectorBytes: JOIN_SECTOR_BYTES,
    secondsMax: JOIN_SECONDS_MAX,
    // JSON has no infinity: null is a join that saw no reward in time.
    seconds: seconds.map((s) => (Number.isFinite(s) ? s : null)),
  }
  writeFileSync(writeTo, `${JSON.stringify(measured, null, 1)}\n`)
}

async function nodes(count: number, seconds: number): Promise<void> {
  doing(`${count} node processes for ${seconds} s`)
  const r = await swarm(count, seconds, doing)
  rows.push([
    `${r.nodes} real node processes: ${r.alive} alive, ${r.proving} proving, ${r.lost} of their commands lost, ${r.privateMib.toFixed(0)} MiB each`,
    figure(r.answered),
    String(r.seconds),
    figure(r.answered / r.seconds),
    r.ledgerCpuSeconds.toFixed(0),
    "0 lost",
  ])
}

async function kills(count: number): Promise<void> {
  doing(`${count} kills`)
  const dice = stream(7, "testnet/kill-bench")
  let n = 0
  const began = performance.now()
  const report = await killTrial(count, () => draw(dice, n++) / 2 ** 32, doing)
  for (const said of new Set(report.unopened)) doing(`not opened: ${said}`)
  rows.push([
    `kill -9 at ${figure(count)} random points: ${report.lost} lost, ${report.forked} forked, ${report.unopened.length} not opened, replay ${report.verified ? "verified" : "differs"}`,
    figure(report.answered),
    ((performance.now() - began) / 1000).toFixed(0),
    "",
    "",
    "0",
  ])
}

const only = process.argv.find((a) => a.startsWith("--only="))?.slice(7)
/** Of kills, of commands, or of joins. */
const told = process.argv.find((a) => a.startsWith("--count="))?.slice(8)
const count = told === undefined ? undefined : Number(told)
/** Where the joins are kept. */
const writeTo = process.argv.find((a) => a.startsWith("--write="))?.slice(8)
const jobs: Readonly<Record<string, () => Promise<void>>> = {
  ledger: () => throughput("the ledger itself", count ?? (short ? 30_000 : 320_000)),
  http: () => throughput("HTTP", count ?? (short ? 30_000 : 320_000)),
  recovery: () => recovery(count ?? (short ? 100_000 : 1_000_000)),
  reward: () => firstReward(count ?? 1),
  kills: () => kills(count ?? (short ? 30 : 1000)),
  nodes: () => (short ? nodes(20, 30) : nodes(200, 600)),
}
if (only !== undefined && !Object.hasOwn(jobs, only)) {
  process.stderr.write(`--only=${only}: there is ${Object.keys(jobs).join(", ")}\n`)
  process.exit(1)
}
for (const [name, job] of Object.entries(jobs)) if (only === undefined || only === name) await job()
process.stdout.write(
  `blackstart testnet bench · Node ${process.version} · ${cpus().length} × ${cpus()[0].model.trim()} · load ${loadavg()[0].toFixed(1)} over the last minute\n`,
)
process.stdout.write(`${align(["what", "count", "time [s]", "per second", "CPU [s]", "goal"], rows)}\n`)
process.exit(0)
