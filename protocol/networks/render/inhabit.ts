/**
 * Artists, operators, customers and the company behind the matchmaker, in a simulated world.
 *
 * They act in the matchmaker's rounds, at instants that do not depend on the length of a tick, and at the moment truth changes, which
 * cuts every tick. What they remember is in `memory`; the rest follows from truth, public state and dice.
 */
import { DAY, HOUR } from "../../kernel/clock.ts"
import type { Facility, Inhabit, Inhabitants } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { below, stream } from "../../kernel/random.ts"
import { addRow } from "../../kernel/table.ts"
import { medianMicroUsd } from "../../markets/comparators.ts"
import { dailyCostMicroUsd, imposedPermille } from "../../markets/operator-economics.ts"
import type { Commands } from "./commands.ts"
import { GPUS, IDLE_WATTS, MICRO_USD_PER_KWH_ELSEWHERE } from "./gpu.ts"
import { cheatObserves } from "./inhabit-cheats.ts"
import { makeArtists } from "./inhabit-artists.ts"
import { type Context, makeFleet, type Memory, memoryShape } from "./inhabit-fleet.ts"
import { makeMarket } from "./inhabit-market.ts"
import { found } from "./matching.ts"
import type { RenderParams } from "./params.ts"
import type { State } from "./state.ts"

export const CONTROL_PLANE = "control-plane"
export const ORACLE = "price-feed"
export const CHECKS = "checks"
export const facilities: readonly Facility[] = [
  {
    name: CONTROL_PLANE,
    because:
      "The matchmaker, the storage and the approval service: one company's. Served: share of its rounds that take place. Without it nothing is dispatched, uploaded, approved or paid; frames in work are finished and uploaded when it is back.",
  },
  {
    name: ORACLE,
    because: "Where the price of RENDER comes from. Served: share of days on which it is told; the last price stands until then.",
  },
  {
    name: CHECKS,
    because: "The network's own checks of frames on arrival. Served: share of them that are made.",
  },
]

/** Electricity of 1000 OBh on the card most work is done on, millionths of a dollar. */
const CARD = GPUS.find((g) => g.name === "RTX 4090")!
const CASH_MICRO_USD = Math.floor(
  (dailyCostMicroUsd(
    { watts: CARD.watts, idleWatts: IDLE_WATTS, microUsdPerKwh: MICRO_USD_PER_KWH_ELSEWHERE, otherMicroUsdPerDay: 0 },
    DAY,
  ) *
    1000) /
    (CARD.ob * 24),
)

/** True when a multiple of `every` lies in (atS − round, atS]. */
const isFirstAfter = (atS: number, every: number, round: number): boolean =>
  Math.floor(atS / every) > Math.floor((atS - round) / every)

function enter(context: Context): Inhabitants {
  const { habitat, state, commands, memory: table, submit } = context
  const { nodes } = habitat
  const { creator, service } = state
  const memory = table as unknown as Memory
  const rounds = stream(habitat.seed, "render/round")
  const fleet = makeFleet(context)
  const artists = makeArtists(context, fleet)
  const market = makeMarket(context, fleet)
  const read = (): Values<RenderParams> => habitat.params() as Values<RenderParams>

  const isOpenAt = (atS: number): boolean => {
    const served = habitat.served(CONTROL_PLANE)
    return served === 1000 || (served > 0 && below(rounds, 1000, atS) < served)
  }

  const openRound = (atS: number): void => {
    const to = commands.OpenRound
    to.atS[addRow(to)] = atS
    submit("OpenRound")
  }

  const round = (v: Values<RenderParams>, atS: number): void => {
    openRound(atS)
    fleet.advance(v, atS, habitat.served(CHECKS))
    artists.submitWanted(v, atS)
    const isPriceOld = Math.floor(atS / DAY) > Math.floor(service.priceS[0] / DAY)
    if (isPriceOld && below(rounds, 1000, Math.floor(atS / DAY), 1) < habitat.served(ORACLE)) market.post(v, atS)
    if (isFirstAfter(atS, HOUR, v.matchEverySeconds)) artists.judge(v, atS)
    if (isFirstAfter(atS, DAY, v.matchEverySeconds)) {
      market.sell(v, atS)
      market.weigh(v, atS)
      market.remember(v)
    }
    // The matchmaker pairs until it finds no pair: its last try is refused.
    for (let working = -1; working !== service.working[0];) {
      working = service.working[0]
      const to = commands.MatchFrames
      to.atS[addRow(to)] = atS
      submit("MatchFrames")
      if (working !== service.working[0]) fleet.refresh(v, found.node)
    }
  }

  return {
    arrive() {
      const v = read()
      const atS = habitat.beginS
      openRound(atS)
      fleet.arrive(v, atS)
      market.post(v, atS)
      memory.submittedS[0] = atS
    },

    act(fromS, toS) {
      const v = read()
      fleet.look(v, fromS, habitat.served(CONTROL_PLANE) > 0)
      const every = v.matchEverySeconds
      for (let atS = Math.ceil(fromS / every) * every; atS < toS; atS += every) if (isOpenAt(atS)) round(v, atS)
    },

    serve(_fromS, _toS, byNode) {
      let offeredMilli = 0
      let servedMilli = 0
      let degradedMilli = 0
      for (let c = 0; c < nodes; c++) {
        const due = creator.due[c] - memory.dueSeen[c]
        if (due === 0 && memory.lost[c] === 0) continue
        const onTime = creator.onTime[c] - memory.onTimeSeen[c]
        const offered = (due + memory.lost[c]) * 1000
        const wrong = Math.min(onTime, memory.wrong[c])
        memory.dueSeen[c] += due
        memory.onTimeSeen[c] += onTime
        memory.lost[c] = 0
        memory.wrong[c] -= wrong
        offeredMilli += offered
        servedMilli += onTime * 1000
        degradedMilli += wrong * 1000
        if (byNode === undefined) continue
        byNode.offered[c] += offered
        byNode.served[c] += onTime * 1000
      }
      return { offeredMilli, servedMilli, degradedMilli }
    },

    observe() {
      const v = read()
      let away = 0
      let there = 0
      for (let n = 0; n < nodes; n++) {
        away += memory.away[n]
        there += memory.there[n]
      }
      const perCredit = (v.creditMicroEur * v.eurUsdE6) / 1e6
      return {
        ...fleet.cheats.observe(v, state, memory, market.microUsdPerKwh(v), (n) => fleet.wattsOf(n) - IDLE_WATTS),
        "operator.away": away,
        "machine.there": there,
        "artist.lost": memory.lostPermille[0],
        "obh.tier2": Math.floor((perCredit * 1000) / v.tier2ObhPerCredit),
        "obh.imposed": imposedPermille(Math.floor((perCredit * 1000) / v.tier2ObhPerCredit), CASH_MICRO_USD),
        "obh.farm": medianMicroUsd("OBh", "farm", v.eurUsdE6) * 1000,
      }
    },
  }
}

export const inhabit: Inhabit<State, Commands> = {
  profile: "residential",
  facilities,
  demandMilliPerNodeMinute: (params) => (params.framesPerNodeDay * 1000) / (24 * 60),
  observes: {
    ...cheatObserves,
    "operator.away": { unit: "nodes", because: "Machines whose operators have gone." },
    "machine.there": { unit: "nodes", because: "Machines that run and are connected, whatever the matchmaker thinks." },
    "artist.lost": { unit: "‰", because: "Demand that went elsewhere for bad service." },
    "obh.tier2": { unit: "microUSD per 1000 OBh", because: "What tier 2 costs an artist." },
    "obh.imposed": {
      unit: "‰",
      because: "That price over the cash cost of the same work on an RTX 4090 at the European Union's price of electricity.",
    },
    "obh.farm": {
      unit: "microUSD per 1000 OBh",
      because: "The median list price of render farms for the same (markets/comparators.ts).",
    },
  },
  memory: memoryShape,
  enter,
}
