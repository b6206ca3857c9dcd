/**
 * A year of Akash's market: 1,000 orders a day with 20 bids each, 10,000 leases open at a time, each collected once a day and
 * closed after ten. `node bench/akash.ts [DAYS]` prints a table; every event is chained by SHA-256 and every promise checked daily.
 */
import { createHash } from "node:crypto"
import { DAY, HOUR } from "../protocol/kernel/clock.ts"
import { Report } from "../protocol/kernel/invariant.ts"
import { Log } from "../protocol/kernel/log.ts"
import { Machine } from "../protocol/kernel/machine.ts"
import { resolve } from "../protocol/kernel/param.ts"
import { tables } from "../protocol/kernel/row-type.ts"
import { reserve, type AnyTable } from "../protocol/kernel/table.ts"
import { akash } from "../protocol/networks/akash/index.ts"
import type { State } from "../protocol/networks/akash/state.ts"
import { UACT, UAKT } from "../protocol/networks/akash/units.ts"
import { align, figure } from "./table.ts"

export interface MarketYear {
  readonly days: number
  readonly providers: number
  readonly ordersADay: number
  readonly bidsAnOrder: number
  readonly lifeDays: number
}
export interface MarketTiming {
  readonly events: number
  readonly commands: number
  readonly refused: number
  readonly openLeases: number
  readonly seconds: number
  /** Processor seconds of this process: what neighbours on the machine cost is out of it. */
  readonly cpuSeconds: number
  readonly hash: string
}

const BEGIN = 1_782_864_000 // 2026-07-01T00:00:00Z
const MICRO = 1_000_000

/** Plays the workload and times all of it. Throws when a promise breaks or anything is refused: a wrong run is not timed. */
export function playMarket({ days, providers, ordersADay, bidsAnOrder, lifeDays }: MarketYear): MarketTiming {
  const values = resolve("akash", akash.params, akash.presets[akash.defaultPreset], { providerFundsAkt: 100_000 })
  const machine = new Machine(akash, providers, values, { geometry: {} as never }, 4096)
  const state = machine.state as State
  const log = new Log(() => createHash("sha256"))
  const rows = tables(akash.commands, 4096)
  const { chain, group, deployment } = state
  let commands = 0
  let events = 0
  const add = (type: keyof typeof rows): number => {
    const t = rows[type] as AnyTable
    reserve(t, 1)
    return t.length++
  }
  const submit = (type: keyof typeof rows): void => {
    const t = rows[type] as AnyTable
    commands += t.length
    machine.step(type, t, 0, t.length)
    t.length = 0
  }
  const closeDay = (atS: number): void => {
    const report = new Report()
    for (const name of Object.keys(akash.invariants)) akash.invariants[name].check(state, report.within(name))
    if (report.broken.length > 0) throw new Error(report.broken[0])
    events += log.close([machine], atS).rows
  }

  const wall = performance.now()
  const cpu = process.cpuUsage()
  rows.StartChain.atS[add("StartChain")] = BEGIN
  submit("StartChain")
  for (let node = 0; node < providers; node++) {
    const r = add("RegisterProvider")
    rows.RegisterProvider.node[r] = node
    rows.RegisterProvider.attributes[r] = 1
    rows.RegisterProvider.fundsUakt[r] = 1000 * MICRO
    rows.RegisterProvider.atS[r] = BEGIN
  }
  submit("RegisterProvider")
  const price = add("FeedPrice")
  rows.FeedPrice.source[price] = 0
  rows.FeedPrice.nanoUsd[price] = 750_000_000
  rows.FeedPrice.atS[price] = BEGIN
  submit("FeedPrice")
  const swap = add("RequestBurnMint")
  rows.RequestBurnMint.holder[swap] = 0
  rows.RequestBurnMint.from[swap] = UAKT
  rows.RequestBurnMint.amount[swap] = 90_000_000 * MICRO
  rows.RequestBurnMint.atS[swap] = BEGIN
  submit("RequestBurnMint")
  rows.EndBlock.atS[add("EndBlock")] = BEGIN
  submit("EndBlock")

  /** Deployments in the order they were made, one ring of as many as can be open. */
  const made = new Float64Array((lifeDays + 1) * ordersADay)
  let first = 0
  let count = 0
  for (let day = 0; day < days; day++) {
    for (let h = 0; h < 24; h++) {
      const atS = BEGIN + day * DAY + h * HOUR
      const orders = Math.floor(((h + 1) * ordersADay) / 24) - Math.floor((h * ordersADay) / 24)
      if (day >= lifeDays) {
        for (let k = 0; k < orders; k++) {
          const r = add("CloseDeployment")
          rows.CloseDeployment.deployment[r] = made[first]
          rows.CloseDeployment.atS[r] = atS
          first = (first + 1) % made.length
          count--
        }
        submit("CloseDeployment")
      }
      for (let k = 0; k < orders; k++) {
        const c = rows.CreateDeployment
        const r = add("CreateDeployment")
        c.tenant[r] = chain.deployments[0] + k
        c.deposit[r] = 50 * MICRO
        c.groups[r] = 1
        c.cpuMilli[r] = 4000
        c.memoryMib[r] = 8192
        c.storageMib[r] = 20_480
        c.gpus[r] = 0
        c.maxRate[r] = 100 * MICRO
        c.attributes[r] = 1
        c.allOf[r] = 0
        c.anyOf[r] = 0
        c.minWindowS[r] = 0
        c.note[r] = 0
        c.atS[r] = atS
      }
      submit("CreateDeployment")
      for (let g = chain.firstWaiting[0] - 1; g >= 0; g = group.waitNext[g] - 1) {
        const start = (g * 7919 + day) % providers
        for (let k = 0; k < bidsAnOrder; k++) {
          const c = rows.CreateBid
          const r = add("CreateBid")
          c.group[r] = g
          c.node[r] = (start + k * 13) % providers
          c.rate[r] = 20 * MICRO + ((g * 31 + k * 977) % (10 * MICRO))
          c.windowS[r] = 0
          c.atS[r] = atS + 30
        }
      }
      submit("CreateBid")
      for (let g = chain.firstWaiting[0] - 1; g >= 0; g = group.waitNext[g] - 1) {
        // The cheapest, equal prices to the lower provider.
        let best = -1
        for (let b = group.firstBid[g] - 1; b >= 0; b = state.bid.next[b] - 1)
          if (
            best < 0 ||
            state.bid.rate[b] < state.bid.rate[best] ||
            (state.bid.rate[b] === state.bid.rate[best] && state.bid.node[b] < state.bid.node[best])
          )
            best = b
        const r = add("CreateLease")
        rows.CreateLease.group[r] = g
        rows.CreateLease.bid[r] = best
        rows.CreateLease.atS[r] = atS + 60
        made[(first + count++) % made.length] = group.deployment[g]
      }
      submit("CreateLease")
      // Every lease is collected once a day, a twenty-fourth of them each hour.
      for (let g = h; g < group.length; g += 24) {
        if (group.lease[g] === 0) continue
        const r = add("WithdrawLease")
        rows.WithdrawLease.group[r] = g
        rows.WithdrawLease.atS[r] = atS + 120
      }
      submit("WithdrawLease")
      machine.settle("hour", atS + HOUR)
    }
    machine.settle("day", BEGIN + (day + 1) * DAY)
    closeDay(BEGIN + (day + 1) * DAY)
  }
  const { user, system } = process.cpuUsage(cpu)
  const refused = machine.refused.reduce((sum, n) => sum + n, 0)
  if (refused > 0)
    throw new Error(`${refused} commands were refused: ${machine.reasons.filter((_, i) => machine.refused[i] > 0).join(", ")}`)
  if (deployment.denom[0] !== UACT) throw new Error("the workload is paid in ACT")
  return {
    events,
    commands,
    refused,
    openLeases: chain.leasesOpen[0],
    seconds: (performance.now() - wall) / 1000,
    cpuSeconds: (user + system) / 1e6,
    hash: Buffer.from(log.hash).toString("hex").slice(0, 16),
  }
}

/** The published workload: 1,000 orders a day with 20 bids each, leases of ten days. */
export const market = (days: number): MarketTiming =>
  playMarket({ days, providers: 1000, ordersADay: 1000, bidsAnOrder: 20, lifeDays: 10 })

export const formatMarket = (days: number, t: MarketTiming): string =>
  align(
    ["Akash market", "days", "orders", "bids", "open leases", "commands", "events", "time [s]", "cpu [s]", "rate [M/s]"],
    [
      [
        "product",
        days,
        figure(days * 1000),
        figure(days * 20_000),
        figure(t.openLeases),
        figure(t.commands),
        figure(t.events),
        t.seconds.toFixed(2),
        t.cpuSeconds.toFixed(2),
        (t.events / t.seconds / 1e6).toFixed(2),
      ],
    ],
  )

if (process.argv[1]?.endsWith("akash.ts")) {
  const days = Number(process.argv[2] ?? 365)
  const t = market(days)
  process.stdout.write(`${formatMarket(days, t)}\nlog ${t.hash}\n`)
}
