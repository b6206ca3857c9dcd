/** Events change the state here. */
import type { Evolve } from "../../kernel/network.ts"
import type { Events } from "./events.ts"
import { evolveChain } from "./evolve-chain.ts"
import { evolveEscrow } from "./evolve-escrow.ts"
import { evolveMarket } from "./evolve-market.ts"
import type { State } from "./state.ts"

export const evolve: Evolve<State, Events> = { ...evolveChain, ...evolveMarket, ...evolveEscrow }
