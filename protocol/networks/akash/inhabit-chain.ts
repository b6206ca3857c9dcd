/** The chain's own people in a simulated world: validators, price feeds, and those who burn and mint. */
import { DAY } from "../../kernel/clock.ts"
import type { InhabitContext } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { below, stream } from "../../kernel/random.ts"
import { isOpen } from "../../kernel/slots.ts"
import { balance } from "../../ledger/ledger.ts"
import { constantPrice, exchangePrice, walkPrice, type PricePath } from "../../markets/price-path.ts"
import { addRow } from "./add-row.ts"
import { heightAt } from "./chain-clock.ts"
import type { Commands } from "./commands.ts"
import { PRICE_FEED, VALIDATORS } from "./inhabit-facilities.ts"
import type { AkashParams } from "./params.ts"
import { breakerAt, pointRow, priceAt } from "./price-of-akt.ts"
import { JAILED, STATUS_HALT_CR, STATUS_WARNING, type State } from "./state.ts"
import { MICRO_MAX, SOURCES_MAX, UACT, UAKT, VALIDATORS_MAX } from "./units.ts"

const MICRO = 1_000_000
const MONTH_S = 2_629_757

type Rules = Values<AkashParams>
/** What the chain's people do when they are told the time. */
export interface ChainPeople {
  /** What the market pays for an AKT now, 1e-9 USD. */
  readonly nanoUsd: (v: Rules, atS: number) => number
  readonly feed: (v: Rules, atS: number) => void
  readonly sign: (atS: number) => void
  readonly unjail: (atS: number) => void
  /** Tenants turn AKT into ACT, at least `needed` uact more than they have. */
  readonly buy: (v: Rules, needed: number, atS: number) => void
  readonly keepFloat: (v: Rules, atS: number) => void
  readonly settleAct: (v: Rules, atS: number) => void
  readonly endBlock: (v: Rules, atS: number) => void
}

export function enterChain({
  habitat,
  state,
  commands,
  submit,
}: Pick<InhabitContext<State, Commands>, "habitat" | "state" | "commands" | "submit">): ChainPeople {
  const { nodes, running, throughPermille } = habitat
  const { chain, validator, source, ledger: l } = state
  const signing = stream(habitat.seed, "akash/validator")
  let path: PricePath | undefined
  let pathOf = ""

  const nanoUsd = (v: Rules, atS: number): number => {
    if (v.priceModel === 0) return v.aktNanoUsd
    const key = `${v.priceModel}/${v.aktNanoUsd}/${v.priceSigmaPermille}/${v.velocityPpm}`
    if (path === undefined || pathOf !== key) {
      pathOf = key
      const startMicroUsd = Math.max(1, Math.floor(v.aktNanoUsd / 1000))
      path =
        v.priceModel === 1
          ? walkPrice(habitat.seed, "akt", {
              startMicroUsd,
              sigmaPermille: v.priceSigmaPermille,
              driftPermille: 0,
              jumpsMilliPerYear: 0,
              jumpMeanPermille: 0,
              jumpSdPermille: 0,
              marketLoadingPermille: 0,
            })
          : v.priceModel === 2
            ? exchangePrice({ startMicroUsd, velocityPpm: v.velocityPpm, speedPermille: 20 })
            : constantPrice(startMicroUsd)
    }
    const last = source.known[0] === 1 ? Math.floor(state.point.nanoUsd[pointRow(state, 0, 0)] / 1000) : 0
    const micro = path({
      day: Math.floor((atS - habitat.beginS) / DAY),
      lastMicroUsd: last,
      spendMicroUsdPerYear: Math.min(Number.MAX_SAFE_INTEGER, totalMicroUsdPerMonth(v) * 12),
      supplyTokens: Math.floor(Number(-l.tokens.akt.balance.get(0)) / MICRO),
    })
    return Math.max(1, Math.min(1e12, micro * 1000))
  }

  /** What all leases together are charged a month, at the present rates, in millionths of a dollar. */
  const totalMicroUsdPerMonth = (v: Rules): number => {
    let rate = 0
    for (let p = 0; p < state.payment.length; p++) if (isOpen(state.payment, p)) rate += state.payment.rate[p] / MICRO
    const micro = (rate * MONTH_S * 1000) / chain.blockMs[0]
    return Math.floor(v.paidInAct === 1 ? micro : (micro * v.aktNanoUsd) / 1e9)
  }

  const feed = (v: Rules, atS: number): void => {
    const price = nanoUsd(v, atS)
    const served = habitat.served(PRICE_FEED)
    const corrupt = habitat.corrupt(PRICE_FEED)
    for (let s = 0; s < SOURCES_MAX; s++) {
      const isReporting = s < v.priceSources && s * 1000 < served * v.priceSources
      const wrong = (s + 1) * 1000 <= corrupt * v.priceSources
      const value = wrong ? Math.max(1, Math.min(1e12, Math.floor((price * v.corruptPricePermille) / 1000))) : price
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
    const price = priceAt(state, v, atS)
    if (price === null || breakerAt(state, v, atS).status > STATUS_WARNING) return
    // A hundredth more than it takes: the spread and the rounding.
    request(0, UAKT, Math.min(MICRO_MAX, Math.ceil((needed / Number(price)) * 1.01e18)), atS)
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

  return { nanoUsd, feed, sign, unjail, buy, keepFloat, settleAct, endBlock }
}
