/** What anyone may ask of a validator's committed state through the engine's abci_query: the readings of the gateway, as JSON. */
import { Report } from "../../protocol/kernel/invariant.ts"
import type { ChainApplication } from "../ledger/application.ts"
import { readAccount, readMetrics, readStatus } from "../ledger/reading.ts"

/** Every promise of the network, the gate and the quorum, checked now: debits and credits among them. */
function readPromises(application: ChainApplication) {
  const report = new Report()
  let checked = 0
  for (const { state, network } of application.machines)
    for (const [name, { check }] of Object.entries(network.invariants)) {
      check(state, report.within(`${network.name}: ${name}`))
      checked++
    }
  return { ...application.info(), checked, broken: report.broken.length }
}

/** Paths: status · figures · promises · powers · account/KEY. Total: an unknown one is code 1. */
export function answerQuery(application: ChainApplication, path: string) {
  const height = BigInt(application.info().height)
  const [what, key = ""] = path.replace(/^\/+/u, "").split("/")
  const readings: Readonly<Record<string, () => unknown>> = {
    status: () => readStatus(application),
    figures: () => readMetrics(application),
    promises: () => readPromises(application),
    powers: () => Object.fromEntries([...(application.quorum?.powers() ?? [])].map(([k, power]) => [k, String(power)])),
    account: () => readAccount(application, key),
  }
  const found = Object.hasOwn(readings, what) ? readings[what]() : undefined
  return found === undefined
    ? { code: 1, log: "paths are status, figures, promises, powers and account/KEY", height }
    : { code: 0, value: Buffer.from(JSON.stringify(found)), height }
}
