/** The perturbation suite: four real validators, real nodes and signed payments, one perturbation after the other, then the invariants. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { loadavg, tmpdir } from "node:os"
import { join } from "node:path"
import { newKeyPair } from "../ledger/command.ts"
import { EmbeddedLedger } from "../ledger/embedded.ts"
import { exportChain, replayChain } from "../ledger/export.ts"
import { loadGenesis, SNAPSHOTS } from "../ledger/recovery.ts"
import { smallGenesis } from "../ledger/small-chain.ts"
import { SYNC_FOLDER } from "./chain-store.ts"
import { versionOf } from "./engine-program.ts"
import { makeHosts, whyNoNamespaces, type HostKind } from "./hosts.ts"
import { checkInvariants, type Checked } from "./invariants.ts"
import * as p from "./perturbations.ts"
import { buildSkewed } from "./skewed-engine.ts"
import { Load } from "./trial-load.ts"
import { tableOf, Trial, type Perturbed, type Plan } from "./trial.ts"
import { createValidators, ValidatorNetwork, type Validator } from "./validator-network.ts"

export interface PerturbOptions {
  /** Folder of the results; none are written without it. */
  readonly out?: string
  /** How much is done: a kill and a lost quorum (short, for tests), the ones that find most (quick, for CI), or everything. */
  readonly extent?: "short" | "quick" | "full"
  readonly engine: string
  /** An older engine that v3 begins with, to be upgraded from. */
  readonly older?: string
  /** Where the engine with the shifted clock is built, or lies already. */
  readonly skewedFolder?: string
  /** Namespaces where they can be had, unless told otherwise. */
  readonly hosts?: HostKind
  readonly portBase?: number
  readonly say: (line: string) => void
  readonly shoot?: (url: string, path: string) => Promise<void>
}

export interface PerturbReport {
  readonly what: string
  readonly at: string
  readonly engine: string
  readonly hosts: string
  readonly validators: number
  readonly commitMs: number
  readonly loadAverage: readonly number[]
  readonly perturbations: readonly Perturbed[]
  readonly invariants: readonly Checked[]
  readonly skipped: readonly string[]
  readonly acknowledged: number
  readonly resent: number
  /** Milliseconds from submission to finality of single payments, perturbations included. */
  readonly finalityMs: { readonly p50: number; readonly p99: number }
  readonly paidMicroFil: number
  readonly ok: boolean
}

const COMMIT_MS = 200
const SPARE_HOST = 4

export async function perturb(options: PerturbOptions): Promise<PerturbReport> {
  const { say, extent = "full" } = options
  const short = extent === "short"
  const skipped: string[] = []
  const skip = (what: string, why: string): void => {
    skipped.push(`${what}: ${why}`)
    say(`skipped ${what}: ${why}`)
  }
  const noNamespaces = options.hosts === "loopback" ? "this run is on the loopback" : whyNoNamespaces()
  const kind = noNamespaces === undefined ? "namespaces" : "loopback"
  const dir = mkdtempSync(join(tmpdir(), "bs-net-"))
  const hosts = makeHosts(kind, SPARE_HOST + 1, options.portBase)
  const small = join(dir, "v1")
  const mounted = extent === "full" && kind === "namespaces" && canMount(small)
  const more: Validator[] = []
  let network: ValidatorNetwork | undefined
  let load: Load | undefined
  try {
    createValidators(dir, smallGenesis(newKeyPair(), { nodes: 64, chain: "trial-1" }), 4)
    network = new ValidatorNetwork(dir, {
      hosts,
      engine: options.engine,
      commitMs: COMMIT_MS,
      snapshotEveryBlocks: 50,
      limits: { joinsPerAddressDay: 1000 },
      tell: say,
    })
    if (options.older !== undefined) network.all[3].pair.engine = options.older
    const genesis = loadGenesis(network.all[0].home.chain)
    load = new Load(
      genesis,
      network.all.map((v) => v.gateway),
    )
    const trial = new Trial(network, load, say)
    network.start()
    await trial.until("the first blocks", () => trial.level(2))
    say(`four validators on ${kind}, engine ${versionOf(options.engine)}, blocks every ${COMMIT_MS} ms and the time to agree`)
    load.startNodes(join(dir, "nodes"), short ? 1 : 2)
    load.startPayments(short ? 2 : 4)
    if (!short) await trial.until("the nodes' first income", async () => (await trial.paid()) > 0, 180_000)
    const shoot = async (url: string): Promise<void> => {
      if (options.out !== undefined) await options.shoot?.(url, join(options.out, "halted.png"))
    }
    if (options.out !== undefined) mkdirSync(options.out, { recursive: true })
    const links = kind === "namespaces" ? hosts : undefined
    const play = async (plan: Plan): Promise<void> => void (await trial.run(plan))
    if (options.out !== undefined) await options.shoot?.(network.all[0].gateway, join(options.out, "well.png"))
    await play(p.kill(trial, 1))
    if (extent === "full") {
      for (const i of [0, 1, 2, 3]) await play(p.away(trial, i))
      await play(p.pause(trial, 2))
      await play(p.restart(trial, 0))
      if (options.older === undefined) skip("the upgrade", "no older engine was given (--older PATH)")
      else await play(p.upgrade(trial, 3, options.engine))
    }
    if (!short)
      if (links === undefined) skip("the partition 1|3", noNamespaces!)
      else await play(p.oneAgainstThree(links, 3))
    await play(p.twoAgainstTwo(trial, links, shoot))
    if (!short) await play(p.lie(trial, 2))
    if (extent === "full") {
      if (mounted) await play(p.fullDisk(trial, 1))
      else skip("the full disk", "a small file system takes root, and mount")
      const skewed = buildSkewed(options.skewedFolder ?? join(tmpdir(), "blackstart-skewed"))
      if ("why" in skewed) skip("the skewed clock", skewed.why)
      else await play(p.skew(trial, 3, skewed.path))
    }
    if (!short) {
      await play(p.doubleSign(trial, 3, SPARE_HOST, (twin) => void more.push(twin)))
      await play(p.joinByStateSync(trial, genesis, SPARE_HOST, (node) => void more.push(node)))
    }
    await load.stop()
    const newcomer = more.filter((v) => v.name === "new")
    const invariants = await checkInvariants([...network.all, ...newcomer], load.acknowledged, !short)
    const paidMicroFil = await trial.paid()
    await Promise.all([network.stop(), ...more.map((v) => v.pair.stop())])
    invariants.push(await oneHash(network.all[0].home.chain, dir))
    for (const { invariant, ok, detail } of invariants) say(`${ok ? "ok " : "NOT"} ${invariant}: ${detail}`)
    const waits = load.waits.toSorted((a, b) => a - b)
    const report: PerturbReport = {
      what: "the ledger keeps paying while any third of the validators is away",
      at: new Date().toISOString(),
      engine: versionOf(options.engine) ?? "",
      hosts: kind,
      validators: 4,
      commitMs: COMMIT_MS,
      loadAverage: loadavg().map((x) => Math.round(x * 10) / 10),
      perturbations: trial.rows,
      invariants,
      skipped,
      acknowledged: load.acknowledged.length,
      resent: load.resent,
      finalityMs: {
        p50: Math.round(waits[waits.length >> 1] ?? 0),
        p99: Math.round(waits[Math.floor(waits.length * 0.99)] ?? 0),
      },
      paidMicroFil,
      ok: trial.rows.every((r) => r.ok) && invariants.every((i) => i.ok),
    }
    if (options.out !== undefined) await write(options.out, report)
    return report
  } finally {
    await load?.stop()
    await Promise.all([network?.stop(), ...more.map((v) => v.pair.stop())])
    hosts.close()
    if (mounted) p.unmountSmall(small)
    if (process.env.BLACKSTART_KEEP === undefined) rmSync(dir, { recursive: true, force: true })
  }
}

function canMount(dir: string): boolean {
  try {
    p.mountSmall(dir)
    return true
  } catch {
    return false
  }
}

/** The journal of the validators' chain, exported and folded, and decided again by the embedded ledger with every signature checked. */
export async function oneHash(chain: string, scratch: string): Promise<Checked> {
  const [copy, run] = [join(scratch, "embedded"), join(scratch, "run")]
  cpSync(chain, copy, { recursive: true })
  for (const folder of [SNAPSHOTS, SYNC_FOLDER]) rmSync(join(copy, folder), { recursive: true, force: true })
  const embedded = EmbeddedLedger.open(copy, { blockMs: Infinity, distrustJournal: true })
  const { height, appHash } = embedded.info()
  await embedded.close()
  const exported = exportChain(chain, run)
  const replayed = await replayChain(run)
  const ok = exported.blocks === height && exported.logHash === appHash && replayed.verified && replayed.logHash === appHash
  return {
    invariant: "one hash",
    ok,
    detail: `${height} blocks: the validators' log, its replay and the embedded ledger end in ${appHash.slice(0, 16)}…`,
  }
}

/** perturbations.json, a Markdown table, and the rows as Parquet for whoever draws them. */
async function write(out: string, report: PerturbReport): Promise<void> {
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, "perturbations.json"), `${JSON.stringify(report, null, 1)}\n`)
  const checks = report.invariants.map((i) => `| ${i.invariant} | ${i.ok ? "yes" : "NO"} | ${i.detail} |`)
  writeFileSync(
    join(out, "perturbations.md"),
    `${tableOf(report.perturbations)}\n\n| invariant | holds? | seen |\n|---|---|---|\n${checks.join("\n")}\n`,
  )
  const rows = join(out, "rows.json")
  writeFileSync(rows, JSON.stringify(report.perturbations))
  const { DuckDBInstance } = await import("@duckdb/node-api")
  const connection = await (await DuckDBInstance.create(":memory:")).connect()
  const quote = (path: string): string => `'${path.replaceAll("'", "''")}'`
  await connection.run(
    `COPY (SELECT * FROM read_json_auto(${quote(rows)})) TO ${quote(join(out, "perturbations.parquet"))} (FORMAT parquet)`,
  )
  connection.closeSync()
  rmSync(rows)
}
