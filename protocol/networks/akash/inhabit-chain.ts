/** The chain's own people in a simulated world: validators, price feeds, and those who burn and mint. */
import { DAY } from "../../kernel/clock.ts"
import type { InhabitContext } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { below, stream } from "../../kernel/random.ts"
import { isOpen } from "../../kernel/slots.ts"
import { addRow } from "../../kernel/table.ts"
import { balance } from "../../ledger/ledger.ts"
import { AKT_CLOSES } from "../../markets/closes.ts"
import { priceModel } from "../../markets/price-model.ts"
import type { PricePath } from "../../markets/price-path.ts"
import { heightAt } from "./chain-clock.ts"
import type { Commands } from "./commands.ts"
import { PRICE_FEED, VALIDATORS } from "./inhabit-facilities.ts"
import type { AkashParams } from "./params.ts"
import { breakerAt, pointRow, priceAt } from "./price-of-akt.ts"
import { JAILED, STATUS_HALT_CR, STATUS_WARNING, type State } from "./state.ts"
import { MICRO_MAX, SOURCES_MAX, UACT, UAKT, VALIDATORS_MAX } from "./units.ts"

const MICRO = 1_000_000
const MONTH_S = 2_629_757
/** Part of the way to the price of exchange that is gone in a day: a month and a half to get most of it. */
const EXCHANGE_SPEED_PERMILLE = 20
/** A walk without drift, jumps or a market in common. */
const CALM = {
  driftPermille: 0,
  jumpsMilliPerYear: 0,
  jumpMeanPermille: 0,
  jumpSdPermille: 0,
  marketLoadingPermille: 0,
}

type Rules = Values<AkashParams>
/** What the chain's people do when they are told the time. */
export interface ChainPeople {
  /** What the market pays for an AKT now, 1e-9 USD. */
  readonly nanoUsd: (v: Rules) => number
  /** Makes the day's price. */
  readonly makePrice: (v: Rules, atS: number) => void
  readonly feed: (v: Rules, atS: number) => void
  readonly sign: (atS: number) => void
  readonly unjail: (atS: number) => void
  /** Tenants turn AKT into ACT, at least `needed` uact more than they have. */
  readonly buy: (v: Rules, needed: number, atS: number) => void
  readonly keepFloat: (v: Rules, atS: number) => void
  readonly settleAct: (v: Rules, atS: number) => void
  readonly endBlock: (v: Rules, atS: number) => void
}

/** `memory.nanoUsd[0]` holds the market's price: a column of the actors' memory, kept in snapshots. */
export function enterChain(
  { habitat, state, commands, submit }: Pick<InhabitContext<State, Commands>, "habitat" | "state" | "commands" | "submit">,
  memory: { readonly nanoUsd: Float64Array },
): ChainPeople {
  const { nodes, running, throughPermille } = habitat
  const { chain, validator, source, ledger: l } = state
  const signing = stream(habitat.seed, "akash/validator")
  let path: PricePath | undefined
  let pathOf = ""

  const nanoUsd = (v: Rules): number => (v.priceModel === 0 || memory.nanoUsd[0] === 0 ? v.aktNanoUsd : memory.nanoUsd[0])

  /** A day's price, made once and remembered: what an instant of any tick sees does not depend on how often it looks. */
  const makePrice = (v: Rules, atS: number): void => {
    if (v.priceModel === 0) return
    const startMicroUsd = Math.max(1, Math.floor(v.aktNanoUsd / 1000))
    const key = `${v.priceModel}/${startMicroUsd}/${v.priceSigmaPermille}/${v.velocityPpm}`
    if (path === undefined || pathOf !== key) {
      pathOf = key
      path = priceModel(habitat.seed, "akt", {
        kind: v.priceModel,
        startMicroUsd,
        walk: { ...CALM, sigmaPermille: v.priceSigmaPermille },
        exchange: { velocityPpm: v.velocityPpm, speedPermille: EXCHANGE_SPEED_PERMILLE },
        closes: AKT_CLOSES,
        beginS: habitat.beginS,
      })
    }
    const micro = path({
      day: Math.floor((atS - habitat.beginS) / DAY),
      lastMicroUsd: Math.floor(memory.nanoUsd[0] / 1000),
      spendMicroUsdPerYear: Math.min(Number.MAX_SAFE_INTEGER, totalMicroUsdPerMonth(v) * 12),
      supplyTokens: Math.floor(Number(-l.tokens.akt.balance.get(0)) / MICRO),
    })
    memory.nanoUsd[0] = Math.max(1, Math.min(1e12, micro * 1000))
  }

  /** What all leases together are charged a month, at the present rates, in millionths of a dollar. */
  const totalMicroUsdPerMonth = (v: Rules): number => {
    let rate = 0
    for (let p = 0; p < state.payment.length; p++) if (isOpen(state.payment, p)) rate += state.payment.rate[p] / MICRO
    const micro = (rate * MONTH_S * 1000) / chain.blockMs[0]
    return Math.floor(v.paidInAct === 1 ? micro : (micro * nanoUsd(v)) / 1e9)
  }

  const feed = (v: Rules, atS: number): void => {
    const now = nanoUsd(v)
    const served = habitat.served(PRICE_FEED)
    const corrupt = habitat.corrupt(PRICE_FEED)
    for (let s = 0; s < SOURCES_MAX; s++) {
      const isReporting = s < v.priceSources && s * 1000 < served * v.priceSources
      const wrong = (s + 1) * 1000 <= corrupt * v.priceSources
      const value = wrong ? Math.max(1, Math.min(1e12, Math.floor((now * v.corruptPricePermille) / 1000))) : now
      const newest = state.point.nanoUsd[pointRow(state, s, 0)]
      if (!isReporting) {
        if (source.live[s] === 0) continue
        const to = commands.StopFeed
        const r = addRow(to)
        to.source[r] = s
        to.atS[r] = atS
      } else if (source.live[s] === 0 || newest !== value) {
        const to = commands.FeedPrice
        const r = addRow(to)
        to.source[r] = s
        to.nanoUsd[r] = value
        to.atS[r] = atS
      }
    }
    submit("StopFeed")
    submit("FeedPrice")
  }

  /** Validators come and go with the machines they run on; the jailed return when they can. */
  const sign = (atS: number): void => {
    const served = habitat.served(VALIDATORS)
    for (let v = 0; v < VALIDATORS_MAX; v++) {
      if (validator.state[v] === 0) continue
      const isThere = below(signing, 1000, v) < served
      const type = isThere ? "SignBlocks" : "MissBlocks"
      if (isThere !== validator.missingFrom[v] > 0) continue
      const to = commands[type]
      const r = addRow(to)
      to.validator[r] = v
      to.atS[r] = atS
    }
    submit("SignBlocks")
    submit("MissBlocks")
  }
  const unjail = (atS: number): void => {
    const served = habitat.served(VALIDATORS)
    for (let v = 0; v < VALIDATORS_MAX; v++) {
      if (validator.state[v] !== JAILED || atS < validator.jailedUntilS[v] || below(signing, 1000, v) >= served) continue
      const to = commands.Unjail
      const r = addRow(to)
      to.validator[r] = v
      to.atS[r] = atS
    }
    submit("Unjail")
  }

  const request = (holder: number, from: number, amount: number, atS: number): void => {
    const to = commands.RequestBurnMint
    const r = addRow(to)
    to.holder[r] = holder
    to.from[r] = from
    to.amount[r] = amount
    to.atS[r] = atS
  }

  const buy = (v: Rules, needed: number, atS: number): void => {
    const oracle = priceAt(state, v, atS)
    if (oracle === null || breakerAt(state, v, atS).status > STATUS_WARNING) return
    // A hundredth more than it takes: the spread and the rounding.
    request(0, UAKT, Math.min(MICRO_MAX, Math.ceil((needed / Number(oracle)) * 1.01e18)), atS)
    submit("RequestBurnMint")
  }

  /** Tenants keep ACT for two days of all their leases; while they have less, they burn AKT for as much again. */
  const keepFloat = (v: Rules, atS: number): void => {
    if (v.paidInAct === 0 || v.bmeOn === 0 || chain.firstMint[0] > 0) return
    const aDay = totalMicroUsdPerMonth(v) / 30
    const wanted = Math.max(v.floatAct * MICRO, Math.floor(2 * aDay))
    const have = Number(balance(l, "act", l.account.public))
    if (have >= wanted) return
    buy(v, 2 * wanted - have, atS)
  }

  const settleAct = (v: Rules, atS: number): void => {
    if (v.bmeOn === 0 || breakerAt(state, v, atS).status > STATUS_HALT_CR) return
    const day = Math.floor(atS / DAY)
    for (let node = 0; node < nodes; node++) {
      if ((day + node) % v.settleActDays !== 0 || running[node] === 0 || throughPermille[node] === 0) continue
      const have = balance(l, "act", l.accounts.length + node)
      if (have > 0n) request(node + 1, UACT, Number(have < BigInt(MICRO_MAX) ? have : BigInt(MICRO_MAX)), atS)
    }
    submit("RequestBurnMint")
  }

  const endBlock = (v: Rules, atS: number): void => {
    if (v.bmeOn === 0 || chain.halted[0] === 1) return
    const height = heightAt(state, atS)
    const isDue =
      (chain.firstSettle[0] > 0 && chain.burnEpoch[0] <= height) ||
      (chain.firstMint[0] > 0 && (chain.mintEpoch[0] <= height || chain.status[0] > STATUS_WARNING))
    if (!isDue) return
    const to = commands.EndBlock
    to.atS[addRow(to)] = atS
    submit("EndBlock")
  }

  return { nanoUsd, makePrice, feed, sign, unjail, buy, keepFloat, settleAct, endBlock }
}
