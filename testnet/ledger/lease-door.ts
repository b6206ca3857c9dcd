/**
 * The door of real leases: what was promised under which name, who is drawn to look whether it is served, and the standing orders of
 * tenants: the cheapest bid after the auction, and the end of a lease that fails.
 */
import type { LeaseDoor } from "../../protocol/kernel/live.ts"
import { sha256 } from "./command.ts"
import { accountOfNode, type Door, type Host } from "./doors.ts"
import type { GateState } from "./gate.ts"
import { GOOD } from "./gate-lease.ts"
import { seedOf } from "./storage-door.ts"
import { fromWords, toWords } from "./words.ts"

const NAME_BYTES = 32
const ROOT_BYTES = 32
export const SITE_EVIDENCE_BYTES = NAME_BYTES + ROOT_BYTES
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/u

export interface SiteRow {
  readonly site: number
  readonly name: string
  /** SHA-256 of the manifest. */
  readonly root: Uint8Array
}

/** Name and root as a tenant signs them; undefined where the bytes are none. */
export function readSiteEvidence(evidence: Uint8Array): { readonly name: string; readonly root: Uint8Array } | undefined {
  if (evidence.length !== SITE_EVIDENCE_BYTES) return undefined
  const name = nameOf(evidence.subarray(0, NAME_BYTES))
  return name === undefined ? undefined : { name, root: evidence.slice(NAME_BYTES) }
}
/** Throws a RangeError where the name is none. */
export function siteEvidence(name: string, root: Uint8Array): Uint8Array {
  if (!NAME.test(name))
    throw new RangeError(`${JSON.stringify(name)} is no name for a site: small letters, digits and hyphens, at most 32`)
  const bytes = new Uint8Array(SITE_EVIDENCE_BYTES)
  bytes.set(Buffer.from(name))
  bytes.set(root, NAME_BYTES)
  return bytes
}
function nameOf(bytes: Uint8Array): string | undefined {
  const end = bytes.indexOf(0)
  const name = Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString("latin1")
  const isPadded = end < 0 || bytes.subarray(end).every((b) => b === 0)
  return isPadded && NAME.test(name) ? name : undefined
}

/** The open site of a name. */
export function siteNamed({ site }: GateState, name: string): SiteRow | undefined {
  for (let s = 0; s < site.length; s++)
    if (site.closed[s] === 0 && nameOf(fromWords(site, "n", s)) === name) return siteAt({ site }, s)
  return undefined
}
export const siteAt = ({ site }: Pick<GateState, "site">, s: number): SiteRow => ({
  site: s,
  name: nameOf(fromWords(site, "n", s)) ?? "",
  root: fromWords(site, "r", s),
})
/** The open site of a deployment's row; −1 without one. */
export function siteOfDeployment({ site }: GateState, deployment: number): number {
  for (let s = site.length - 1; s >= 0; s--) if (site.closed[s] === 0 && site.deployment[s] === deployment) return s
  return -1
}

/** Accounts drawn to probe a group's lease in a window, in the order drawn: never the provider's own, only such as listen themselves. */
export function drawProbers(
  gate: GateState,
  door: LeaseDoor<any>,
  group: number,
  provider: number,
  window: number,
): readonly number[] {
  const seed = seedOf(gate, window)
  if (seed === undefined) return []
  const { account, endpoint } = gate
  const others: number[] = []
  for (let a = 1; a < endpoint.length; a++)
    if (endpoint.setS[a] > 0 && account.closed[a] === 0 && a !== accountOfNode(provider)) others.push(a)
  const drawn: number[] = []
  for (let k = 0; k < door.probers && others.length > 0; k++) {
    const dice = sha256(Buffer.concat([seed, Buffer.from(`probe ${group} ${k}`)]))
    const at = new DataView(dice.buffer, dice.byteOffset).getUint32(0, true) % others.length
    drawn.push(...others.splice(at, 1))
  }
  return drawn
}

export function leaseDoor(host: Host): Door {
  const { gate, live, machine } = host
  const door = live.lease!
  const { state } = machine

  /** Counts the probes of the window that is over, for every lease that is promised to somebody. */
  function judge(): void {
    forEachGroup((s, { group, node }) => {
      const { watch } = gate
      if (node < 0 || group >= watch.length || watch.node[group] !== node || watch.site[group] !== s) return
      const votes = watch.good[group] + watch.bad[group]
      if (votes === 0) return
      const failed = watch.bad[group] > watch.good[group] ? watch.failed[group] + 1 : 0
      host.tell("LeaseJudged", [{ group, failed }])
    })
  }

  function endFailed(time: number): void {
    forEachGroup((site, { group, node }) => {
      const { watch } = gate
      if (node < 0 || group >= watch.length || watch.node[group] !== node || watch.site[group] !== site) return
      if (watch.failed[group] < door.failedWindows) return
      const { type, row } = door.end(group)
      if (host.stepOwn(type, row(time)) !== undefined) return
      const barredUntilS = time + door.barredSeconds
      host.tell("LeaseFailed", [{ group, site, node, account: accountOfNode(node), barredUntilS }])
    })
  }

  /** The cheapest bid of a provider that is not passed over and has none of the site's other groups; of equal ones, the first node's. */
  function acceptBids(time: number): void {
    forEachGroup((s, { group, orderS }) => {
      if (orderS === 0 || time < orderS + door.auctionSeconds) return
      const { endpoint, site } = gate
      const holders = new Set(door.groups(state, site.deployment[s]).map(({ node }) => node))
      let best: { bid: number; node: number; rate: number } | undefined
      for (const one of door.bids(state, group)) {
        const account = accountOfNode(one.node)
        const isThere = account < endpoint.length && endpoint.setS[account] > 0 && endpoint.barredUntilS[account] <= time
        if (!isThere || holders.has(one.node)) continue
        if (best === undefined || one.rate < best.rate || (one.rate === best.rate && one.node < best.node)) best = one
      }
      if (best === undefined) return
      const { type, row } = door.accept(group, best.bid)
      host.stepOwn(type, row(time))
    })
  }

  function forEachGroup(visit: (site: number, group: ReturnType<LeaseDoor<any>["groups"]>[number]) => void): void {
    const { site } = gate
    for (let s = 0; s < site.length; s++)
      if (site.closed[s] === 0) for (const group of door.groups(state, site.deployment[s])) visit(s, group)
  }

  return {
    take(command, account, time) {
      const promised = readSiteEvidence(command.evidence)
      if (promised === undefined) return "evidence_is_invalid"
      if (siteNamed(gate, promised.name) !== undefined) return "name_is_taken"
      const refusal = host.stepSigned(command, time)
      if (refusal !== undefined) return refusal
      const { deployment, number } = door.newest(state)
      const name = new Uint8Array(NAME_BYTES)
      name.set(Buffer.from(promised.name))
      host.tell("SiteOpened", [
        { account, deployment, number, ...toWords("n", name), ...toWords("r", promised.root), openedS: time },
      ])
      return undefined
    },

    asks: {
      ReportProbe({ body: { row } }, account, time) {
        const group = row.group as number
        const window = Math.floor(time / live.windowSeconds)
        if (row.window !== window) return "window_is_over"
        const found = findGroup(group)
        if (found === undefined || found.node < 0) return "nothing_to_probe"
        const prober = drawProbers(gate, door, group, found.node, window).indexOf(account)
        if (prober < 0) return "not_drawn"
        const { watch } = gate
        const isSame =
          group < watch.length &&
          watch.window[group] === window &&
          watch.node[group] === found.node &&
          watch.site[group] === found.site
        if (isSame && (watch.voted[group] & (1 << prober)) !== 0) return "said_already"
        const { node, site } = found
        const { verdict, latencyMicro } = row as { verdict: number; latencyMicro: number }
        host.tell("LeaseProbed", [{ group, site, node, window, prober, account, verdict, latencyMicro }])
        return undefined
      },
    },

    begin(time, last) {
      const { site } = gate
      for (let s = 0; s < site.length; s++)
        if (site.closed[s] === 0 && door.numberOf(state, site.deployment[s]) !== site.number[s])
          host.tell("SiteClosed", [{ site: s }])
      if (Math.floor(time / live.windowSeconds) > Math.floor(last / live.windowSeconds)) {
        judge()
        endFailed(time)
      }
      acceptBids(time)
    },
  }

  function findGroup(group: number): { readonly site: number; readonly node: number } | undefined {
    let found: { site: number; node: number } | undefined
    forEachGroup((site, one) => {
      if (one.group === group) found = { site, node: one.node }
    })
    return found
  }
}

export { GOOD }
