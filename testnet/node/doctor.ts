/** The doctor: looks at a node's home, its gateways and its place on the chain, and says what is wrong and what to do, in plain words. */
import { existsSync, statfsSync } from "node:fs"
import { join } from "node:path"
import { RecordProblem } from "../../protocol/boundary/durable.ts"
import { hexOf, type KeyPair } from "../ledger/command.ts"
import type { Account, Status } from "../ledger/reading.ts"
import { GatewayClient, Unreachable } from "./client.ts"
import { networkOf } from "../../protocol/networks/index.ts"
import { earnings } from "./coins.ts"
import { type Config, Home } from "./home.ts"
import { SectorStore } from "./sectors.ts"

export interface Finding {
  readonly ok: boolean
  readonly text: string
}

/** Looks at everything; never throws for what it finds. */
export async function examine(dir: string): Promise<readonly Finding[]> {
  const found: Finding[] = []
  const good = (text: string): void => void found.push({ ok: true, text })
  const bad = (text: string): void => void found.push({ ok: false, text })
  const tried = <T>(work: () => T): T | undefined => {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof RecordProblem)) throw error
      bad(error.message)
      return undefined
    }
  }
  if (!existsSync(dir)) {
    bad(`there is no node in ${dir}: blackstart join URL makes one`)
    return found
  }
  const home = tried(() => new Home(dir))
  if (home === undefined) return found
  const config = tried(() => home.config())
  if (config === undefined) {
    if (found.length === 0) bad(`there is no node in ${dir}: blackstart join URL makes one`)
    return found
  }
  const key = tried(() => home.key())
  if (key !== undefined) good(`the key is there, and only you can read it (${hexOf(key.publicKey).slice(0, 12)}…)`)
  const runs = home.agent()
  if (runs !== undefined) good(`its agent runs (process ${runs})`)
  const { bavail, bsize } = statfsSync(dir)
  const freeMiB = Math.floor((bavail * bsize) / 2 ** 20)
  if (freeMiB < 128) bad(`the disk has ${freeMiB} MiB left: new sectors will not fit; free some space`)
  else good(`the disk has ${freeMiB.toLocaleString("en-GB")} MiB left`)
  const status = await examineGateways(config, good, bad)
  if (key !== undefined && status !== undefined) await examineStanding(config, home, key, status, good, bad)
  if (runs === undefined && !found.some(({ text }) => SETTLED.test(text)))
    bad("its agent does not run, so nothing is proven: run blackstart join, and leave it running")
  return found
}

/** Who has left needs no agent, and who was told to start it need not be told again. */
const SETTLED = /^this key has left|leave it running$/u

type Note = (text: string) => void

async function examineGateways(config: Config, good: Note, bad: Note): Promise<Status | undefined> {
  let first: Status | undefined
  for (const url of config.gateways) {
    const began = performance.now()
    try {
      const status = await new GatewayClient([url]).status()
      const ms = Math.round(performance.now() - began)
      if (config.chain !== undefined && status.chain !== config.chain)
        bad(`${url} serves the chain ${status.chain}, and this node joined ${config.chain}: take it out of gateways`)
      else {
        good(`${url} answers in ${ms} ms, at block ${status.height.toLocaleString("en-GB")} of ${status.chain}`)
        first ??= status
      }
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error
      bad(error.message.endsWith("?") ? error.message : `${error.message}: is the address right, and is the gateway up?`)
    }
  }
  if (first === undefined) bad("no gateway can be used, so the node cannot prove and will lose power: add another to gateways")
  return first
}

async function examineStanding(config: Config, home: Home, key: KeyPair, status: Status, good: Note, bad: Note): Promise<void> {
  const account = await new GatewayClient(config.gateways).account(hexOf(key.publicKey)).catch(() => undefined)
  if (account === undefined) {
    bad("the chain does not know this key: run blackstart join, and leave it running")
    return
  }
  // Whoever has left owes nothing more: its disk is empty by intent.
  if (account.closed) return bad("this key has left the chain for good: join with another --home")
  good(
    `it is ${status.nodeWord} ${account.node} of ${status.chain}, and has earned ${earnings(status, account.measures[networkOf(status.network)?.live?.income ?? ""] ?? 0)}`,
  )
  if (account.lease !== undefined) await examineServing(account, good, bad)
  if (account.coverage?.liar === true)
    bad(
      `the chain says that this node is not where it says (${account.coverage.reason}), and pays it nothing: mend at in ${home.configPath}, and join with another --home`,
    )
  if (account.coverage !== undefined && account.endpoint.udpPort === 0)
    bad("the chain does not know where this hotspot listens: run blackstart join, and leave it running")
  if (account.render?.connected === false) bad("it has no session: run blackstart join, and leave it running")
  if ((account.render?.rejected ?? 0) > 0)
    bad(`${account.render!.rejected} of its tiles were rejected this day: they were not what the scene renders to`)
  if (account.storage === undefined) return
  if ((account.measures.missed ?? 0) > 0)
    bad(`${account.measures.missed} proofs were missed: the agent was off or unreachable, or bytes were lost; keep it running`)
  const store = new SectorStore(join(home.dir, "sectors"), key.publicKey, status.sectorBytes)
  for (const s of account.sectors.filter((one) => one.status === "sealed"))
    if (!store.isWhole(s.number, Buffer.from(s.commR, "hex")))
      bad(
        `sector ${s.number} on this disk is damaged or gone (${store.fileOf(s.number)}): its power is lost; join with a larger --sectors, and others are sealed in its place`,
      )
  if (account.sectors.every((s) => s.status !== "sealed")) bad("no sector is sealed yet: this takes a few windows of the chain")
}

/** Whoever looks from outside must find what was promised: asked of the address that the chain has. */
async function examineServing({ endpoint, lease }: Account, good: Note, bad: Note): Promise<void> {
  const at = `${endpoint.ip}:${endpoint.httpPort}`
  if (endpoint.httpPort === 0) {
    bad("the chain does not know where this node listens: run blackstart join, and leave it running")
    return
  }
  if (lease!.leases.length === 0) good("it holds no lease now: it bids for the next site that is ordered")
  for (const { site } of lease!.leases) {
    const status = await fetch(`http://${at}/sites/${site}/`, { signal: AbortSignal.timeout(3000) }).then(
      (answer) => answer.status,
      () => 0,
    )
    if (status === 200) good(`${site} is served at ${at}`)
    else
      bad(
        `${site} is not served at ${at} (${status === 0 ? "nothing answers there" : `answer ${status}`}): probes will find it silent and the lease will go to another; is blackstart join running, and is the address right?`,
      )
  }
}
