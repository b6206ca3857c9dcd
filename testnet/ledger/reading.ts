/** What anyone may read of a chain: its standing, its figures, a node's income and sectors. Plain numbers and strings, for the wire. */
import { toHex } from "../../protocol/kernel/hash.ts"
import type { ChainApplication } from "./application.ts"
import { AUTHORITY } from "./admission.ts"
import { fromWords } from "./gate.ts"
import { seedOf } from "./storage-door.ts"

const STATUS = ["", "announced", "sealed", "dropped"]

export function readStatus({ genesis, gate, machine, network, info }: ChainApplication) {
  const { height, time, appHash } = info()
  return {
    chain: genesis.chain,
    network: genesis.network,
    nodeWord: network.nodeWord,
    height,
    time,
    appHash,
    speed: genesis.speed,
    sectorBytes: genesis.sectorBytes,
    windowSeconds: network.live?.windowSeconds ?? 0,
    sealDelaySeconds: network.live?.storage?.sealDelaySeconds ?? 0,
    expirySecondsMax: genesis.expirySecondsMax,
    accounts: gate.account.length - 1,
    places: genesis.nodes,
    commands: gate.control.commands[0],
    refused: gate.control.refused[0],
    sectors: gate.sector.length,
    grantAtto: genesis.faucet.grantAtto,
    refusals: Object.fromEntries(machine.reasons.map((reason, i) => [reason, machine.refused[i]]).filter(([, n]) => n !== 0)),
  }
}
export type Status = ReturnType<typeof readStatus>

export const readMetrics = ({ network, machine }: ChainApplication): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(network.metrics).map(([name, m]) => [name, m.of(machine.state)]))

/** An account and its node, or undefined for a key that has not joined. */
export function readAccount(app: ChainApplication, keyHex: string) {
  const i = app.accountOf(keyHex)
  if (i === undefined || i === AUTHORITY) return undefined
  const { account: all, sector } = app.gate
  const node = all.node[i]
  const { storage } = app.network.live ?? {}
  const sectors = []
  for (let s = 0; s < sector.length; s++)
    if (sector.account[s] === i)
      sectors.push({
        sector: s,
        number: sector.number[s],
        status: STATUS[sector.status[s]],
        deadline: sector.deadline[s] === 0xffff ? -1 : sector.deadline[s],
        announcedS: sector.announcedS[s],
        provenWindow: sector.provenWindow[s],
        commR: toHex(fromWords(sector, "r", s)),
      })
  return {
    key: keyHex,
    account: i,
    node,
    nonce: all.nonce[i],
    closed: all.closed[i] === 1,
    grantedAtto: String(all.grantedAtto.get(i)),
    spentAtto: String(all.spentAtto.get(i)),
    sectors,
    measures: readMeasures(app, node),
    ...(storage === undefined ? {} : { storage: storage.view(app.machine.state, node, app.info().time) }),
  }
}
export type Account = NonNullable<ReturnType<typeof readAccount>>

const readMeasures = ({ network, machine }: ChainApplication, node: number): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(network.nodeMeasures).map(([name, m]) => [name, m.of(machine.state, node)]))

/** Every node's income, for the observer's page. */
export function readNodes(app: ChainApplication) {
  const { account: all } = app.gate
  return Array.from({ length: Math.max(0, all.length - 1) }, (_, k) => {
    const i = k + 1
    return {
      node: all.node[i],
      key: toHex(fromWords(all, "k", i)),
      sectors: all.sectors[i],
      closed: all.closed[i] === 1,
      measures: readMeasures(app, all.node[i]),
    }
  })
}

/** The seed of a window in hex, or undefined before it is drawn. */
export function readSeed({ gate }: ChainApplication, window: number): string | undefined {
  const seed = seedOf(gate, window)
  return seed === undefined ? undefined : toHex(seed)
}
