/** What anyone may read of a chain: its standing, its figures, a node's income and sectors. Plain numbers and strings, for the wire. */
import { toHex } from "../../protocol/kernel/hash.ts"
import type { ChainApplication } from "./application.ts"
import { AUTHORITY } from "./admission.ts"
import { fromWords } from "./words.ts"
import type { Live } from "../../protocol/kernel/live.ts"
import { accountOfNode } from "./doors.ts"
import type { GateState } from "./gate.ts"
import { drawProbers, siteAt, siteOfDeployment } from "./lease-door.ts"
import { drawPeers } from "./coverage-door.ts"
import { DELIVERED } from "./gate-render.ts"
import { sceneOf, tilesGiven } from "./render-door.ts"
import { seedOf } from "./storage-door.ts"

const STATUS = ["", "announced", "sealed", "dropped"]

/** What the page and the terminal call a node's income. */
const NO_COIN = { word: "", by: 1, stakeWord: "", stakeBy: 1n }

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
    places: genesis.nodes - (genesis.simulated ?? 0),
    simulated: genesis.simulated ?? 0,
    commands: gate.control.commands[0],
    refused: gate.control.refused[0],
    sectors: gate.sector.length,
    grantAtto: genesis.faucet.grantAtto,
    ...coinOf(network.live?.coin ?? NO_COIN),
    refusals: Object.fromEntries(machine.reasons.map((reason, i) => [reason, machine.refused[i]]).filter(([, n]) => n !== 0)),
  }
}
const coinOf = ({ word, by, stakeWord, stakeBy }: typeof NO_COIN) => ({
  coin: word,
  coinBy: by,
  stakeWord,
  stakeBy: String(stakeBy),
})
export type Status = ReturnType<typeof readStatus>

export const readMetrics = ({ network, machine }: ChainApplication): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(network.metrics).map(([name, m]) => [name, m.of(machine.state)]))

/** An account and its node, or undefined for a key that has not joined. */
export function readAccount(app: ChainApplication, keyHex: string) {
  const i = app.accountOf(keyHex)
  if (i === undefined || i === AUTHORITY) return undefined
  const { account: all, sector } = app.gate
  const node = all.node[i]
  const { coverage, lease, render, storage } = app.network.live ?? {}
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
    endpoint: readEndpoint(app, i),
    ...(lease === undefined ? {} : { lease: readLease(app, lease, i, node) }),
    ...(coverage === undefined ? {} : { coverage: readCoverage(app, coverage, i, node) }),
    ...(render === undefined ? {} : { render: { ...render.view(app.machine.state, node), tiles: readTilesOf(app, node) } }),
    ...(storage === undefined ? {} : { storage: storage.view(app.machine.state, node, app.info().time) }),
  }
}
export type Account = NonNullable<ReturnType<typeof readAccount>>

/** Where an account listens; all 0 where it has not said so. */
export function readEndpoint({ gate: { endpoint } }: ChainApplication, i: number) {
  return i < endpoint.length
    ? { ip: ipText(endpoint.ip4[i]), httpPort: endpoint.httpPort[i], udpPort: endpoint.udpPort[i] }
    : { ip: "0.0.0.0", httpPort: 0, udpPort: 0 }
}
export const ipText = (ip4: number): string => [24, 16, 8, 0].map((shift) => (ip4 >>> shift) & 255).join(".")

/** A provider's orders, leases and, drawn for it, the leases of others that it is to look at in this window. */
function readLease(app: ChainApplication, door: NonNullable<Live["lease"]>, account: number, node: number) {
  const { gate, machine, info } = app
  const { orders, leases, joined } = door.view(machine.state, node)
  const window = Math.floor(info().time / app.network.live!.windowSeconds)
  const withSite = <T extends { readonly deployment: number }>(one: T) => {
    const site = siteOfDeployment(gate, one.deployment)
    const { name, root } = site < 0 ? { name: "", root: new Uint8Array(0) } : siteAt(gate, site)
    return { ...one, site: name, root: toHex(root) }
  }
  const probes = []
  for (const site of readSites(app))
    for (const { group, node: provider, endpoint } of site.groups) {
      if (provider < 0) continue
      const prober = drawProbers(gate, door, group, provider, window).indexOf(account)
      if (prober < 0 || hasVoted(gate, site.site, group, provider, window, prober)) continue
      probes.push({ group, site: site.name, root: site.root, node: provider, ...endpoint })
    }
  return { joined, window, orders: orders.map(withSite), leases: leases.map(withSite), probes }
}
const hasVoted = ({ watch }: GateState, site: number, group: number, node: number, window: number, prober: number): boolean =>
  group < watch.length &&
  watch.window[group] === window &&
  watch.node[group] === node &&
  watch.site[group] === site &&
  (watch.voted[group] & (1 << prober)) !== 0

/** Open sites, their groups and who serves them. */
export function readSites(app: ChainApplication) {
  const { gate, machine, network } = app
  const door = network.live?.lease
  const sites = []
  if (door === undefined) return []
  for (let s = 0; s < gate.site.length; s++) {
    if (gate.site.closed[s] === 1) continue
    const { name, root } = siteAt(gate, s)
    sites.push({
      site: s,
      name,
      root: toHex(root),
      tenant: gate.site.account[s],
      deployment: gate.site.deployment[s],
      failovers: gate.site.failovers[s],
      groups: door.groups(machine.state, gate.site.deployment[s]).map((g) => ({
        ...g,
        endpoint: readEndpoint(app, g.node < 0 ? gate.endpoint.length : accountOfNode(g.node)),
        failed: g.group < gate.watch.length && gate.watch.node[g.group] === g.node ? gate.watch.failed[g.group] : 0,
      })),
    })
  }
  return sites
}
export type SiteSeen = ReturnType<typeof readSites>[number]

/** A hotspot's place, and whom it may reach with its beacon in this window. */
function readCoverage(app: ChainApplication, door: NonNullable<Live["coverage"]>, account: number, node: number) {
  const { gate, machine, info, network } = app
  const window = Math.floor(info().time / network.live!.windowSeconds)
  const { standing } = gate
  const isKnown = account < standing.length
  return {
    ...door.view(machine.state, node),
    window,
    beaconed: isKnown && standing.beaconWindow[account] === window,
    liar: isKnown && standing.liar[account] === 1,
    reason: ["", "", "faster than light", "too slow for the place"][isKnown ? standing.reason[account] : 0],
    contacts: isKnown ? standing.contacts[account] : 0,
    contradictions: isKnown ? standing.contradictions[account] : 0,
    peers: drawPeers(gate, door, machine.state, account, window).map((a) => ({
      account: a,
      node: gate.account.node[a],
      key: toHex(fromWords(gate.account, "k", a)),
      ...readEndpoint(app, a),
    })),
  }
}

/** Tiles that a node has to render, with the scene they are of. */
const readTilesOf = ({ gate }: ChainApplication, node: number) =>
  tilesGiven(gate, node).map((tile) => {
    const picture = gate.tile.picture[tile]
    return { tile, number: tile - gate.picture.first[picture], scene: sceneOf(gate, picture) }
  })

const PICTURE = ["", "rendering", "finished", "given up"]
const TILE = ["waiting", "given", "delivered", "approved"]

/** Pictures, newest first, with how far they are. */
export function readPictures({ gate }: ChainApplication) {
  const { picture, tile } = gate
  return Array.from({ length: picture.length }, (_, k) => {
    const p = picture.length - 1 - k
    const counts = [0, 0, 0, 0]
    let rejected = 0
    for (let t = picture.first[p]; t < picture.first[p] + picture.tiles[p]; t++) {
      counts[tile.status[t]]++
      rejected += tile.level[t]
    }
    return {
      picture: p,
      artist: picture.account[p],
      status: PICTURE[picture.status[p]],
      ...sceneOf(gate, p),
      tiles: picture.tiles[p],
      ...(Object.fromEntries(TILE.map((word, i) => [word, counts[i]])) as Record<
        "waiting" | "given" | "delivered" | "approved",
        number
      >),
      rejected,
    }
  })
}

export type PictureSeen = ReturnType<typeof readPictures>[number]

/** The digest that a picture's tile is to have, or undefined before it is promised. */
export function readDigest({ gate: { picture, tile } }: ChainApplication, p: number, number: number): string | undefined {
  const t = picture.first[p] + number
  return tile.status[t] >= DELIVERED ? toHex(fromWords(tile, "t", t)) : undefined
}

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
/** Did this key register for the network's work? A tenant or an artist joins too, and only pays. */
export function takesPart({ machine, network: { live }, info }: ChainApplication, node: number): boolean {
  const { storage, lease, coverage, render } = live ?? {}
  return (
    storage?.view(machine.state, node, info().time).joined ??
    lease?.view(machine.state, node).joined ??
    coverage?.view(machine.state, node).registered ??
    render?.view(machine.state, node).registered ??
    true
  )
}

/** The seed of a window in hex, or undefined before it is drawn. */
export function readSeed({ gate }: ChainApplication, window: number): string | undefined {
  const seed = seedOf(gate, window)
  return seed === undefined ? undefined : toHex(seed)
}
