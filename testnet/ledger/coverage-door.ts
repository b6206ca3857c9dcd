/**
 * The door of real coverage: receipts of drawn neighbours, both of whom signed the round trip, held against the speed of light and
 * against each other. Who contradicts most of its partners, window after window, is named and put on the network's denylist.
 */
import type { CoverageDoor } from "../../protocol/kernel/live.ts"
import { sha256 } from "./command.ts"
import type { Door, Host } from "./doors.ts"
import type { GateState } from "./gate.ts"
import { FASTER_THAN_LIGHT, FITS, TOO_SLOW } from "./gate-coverage.ts"
import { beaconBytes, finalBytes, isSigned, readReceipts, type Heard } from "./receipts.ts"
import { seedOf } from "./storage-door.ts"
import { fromWords } from "./words.ts"

/** Half of what light goes in a microsecond, in micrometres: there and back. */
const LIGHT_HALF_MICROMETRES = 149_896_229
/** Ten seconds: longer round trips prove nothing. */
export const ROUND_TRIP_MICRO_MAX = 10_000_000
/** A path through cables and routers: three times the straight one, at the speed of light. 1 / 50 µs a metre. */
const METRES_A_MICRO = 50

/** How a round trip fits two claimed places. Both sides measured; either alone may contradict by being too fast, both by being too slow. */
export function judgeTrip(
  metres: number,
  { beaconerMicro, witnessMicro }: Pick<Heard, "beaconerMicro" | "witnessMicro">,
  slackMicro: number,
): number {
  const quickest = Math.min(beaconerMicro, witnessMicro)
  if (metres * 1_000_000 > quickest * LIGHT_HALF_MICROMETRES) return FASTER_THAN_LIGHT
  return quickest > slackMicro + Math.ceil(metres / METRES_A_MICRO) ? TOO_SLOW : FITS
}

/** Accounts drawn for a beaconer in a window: others that are placed and listen, in the order drawn. */
export function drawPeers(
  gate: GateState,
  door: CoverageDoor<any>,
  state: unknown,
  account: number,
  window: number,
): readonly number[] {
  const seed = seedOf(gate, window)
  if (seed === undefined) return []
  const { account: all, endpoint } = gate
  const others: { account: number; rank: number }[] = []
  for (let a = 1; a < endpoint.length; a++) {
    if (a === account || endpoint.udpPort[a] === 0 || all.closed[a] === 1 || !door.isPlaced(state, all.node[a])) continue
    const dice = sha256(Buffer.concat([seed, Buffer.from(`peer ${account} ${a}`)]))
    others.push({ account: a, rank: new DataView(dice.buffer, dice.byteOffset).getUint32(0, true) })
  }
  return others
    .toSorted((x, y) => x.rank - y.rank || x.account - y.account)
    .slice(0, door.peersMax)
    .map((o) => o.account)
}

/** Who contradicts most: the worst first, and without it the next, so that a liar's partners are not held for its lies. */
export function findLiars(
  pairs: readonly { readonly a: number; readonly b: number; readonly verdict: number }[],
  partnersMin: number,
): readonly { readonly account: number; readonly partners: number; readonly against: number; readonly reason: number }[] {
  const found: { account: number; partners: number; against: number; reason: number }[] = []
  // Of two that measured each other twice, a contradiction counts.
  const worst = new Map<string, { a: number; b: number; verdict: number }>()
  for (const { a, b, verdict } of pairs) {
    const key = a < b ? `${a} ${b}` : `${b} ${a}`
    if ((worst.get(key)?.verdict ?? FITS) === FITS) worst.set(key, { a, b, verdict })
  }
  let left = [...worst.values()]
  for (;;) {
    const of = new Map<number, { partners: number; against: number; fast: number }>()
    for (const { a, b, verdict } of left)
      for (const one of [a, b]) {
        const sum = of.get(one) ?? { partners: 0, against: 0, fast: 0 }
        sum.partners++
        if (verdict !== FITS) sum.against++
        if (verdict === FASTER_THAN_LIGHT) sum.fast++
        of.set(one, sum)
      }
    let most: { account: number; partners: number; against: number; fast: number } | undefined
    for (const [account, sum] of [...of].toSorted(([x], [y]) => x - y))
      if (
        sum.partners >= partnersMin &&
        sum.against * 3 >= sum.partners * 2 &&
        (most === undefined || sum.against * most.partners > most.against * sum.partners)
      )
        most = { account, ...sum }
    if (most === undefined) return found
    const { account, partners, against, fast } = most
    found.push({ account, partners, against, reason: fast * 2 >= against ? FASTER_THAN_LIGHT : TOO_SLOW })
    left = left.filter(({ a, b }) => a !== account && b !== account)
  }
}

export function coverageDoor(host: Host): Door {
  const { gate, live, machine, genesis } = host
  const door = live.coverage!
  const { state } = machine

  /** Receipts of drawn peers that are genuine, each once; the others are left out. */
  function genuine(
    key: Uint8Array,
    account: number,
    window: number,
    seed: Uint8Array,
    evidence: Uint8Array,
  ): readonly Heard[] | undefined {
    const read = readReceipts(evidence)
    if (read === undefined) return undefined
    const beacon = beaconBytes(genesis.chain, window, seed, key, read.nonce)
    const drawn = new Set(drawPeers(gate, door, state, account, window))
    return read.heard.filter((h) => {
      if (!drawn.delete(h.account)) return false
      if (h.beaconerMicro > ROUND_TRIP_MICRO_MAX || h.witnessMicro > ROUND_TRIP_MICRO_MAX) return false
      const witness = fromWords(gate.account, "k", h.account)
      return isSigned(witness, finalBytes(beacon, witness, h.nonce, h.witnessMicro), h.signature)
    })
  }

  function judge(): void {
    const { contact, account, standing } = gate
    if (contact.length === 0) return
    const pairs = Array.from({ length: contact.length }, (_, i) => ({
      a: contact.a[i],
      b: contact.b[i],
      verdict: contact.verdict[i],
    }))
    const liars = findLiars(pairs, door.partnersMin)
    const struck = new Set(liars.map((l) => l.account))
    const cleared = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))].filter(
      (a) => !struck.has(a) && a < standing.length && standing.strikes[a] > 0,
    )
    host.tell(
      "AccountStruck",
      cleared.toSorted((x, y) => x - y).map((a) => ({ account: a, strikes: 0 })),
    )
    const { timeS } = gate.control
    for (const liar of liars) {
      const strikes = standing.strikes[liar.account] + 1
      host.tell("AccountStruck", [{ account: liar.account, strikes }])
      if (strikes < door.strikes || standing.liar[liar.account] === 1) continue
      const node = account.node[liar.account]
      const { type, row } = door.deny(node)
      host.stepOwn(type, row(timeS[0]))
      host.tell("LiarNamed", [{ ...liar, node, namedS: timeS[0] }])
    }
    host.tell("WindowJudged", [{ window: contact.window[0] }])
  }

  return {
    take(command, account, time) {
      const window = Math.floor(time / live.windowSeconds)
      const seed = seedOf(gate, window)
      if (seed === undefined) return "seed_is_not_drawn"
      const heard = genuine(command.key, account, window, seed, command.evidence)
      if (heard === undefined) return "evidence_is_invalid"
      const node = gate.account.node[account]
      const local = command.body.row.local as number
      const beacon = door.beacon(node, local)
      const refusal = host.stepOwn(beacon.type, beacon.row(time))
      if (refusal !== undefined) return refusal
      host.tell("BeaconShown", [{ account, window }])
      const judged = heard.map((h) => {
        const witness = gate.account.node[h.account]
        return { h, witness, verdict: judgeTrip(door.metres(state, node, witness), h, door.slackMicro) }
      })
      host.tell(
        "ContactShown",
        judged.map(({ h, verdict }) => ({
          a: account,
          b: h.account,
          roundTripMicro: Math.min(h.beaconerMicro, h.witnessMicro),
          verdict,
          window,
        })),
      )
      // What contradicts the places is no proof of either of them.
      const rows = judged
        .filter(({ verdict }) => verdict === FITS)
        .map(({ h, witness }) => door.witness(node, witness, local, Math.ceil(h.beaconerMicro / 2000)))
      if (rows.length > 0)
        host.stepRows(
          rows[0].type,
          rows.map(({ row }) => row(time)),
        )
      return undefined
    },
    begin(time, last) {
      if (Math.floor(time / live.windowSeconds) > Math.floor(last / live.windowSeconds)) judge()
    },
  }
}
