/**
 * What falls due: artists' deadlines, their silence, and the week's books. The service that does it is one company's: when nothing has
 * come from it for long (see standstillAfterS), silence is not counted and no epoch is closed until it is back.
 */
import { DAY, HOUR } from "../../kernel/clock.ts"
import type { Cadence, DecideContext } from "../../kernel/network.ts"
import type { Values } from "../../kernel/param.ts"
import { addRow } from "../../kernel/table.ts"
import { supply } from "../../ledger/ledger.ts"
import { unitsForMicroUsd } from "../../markets/burn.ts"
import { UNITS_PER_RENDER } from "./burn-mint.ts"
import { closeEpoch } from "./close-epoch.ts"
import { SUPPLY_CAP_RENDER } from "./emission.ts"
import type { Events } from "./events.ts"
import { computeFrameState } from "./frame-state.ts"
import type { RenderParams } from "./params.ts"
import type { State } from "./state.ts"
import { BY_SILENCE } from "./units.ts"

type To = Pick<DecideContext<Events, RenderParams, never>, "out" | "params">

/** Something has come from the service lately. */
export const isRunning = ({ service }: State, atS: number, v: Values<RenderParams>): boolean =>
  service.clockS[0] > 0 && atS - service.clockS[0] <= v.standstillAfterS

/** Artists' deadlines are their own: they come whatever the service does. What was never paid for is given up then. */
function judgeDeadlines({ job, service }: State, at: number, { out }: To): void {
  const to = out.DeadlinePassed
  const given = out.JobCancelled
  const { judged, deadlineS } = job
  for (let j = 0; j < job.length; j++) {
    // A row that was closed was judged before.
    if (judged[j] === 1 || deadlineS[j] > at) continue
    const r = addRow(to)
    to.job[r] = j
    to.frames[r] = job.funded[j] === 1 ? job.frames[j] : 0
    to.onTime[r] = job.approved[j] + job.rendered[j]
    if (job.funded[j] === 1 || job.fresh[j] === 0) continue
    const g = addRow(given)
    given.job[g] = j
    given.frames[g] = job.fresh[j]
    // Not a sign of life of the service.
    given.atS[g] = service.clockS[0]
  }
}

function approveSilent(state: State, at: number, { out, params: v }: To): void {
  if (!isRunning(state, at, v)) return
  const { delivery, job, service } = state
  const to = out.FramesApproved
  const nowS = Math.max(at, service.clockS[0]) - service.pausedS[0]
  const uptoS = nowS - v.approveAfterHours * HOUR
  // Deliveries stand in the order of time: those that have waited long enough are at the head, the same job's perhaps apart.
  for (let d = service.oldest[0]; d !== 0; d = delivery.younger[d - 1]) {
    const silentHours = (nowS - delivery.clockS[d - 1]) / HOUR
    if (computeFrameState(silentHours, false, 0, v.approveAfterHours, v.rerendersMax) !== "approved") break
    const j = delivery.job[d - 1] - 1
    // Once for each job: at its first delivery.
    if (job.delivery[j] !== d) continue
    let frames = 0
    for (let k = d; k !== 0 && delivery.clockS[k - 1] <= uptoS; k = delivery.next[k - 1]) frames += delivery.frames[k - 1]
    const r = addRow(to)
    to.job[r] = j
    to.uptoS[r] = uptoS
    to.frames[r] = frames
    to.microCredit[r] = frames * job.microCredit[j]
    to.cause[r] = BY_SILENCE
    to.atS[r] = Math.max(at, service.clockS[0])
  }
}

/** A job is done when its deadline has come and every frame is settled. */
function closeJobs({ job, service }: State, _at: number, { out }: To): void {
  const closed = out.JobClosed
  for (let j = service.finished[0]; j !== 0; j = job.next[j - 1]) {
    const r = addRow(closed)
    closed.job[r] = j - 1
  }
}

function notice({ service }: State, at: number, { out, params: v }: To): void {
  const isStill = service.clockS[0] > 0 && at - service.clockS[0] > v.standstillAfterS
  const dropped = service.dropped[0]
  const isLosing = dropped > 0 && dropped * 1000 >= v.alarmDropsPermille * (service.connected[0] + dropped)
  const r = addRow(out.HourClosed)
  out.HourClosed.alarmed[r] = isStill || isLosing ? 1 : 0
  out.HourClosed.atS[r] = at
}

/** RNP-023: a day's revenue, at the day's average price, within the supply cap; rounded down. */
function payChefs(state: State, at: number, { out, params: v }: To): void {
  const { ledger, service } = state
  const owed = service.chefsMicroUsd.get(0)
  const seconds = at - service.averageBeginS[0]
  if (owed <= 0n || seconds <= 0 || !isRunning(state, at, v)) return
  const sum = service.averageSum.get(0) + BigInt(service.priceMicroUsd[0]) * BigInt(Math.max(0, at - service.priceS[0]))
  const average = sum / BigInt(seconds)
  if (average <= 0n) return
  const wanted = unitsForMicroUsd(owed, Number(average), UNITS_PER_RENDER)
  const room = BigInt(SUPPLY_CAP_RENDER) * UNITS_PER_RENDER - supply(ledger, "render")
  const minted = wanted < room ? wanted : room
  const to = out.ChefsPaid
  const r = addRow(to)
  to.averageMicroUsd[r] = Number(average)
  to.rewardMicroUsd[r] = Number(owed)
  to.minted8.set(r, minted > 0n ? minted : 0n)
  to.atS[r] = at
}

export const cadences: Readonly<Record<string, Cadence<State, Events, RenderParams>>> = {
  hour: {
    because:
      "Artists' clocks run in hours: deadlines and 72 hours of silence. The week's books are closed in its first hour after.",
    everySeconds: HOUR,
    lines: { judgeDeadlines, approveSilent, closeJobs, closeEpoch, notice },
  },
  day: {
    because: "The Salad subnet pays its chefs once a day (RNP-023).",
    everySeconds: DAY,
    lines: { payChefs },
  },
}
