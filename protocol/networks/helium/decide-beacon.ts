/**
 * Beacons, decided: seven checks in the verifier's order (oracles@824f7724 iot_verifier/src/poc.rs, do_beacon_verifications).
 */
import type { Decide, DecideContext } from "../../kernel/network.ts"
import { reserve, type Columns } from "../../kernel/table.ts"
import { refusals, type Commands, type Refusal } from "./commands.ts"
import type { Events } from "./events.ts"
import { exactBeacon } from "./exact-beacon.ts"
import type { params } from "./params.ts"
import { payloadTag } from "./payload-tag.ts"
import { channelLossNanoDb } from "./radio-loss.ts"
import type { State } from "./state.ts"

type Context = DecideContext<Events, typeof params, Refusal>
const REFUSAL_INDEX = new Map(Object.keys(refusals).map((name, i) => [name, i]))

/** Beacons of the batch now decided: when each hotspot's last one came, those already in the state counted in. */
const latest = { mark: new Uint16Array(0), atS: new Uint32Array(0), stamp: 0 }

function beginBeacons(nodes: number): void {
  if (latest.mark.length < nodes) {
    latest.mark = new Uint16Array(nodes)
    latest.atS = new Uint32Array(nodes)
    latest.stamp = 0
  }
  if (latest.stamp === 0xffff) {
    latest.mark.fill(0)
    latest.stamp = 0
  }
  latest.stamp++
}

/** Loss of a channel is asked for few frequencies, over and over. */
const channels = new Map<number, number>()
function channelLoss(frequencyHz: number): number {
  let loss = channels.get(frequencyHz)
  if (loss === undefined) {
    loss = channelLossNanoDb(frequencyHz)
    if (channels.size > 4096) channels.clear()
    channels.set(frequencyHz, loss)
  }
  return loss
}

export const decideBeacon: Pick<Decide<State, Commands, Events, typeof params, Refusal>, "ReportBeacon"> = {
  /**
   * A beacon's checks in the verifier's order. A refused beacon of a known hotspot is recorded: it uses up its interval.
   * Beacons of different hotspots are independent; of one hotspot, the later must know of the earlier.
   */
  ReportBeacon(state, rows, from, end, to) {
    const accepted = to.out.BeaconReported
    reserve(accepted, end - from)
    const {
      node: nodes,
      receivedS: toS,
      receivedMs: toMs,
      entropyS,
      frequencyHz,
      txPowerDbm,
      payload,
      channelLossNanoDb,
    } = accepted
    if (to.params.proofOfCoverage === 0) {
      for (let i = from; i < end; i++) to.refuse(i, "poc_is_retired")
      return
    }
    let j = accepted.length
    beginBeacons(state.hotspot.length)
    for (let i = from; i < end; i++) {
      const node = rows.node[i]
      const receivedS = Math.floor(rows.receivedMs[i] / 1000)
      const lastS = latest.mark[node] === latest.stamp ? latest.atS[node] : state.hotspot.lastBeaconS[node]
      const reason = beaconProblem(state, rows, i, receivedS, lastS, to.params)
      latest.mark[node] = latest.stamp
      latest.atS[node] = receivedS > lastS ? receivedS : lastS
      if (reason === undefined) {
        nodes[j] = node
        toS[j] = receivedS
        toMs[j] = rows.receivedMs[i] - receivedS * 1000
        entropyS[j] = rows.entropyS[i]
        frequencyHz[j] = rows.frequencyHz[i]
        txPowerDbm[j] = rows.txPowerDbm[i]
        payload[j] = rows.payload[i]
        channelLossNanoDb[j++] = channelLoss(rows.frequencyHz[i])
        continue
      }
      to.refuse(i, reason)
      if (reason === "gateway_not_found") continue
      const refused = to.out.BeaconRefused
      reserve(refused, 1)
      const r = refused.length++
      refused.node[r] = node
      refused.receivedS[r] = receivedS
      refused.reason[r] = REFUSAL_INDEX.get(reason)!
    }
    accepted.length = j
  },
}

/** The first check a beacon fails, in the verifier's order, or undefined. */
function beaconProblem(
  { challenge, hotspot, registry }: State,
  rows: Columns<Commands["ReportBeacon"]["shape"]>,
  i: number,
  receivedS: number,
  lastS: number,
  params: Context["params"],
): Refusal | undefined {
  const node = rows.node[i]
  if (!(registry.nodes.status[node] === 1)) return "gateway_not_found"
  if (registry.nodes.assertions[node] === 0) return "not_asserted"
  if (hotspot.denied[node] === 1) return "denied"
  const entropyS = rows.entropyS[i]
  if (entropyS % params.entropyTickSeconds !== 0 || receivedS < entropyS || receivedS > entropyS + params.entropyLifespanSeconds)
    return "entropy_expired"
  if (hotspot.capable[node] === 0) return "invalid_capability"
  if (params.challengers > 0 && challenge.challenger[node] === 0) return "not_challenged"
  const every = params.beaconIntervalSeconds
  if (params.scheduleChecked === 1 && lastS > 0 && Math.floor(receivedS / every) <= Math.floor(lastS / every))
    return "irregular_interval"
  if (params.exactBeacons === 1) {
    const { payload, frequencyHz } = exactBeacon(entropyS, rows.local[i], hotspot.region[node])
    return rows.payload[i] === payload && rows.frequencyHz[i] === frequencyHz ? undefined : "invalid_packet"
  }
  if (rows.payload[i] !== payloadTag(entropyS, rows.local[i], node)) return "invalid_packet"
  return undefined
}
