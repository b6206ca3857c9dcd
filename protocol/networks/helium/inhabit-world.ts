/** What Helium's people depend on in a world, and what is measured of them that the protocol never sees. */
import type { Inhabit } from "../../kernel/habitat.ts"

type World = Inhabit<never, never>

export const facilities = [
  { name: "verifier", because: "The oracles that receive and check reports: nothing is proved while they are away." },
  { name: "packet-router", because: "The way of every uplink to its application." },
  { name: "entropy", because: "The service that every beacon needs a fresh entropy of." },
  {
    name: "ledger",
    because: "The chain that settles: Helium's own until April 2023, Solana since. Data flows while it is down.",
  },
  { name: "price-feed", because: "The oracle price: silent it grows stale; corrupt means another account is in its place." },
] as const satisfies World["facilities"]

export const observes = {
  "cheater.incomePermille": {
    unit: "‰",
    because:
      "A cheater's mean income, his credits taken off, for a thousand of an honest hotspot's since genesis; 0 without cheaters.",
  },
  "cheater.mobileIncomePermille": {
    unit: "‰",
    because:
      "The mean income of a radio that stands elsewhere than asserted, for a thousand of another's since genesis; 0 without such.",
  },
} as const satisfies World["observes"]
