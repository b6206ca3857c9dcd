/** Parts of Akash that are no provider and can fail by themselves. */
import type { Facility } from "../../kernel/habitat.ts"

export const VALIDATORS = "validators"
export const RPC = "rpc"
export const CONSOLE = "console"
export const PRICE_FEED = "price-feed"
export const facilities: readonly Facility[] = [
  {
    name: VALIDATORS,
    because:
      "Served: share of validators whose machines run. With two thirds of the stake or less the chain halts: no billing, no new leases; workloads run on.",
  },
  {
    name: RPC,
    because:
      "The public nodes through which providers and tenants reach the chain. Served: share of minutes in which they answer.",
  },
  {
    name: CONSOLE,
    because:
      "The web console through which tenants deploy. Served: share of minutes in which it works; without it tenants neither come nor react.",
  },
  {
    name: PRICE_FEED,
    because: "Served: share of price sources that report. Corrupt: share of those that report a wrong price.",
  },
]
