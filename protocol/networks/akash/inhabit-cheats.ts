/**
 * Providers that cheat, as behaviours: each goes through the same commands as everybody else. What tenants know of them is what they
 * live through, and what the console tells of others' complaints.
 */
import type { Values } from "../../kernel/param.ts"
import { below, stream, type Stream } from "../../kernel/random.ts"
import { isOpen } from "../../kernel/slots.ts"
import type { AkashParams } from "./params.ts"
import type { State } from "./state.ts"

export const HONEST = 0
/** Wins by underbidding and runs nothing. */
export const PHANTOM = 1
/** Wins by underbidding and closes soon. */
export const BAITER = 2
/** Fills an order's places and withdraws. */
export const GRIEFER = 3

/** What each provider is: dice of its own, thrown again only when the shares change. */
export class Roles {
  readonly #dice: Stream
  readonly #of: Uint8Array
  #key = -1

  constructor(seed: number, nodes: number) {
    this.#dice = stream(seed, "akash/cheat")
    this.#of = new Uint8Array(nodes)
  }

  /** One row a provider; read it again after parameters may have changed. */
  of(v: Values<AkashParams>): Uint8Array {
    const { phantomPermille, baiterPermille, grieferPermille } = v
    const key = (phantomPermille * 1000 + baiterPermille) * 1000 + grieferPermille
    if (key === this.#key) return this.#of
    this.#key = key
    for (let node = 0; node < this.#of.length; node++) {
      const d = below(this.#dice, 1000, node)
      this.#of[node] =
        d < phantomPermille
          ? PHANTOM
          : d < phantomPermille + baiterPermille
            ? BAITER
            : d < phantomPermille + baiterPermille + grieferPermille
              ? GRIEFER
              : HONEST
    }
    return this.#of
  }
}

export const cheatObserves = {
  "cheater.incomePermille": {
    unit: "‰ of an honest provider's",
    because:
      "A cheating provider's mean takings since the beginning for a thousand of an honest one's; 0 without cheats. Costs not taken off.",
  },
  "cheater.leases": { unit: "leases", because: "Leases in force whose provider cheats." },
  "provider.shunned": { unit: "providers", because: "Providers that tenants shun for others' complaints, honest or not." },
  "escrow.unpaidPermille": {
    unit: "‰",
    because:
      "Of what leases have cost so far, settled or not, the part that accounts run dry still owe; what is forgotten is not in it.",
  },
} as const

/** The figures that `cheatObserves` declares, as they stand. */
export function observeCheats(
  { chain, provider, payment }: State,
  v: Values<AkashParams>,
  roles: Uint8Array,
  complaints: ArrayLike<number>,
): Readonly<Record<keyof typeof cheatObserves, number>> {
  const earned = [0, 0]
  const count = [0, 0]
  let leases = 0
  let shunned = 0
  for (let node = 0; node < provider.length; node++) {
    const cheats = roles[node] === HONEST ? 0 : 1
    earned[cheats] += provider.earned.toNumber(node)
    count[cheats]++
    if (cheats === 1) leases += provider.leases[node]
    if (v.shunAfter > 0 && complaints[node] >= v.shunAfter) shunned++
  }
  let owed = 0
  for (let p = 0; p < payment.length; p++) if (isOpen(payment, p)) owed += payment.unsettled[p]
  const paid = chain.paidOut.toNumber(0)
  return {
    "cheater.incomePermille":
      count[0] === 0 || count[1] === 0 || earned[0] === 0
        ? 0
        : Math.round((earned[1] / count[1] / (earned[0] / count[0])) * 1000),
    "cheater.leases": leases,
    "provider.shunned": shunned,
    "escrow.unpaidPermille": owed + paid === 0 ? 0 : Math.round((owed / (owed + paid)) * 1000),
  }
}
