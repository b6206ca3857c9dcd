/** What anyone may ask of a validator's committed state through the engine's abci_query: the readings of the gateway, as JSON. */
import type { ChainApplication } from "../ledger/application.ts"
import { readAccount, readMetrics, readStatus } from "../ledger/reading.ts"

/** Paths: status · figures · powers · account/KEY. Total: an unknown one is code 1. */
export function answerQuery(application: ChainApplication, path: string) {
  const height = BigInt(application.info().height)
  const [what, key = ""] = path.replace(/^\/+/u, "").split("/")
  const found =
    what === "status"
      ? readStatus(application)
      : what === "figures"
        ? readMetrics(application)
        : what === "powers"
          ? Object.fromEntries([...(application.quorum?.powers() ?? [])].map(([k, power]) => [k, String(power)]))
          : what === "account"
            ? readAccount(application, key)
            : undefined
  return found === undefined
    ? { code: 1, log: "paths are status, figures, powers and account/KEY", height }
    : { code: 0, value: Buffer.from(JSON.stringify(found)), height }
}
