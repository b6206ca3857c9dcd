/**
 * `node bench/validators.ts` prints what four real validators do on this computer, on the loopback: signed commands final per second, the
 * time between blocks, the time to finality, and how soon a killed validator is level again. It needs CometBFT. `--short` takes a small load.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { cpus, loadavg, tmpdir } from "node:os"
import { join } from "node:path"
import { findEngine, HOW_TO_INSTALL, versionOf } from "../testnet/cometbft/engine-program.ts"
import { makeHosts } from "../testnet/cometbft/hosts.ts"
import { Trial } from "../testnet/cometbft/trial.ts"
import { Load, sleep } from "../testnet/cometbft/trial-load.ts"
import { createValidators, ValidatorNetwork } from "../testnet/cometbft/validator-network.ts"
import { joinBatch } from "../testnet/ledger/batch.ts"
import { hexOf, newKeyPair, type KeyPair } from "../testnet/ledger/command.ts"
import { ask, smallGenesis } from "../testnet/ledger/small-chain.ts"
import { loadGenesis } from "../testnet/ledger/recovery.ts"
import { align, figure } from "./table.ts"

const short = process.argv.includes("--short")
const KEYS = 64
const COMMIT_MS = 200
const BATCH = 500
/** Posts under way at each gateway: each has keys of its own, whose commands leave in order. */
const LANES = 2
const COUNT = short ? 12_000 : 60_000
const FUNDS = String(10n ** 22n)
const doing = (what: string): void => void process.stderr.write(`bench: ${what} …\n`)

const engine = findEngine()
if (engine === undefined) {
  process.stdout.write(`${HOW_TO_INSTALL}\n`)
  process.exit(0)
}
const rows: string[][] = []
const dir = mkdtempSync(join(tmpdir(), "bs-bench-"))
const hosts = makeHosts("loopback", 4, 2000)
createValidators(dir, smallGenesis(newKeyPair(), { nodes: KEYS + 8, chain: "bench-1", speed: 1, expirySecondsMax: 2 ** 30 }), 4)
const network = new ValidatorNetwork(dir, {
  hosts,
  engine,
  commitMs: COMMIT_MS,
  limits: { perKeySecond: 1e6, perAddressSecond: 1e9, joinsPerAddressDay: 1e6 },
})
const genesis = loadGenesis(network.all[0].home.chain)
const gateways = network.all.map((v) => v.gateway)
const load = new Load(genesis, gateways)
const trial = new Trial(network, load, () => {})

async function post(gateway: string, commands: readonly Uint8Array[]): Promise<readonly { code: number; reason: string }[]> {
  const answer = await fetch(`${gateway}/v1/commands`, { method: "POST", body: joinBatch(commands) as Uint8Array<ArrayBuffer> })
  return (await answer.json()) as readonly { code: number; reason: string }[]
}
const heightNow = async (): Promise<number> => Number((await network.all[0].rpc.status()).sync_info.latest_block_height)
/** Seconds between blocks, by their headers. */
async function interval(from: number, to: number): Promise<number> {
  const timeOf = async (h: number): Promise<number> => Date.parse((await network.all[0].rpc.block(h)).block!.header.time)
  return ((await timeOf(to)) - (await timeOf(from))) / (to - from) / 1000
}
/** Processor seconds of all eight processes so far, where the kernel tells; user and system together. */
function processorSeconds(): { readonly engine: number; readonly application: number } {
  const sum = { engine: 0, application: 0 }
  for (const { pair } of network.all)
    for (const [k, pid] of pair.pids.entries())
      try {
        const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ")
        // Fields 14 and 15, in hundredths of a second.
        sum[k === 0 ? "engine" : "application"] += (Number(fields[11]) + Number(fields[12])) / 100
      } catch {
        // Not Linux, or gone.
      }
  return sum
}
const quantile = (all: readonly number[], q: number): string =>
  all.length === 0 ? "" : `${Math.round(all.toSorted((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * q))])} ms`

try {
  doing("starting four validators")
  network.start()
  await trial.until("the first blocks", () => trial.level(2), 120_000)
  const keys: readonly KeyPair[] = Array.from({ length: KEYS }, newKeyPair)
  const chain = { genesis }
  const opened = await post(
    gateways[0],
    keys.map((key) => ask(chain, key, "OpenAccount", {}, { network: "gate" })),
  )
  if (opened.some((o) => o.code !== 0)) throw new Error(`accounts were not opened: ${opened.find((o) => o.code !== 0)!.reason}`)
  const nodes: number[] = []
  for (const key of keys) {
    const account = (await (await fetch(`${gateways[0]}/v1/accounts/${hexOf(key.publicKey)}`)).json()) as { node: number }
    nodes.push(account.node)
  }
  await post(
    gateways[0],
    keys.map((key, k) => ask(chain, key, "CreateMiner", { node: nodes[k], offset: k % 48, fundsAtto: FUNDS })),
  )

  doing("single payments on an idle chain")
  const idleFrom = await heightNow()
  const [idleBegan, idleUsed] = [performance.now(), processorSeconds()]
  load.startPayments(2)
  await sleep(short ? 5000 : 12_000)
  const idleTo = await heightNow()
  await load.stop()
  const idleSeconds = (performance.now() - idleBegan) / 1000
  const idleAfter = processorSeconds()
  const share = (a: number, b: number): string => ((b - a) / idleSeconds).toFixed(2)
  const idleShare = `${share(idleUsed.engine, idleAfter.engine)} engines + ${share(idleUsed.application, idleAfter.application)} applications`
  rows.push(["processors in use, idle", "", idleShare, ""])
  rows.push([
    "time between blocks, idle",
    "",
    `${(await interval(idleFrom, idleTo)).toFixed(3)} s`,
    `${COMMIT_MS} ms wait for late votes`,
  ])
  rows.push([
    "time to finality, idle",
    figure(load.waits.length),
    `${quantile(load.waits, 0.5)}, p99 ${quantile(load.waits, 0.99)}`,
    "",
  ])

  doing(`signing ${figure(COUNT)} commands`)
  const lanes = gateways.length * LANES
  const batches: Uint8Array[][][] = Array.from({ length: lanes }, (_, lane) => {
    const mine = keys.map((key, k) => ({ key, node: nodes[k] })).filter((_, k) => k % lanes === lane)
    return Array.from({ length: Math.round(COUNT / lanes / BATCH) }, (_, b) =>
      Array.from({ length: BATCH }, (_, n) => {
        const { key, node } = mine[(b * BATCH + n) % mine.length]
        return ask(chain, key, "FundMiner", { node, amountAtto: "1" })
      }),
    )
  })
  doing("taking them up")
  const waits: number[] = []
  const reasons = new Map<string, number>()
  const from = await heightNow()
  const before = loadavg()[0]
  const cpu = processorSeconds()
  const began = performance.now()
  let accepted = 0
  await Promise.all(
    batches.map(async (mine, lane) => {
      for (const batch of mine) {
        const at = performance.now()
        for (const { code, reason } of await post(gateways[lane % gateways.length], batch))
          if (code === 0) accepted++
          else reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
        waits.push(performance.now() - at)
      }
    }),
  )
  const seconds = (performance.now() - began) / 1000
  const to = await heightNow()
  rows.push(["signed commands final", figure(accepted), `${figure(accepted / seconds)}/s`, "≥ 1,000/s"])
  const used = processorSeconds()
  const perThousand = (a: number, b: number): string => ((1000 * (b - a)) / accepted).toFixed(2)
  rows.push([
    "processor seconds per 1,000 commands",
    "",
    `${perThousand(cpu.engine, used.engine)} engines + ${perThousand(cpu.application, used.application)} applications`,
    "under 2 on 2 free cores",
  ])
  rows.push(["time between blocks, loaded", "", `${(await interval(from, to)).toFixed(3)} s`, ""])
  rows.push([
    `time to finality of ${BATCH} at once, loaded`,
    figure(waits.length),
    `${quantile(waits, 0.5)}, p99 ${quantile(waits, 0.99)}`,
    "",
  ])
  if (reasons.size > 0) rows.push(["refused", JSON.stringify(Object.fromEntries(reasons)), "", ""])

  doing("killing a validator")
  const recoveries: number[] = []
  for (const i of short ? [1] : [1, 2, 3]) {
    const [floor] = await trial.heights()
    network.all[i].pair.signal("SIGKILL")
    await sleep(300)
    recoveries.push(300 + (await trial.until("its return", () => trial.level(floor!), 60_000)))
    await sleep(1000)
  }
  const recovered = recoveries.map((ms) => `${(ms / 1000).toFixed(1)} s`).join(", ")
  rows.push(["killed validator level again", `${recoveries.length} kills`, recovered, "≤ 20 s"])
  const load1 = `load ${before.toFixed(1)} before, ${loadavg()[0].toFixed(1)} at the end`
  process.stdout.write(
    `Four validators, CometBFT ${versionOf(engine)}, ${cpus().length} × ${cpus()[0].model}, ${load1}\n${align(["figure", "count", "value", "wanted"], rows)}\n`,
  )
} finally {
  await network.stop()
  hosts.close()
  rmSync(dir, { recursive: true, force: true })
}
// Sockets that fetch keeps open must not hold the process.
process.exit()
