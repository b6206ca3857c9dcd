/** Commands become events or refusals: read, refuse, write. */
import type { Decide } from "../../kernel/network.ts"
import type { Commands, Refusal } from "./commands.ts"
import { decideBme } from "./decide-bme.ts"
import { decideChain } from "./decide-chain.ts"
import { decideDeployments } from "./decide-deployments.ts"
import { decideMarket } from "./decide-market.ts"
import type { Events } from "./events.ts"
import type { AkashParams } from "./params.ts"
import type { State } from "./state.ts"

export const decide: Decide<State, Commands, Events, AkashParams, Refusal> = {
  ...decideChain,
  ...decideDeployments,
  ...decideMarket,
  ...decideBme,
}
