/** Akash's rules under their vector names: strings become exact numbers on the way in, and strings again on the way out. */

import * as decimal from "../../kernel/decimal.ts"
import * as bme from "../../networks/akash/bme.ts"
import * as account from "../../networks/akash/escrow-account.ts"
import * as settle from "../../networks/akash/escrow-settle.ts"
import * as inflation from "../../networks/akash/inflation.ts"
import * as lease from "../../networks/akash/lease-rules.ts"
import * as dec from "../../networks/akash/legacy-dec.ts"
import * as oracle from "../../networks/akash/oracle.ts"
import * as pricing from "../../networks/akash/pricing.ts"
import * as staking from "../../networks/akash/staking-rules.ts"
import { computeFee, rateOfPercent } from "../../networks/akash/take.ts"
import { parseInstant } from "../instant.ts"

/** Amounts and prices travel as decimal strings. */
type Text = string

const whole = (text: Text | number): bigint => BigInt(text)
const text = (value: bigint): Text => value.toString()
const list = (all: readonly Text[]): readonly dec.Dec[] => all.map(dec.parse)
const texts = (all: readonly dec.Dec[]): Text[] => all.map(dec.format)
const instant = (iso: Text): number => {
  // Offsets other than Z do not occur in block times.
  const seconds = parseInstant(iso.replace(/\.\d+Z$/u, "Z"))
  if (seconds === undefined) throw new RangeError(`${iso} is no instant such as 2022-04-18T18:28:26Z`)
  return seconds
}

interface StepInput {
  op: string
  height: number
  rate: Text | null
  amount: Text | null
}
const step = (a: account.EscrowAccount, { op, height, rate, amount }: StepInput, takeRate: dec.Dec): account.EscrowStep => {
  if (op === "paymentCreate") return account.createPayment(a, height, dec.parse(rate ?? "0"), takeRate)
  if (op === "paymentWithdraw") return account.withdrawPayment(a, height, takeRate)
  if (op === "paymentClose") return account.closeEscrowPayment(a, height, takeRate)
  if (op === "accountClose") return account.closeEscrowAccount(a, height, takeRate)
  if (op === "accountDeposit") return account.depositToAccount(a, height, dec.parse(amount ?? "0"), takeRate)
  throw new RangeError(`an escrow account knows no ${op}`)
}

const escrow = {
  "akash.escrow.settleFullBlocks": (v: { deposits: Text[]; rates: Text[]; heightDelta: number }) => {
    const s = settle.settleFullBlocks(list(v.deposits), list(v.rates), v.heightDelta)
    return {
      fundsEnd: dec.format(s.funds),
      paid: texts(s.paid),
      unsettled: texts(s.unsettled),
      overdrawn: s.isOverdrawn,
      transferred: dec.format(s.transferred),
      depositsEnd: texts(s.deposits),
    }
  },
  "akash.escrow.scenario": (v: { deposit: Text; takeRate: Text; steps: StepInput[] }) => {
    let now = account.openEscrowAccount(dec.parse(v.deposit), 0)
    return v.steps.map((input) => {
      const { error, account: a } = step(now, input, dec.parse(v.takeRate))
      now = a
      return {
        error,
        accountState: a.state,
        paymentState: a.payment?.state ?? null,
        funds: dec.format(a.funds),
        unsettled: dec.format(a.payment?.unsettled ?? 0n),
        settledAt: a.settledAt,
        transferred: dec.format(a.transferred),
        providerReceived: text(a.received),
        fees: text(a.fees),
        refunded: text(a.refunded),
      }
    })
  },
  "akash.escrow.legacySettleFullBlocks": (v: { balance: Text; funds: Text; rates: Text[]; heightDelta: number }) => {
    const s = settle.settleLegacy(dec.parse(v.balance), dec.parse(v.funds), list(v.rates), v.heightDelta)
    return {
      balanceEnd: dec.format(s.isOverdrawn ? s.remaining : s.balance),
      fundsEnd: dec.format(s.funds),
      paid: texts(s.paid),
      remaining: dec.format(s.remaining),
      overdrawn: s.isOverdrawn,
    }
  },
  "akash.escrow.legacyDistributeWeighted": (v: { amount: Text; rates: Text[] }) => {
    const { paid, remaining } = settle.distributeWeighted(dec.parse(v.amount), list(v.rates))
    return { paid: texts(paid), remaining: dec.format(remaining) }
  },
  "akash.escrow.legacyOverdraw": (v: { deposit: Text; rate: Text; blocks: number }) => {
    const s = settle.settleLegacyAccount(dec.parse(v.deposit), dec.parse(v.rate), v.blocks)
    return {
      state: s.isOverdrawn ? "overdrawn" : "open",
      balance: dec.format(s.balance),
      transferred: dec.format(s.transferred),
      withdrawn: text(s.withdrawn),
    }
  },
  "akash.escrow.grantRestore": (v: { grantLimit: Text; deposit: Text; spent: Text }) => {
    const { refund, limitAfter } = account.restoreGrant(dec.parse(v.grantLimit), dec.parse(v.deposit), dec.parse(v.spent))
    return { refund: dec.format(refund), grantLimitAfter: dec.format(limitAfter) }
  },
  "akash.take.subtractFees": (v: { amount: Text; denom: string; rates: Record<string, number> }) => {
    const percent = Object.hasOwn(v.rates, v.denom) ? v.rates[v.denom] : v.rates.default
    const fee = computeFee(whole(v.amount), rateOfPercent(percent))
    return { fee: text(fee), net: text(whole(v.amount) - fee) }
  },
}

const market = {
  "akash.market.closeDeploymentStates": (v: { deposit: Text; rate: Text; closeHeight: number }) => {
    const open = account.openEscrowAccount(dec.parse(v.deposit), 0)
    const leased = account.createPayment(open, 0, dec.parse(v.rate), 0n).account
    const { state, payment } = account.closeEscrowAccount(leased, v.closeHeight, 0n).account
    const isBroke = state === "overdrawn"
    return {
      escrow: state,
      payment: payment?.state ?? null,
      lease: isBroke ? "insufficient_funds" : "closed",
      leaseReason: isBroke ? lease.INSUFFICIENT_FUNDS : lease.OWNER,
      bid: "closed",
      deployment: "closed",
    }
  },
  "akash.market.reasonParty": (v: { code: number }) => lease.partyOf(v.code),
  "akash.market.startReclaim": (v: { height: number; blockTime: number; windowSeconds: number; reason: number }) => ({
    leaseState: "reclaiming",
    startedAt: v.height,
    deadline: lease.computeDeadline(v.blockTime, v.windowSeconds),
  }),
  "akash.market.closeDuringReclaim": (v: { by: string; startedAtTime: number; windowSeconds: number; closeAt: number }) => {
    const may = lease.mayCloseReclaiming(v.by, lease.computeDeadline(v.startedAtTime, v.windowSeconds), v.closeAt)
    return { error: may ? null : "ErrReclamationWindowNotElapsed", leaseState: may ? "closed" : "reclaiming" }
  },
  "akash.market.bidReclamation": (v: {
    orderMinWindowSeconds: number | null
    bidWindowSeconds: number | null
    paramsMinSeconds: number
    paramsMaxSeconds: number
  }) => lease.refuseWindow(v.orderMinWindowSeconds, v.bidWindowSeconds, v.paramsMinSeconds, v.paramsMaxSeconds),
}

const ACT_USD = "1"

const burnMint = {
  "akash.bme.epochBlocks": (v: { crBps: number; warnBps: number; backoffPercent: number; minEpochBlocks: number }) =>
    bme.computeEpochBlocks(v.crBps, v.warnBps, v.backoffPercent, v.minEpochBlocks),
  "akash.bme.swap": (v: { burn: Text; priceFrom: Text; priceTo: Text; spreadBps: number; minMint: Text | null }) => {
    const { error, mint, spread } = bme.computeSwap(
      whole(v.burn),
      dec.parse(v.priceFrom),
      dec.parse(v.priceTo),
      v.spreadBps,
      whole(v.minMint ?? "0"),
    )
    if (error !== null) return { error, mint: null, spread: null, user: null }
    return { error, mint: text(mint), spread: text(spread), user: text(mint - spread) }
  },
  "akash.bme.retry": (v: { maxPendingAttempts: number; outcomes: string[] }) => bme.retry(v.maxPendingAttempts, v.outcomes),
  "akash.bme.settleWithCredits": (v: { remintCredits: Text; burnUact: Text; aktPrice: Text; spreadBps: number }) => {
    const { mint } = bme.computeSwap(whole(v.burnUact), dec.parse(ACT_USD), dec.parse(v.aktPrice), v.spreadBps, 0n)
    const { remint, minted } = bme.spendCredits(whole(v.remintCredits), mint)
    return {
      mint: text(mint),
      remintIssued: text(remint),
      minted: text(minted),
      creditsAfter: text(whole(v.remintCredits) - remint),
    }
  },
  "akash.bme.netSupplyEffect": (v: { usd: Text; mintPrice: Text; settlePrice: Text }) => {
    const akt = (price: Text) => decimal.div(decimal.parse(v.usd), decimal.parse(price), 30, "half_even")
    const [burned, minted] = [akt(v.mintPrice), akt(v.settlePrice)]
    const say = (amount: decimal.Decimal) => decimal.format(decimal.round(amount, 6, "half_up"))
    return { burnedAkt: say(burned), mintedAkt: say(minted), netAkt: say(decimal.sub(minted, burned)) }
  },
  "akash.bme.collateralRatio": (v: { vaultAkt: Text; price: Text; outstandingAct: Text }) => {
    const outstanding = dec.parse(v.outstandingAct)
    const value = dec.mul(dec.parse(v.vaultAkt), dec.parse(v.price))
    return dec.format(outstanding > 0n ? dec.quo(value, outstanding) : value)
  },
  "akash.bme.status": (v: {
    vaultUakt: Text
    pendingUakt: Text
    aktPrice: Text
    actPrice: Text
    supplyUact: Text
    warnBps: number
    haltBps: number
  }) => {
    const [akt, act] = [dec.parse(v.aktPrice), dec.parse(v.actPrice)]
    if (akt === 0n || act === 0n) return { crBps: 0, status: bme.HALT_ORACLE }
    const bps = bme.ratioBps(bme.computeRatio(whole(v.vaultUakt) - whole(v.pendingUakt), akt, act, whole(v.supplyUact)))
    return { crBps: bps, status: bme.statusOf(bps, v.warnBps, v.haltBps) }
  },
  "akash.bme.requestAllowed": (v: { status: string; from: string; to: string }) => bme.isRequestAllowed(v.status, v.from, v.to),
  "akash.bme.validateParams": (v: { warnBps: number; haltBps: number; mintSpreadBps: number }) =>
    bme.areParamsValid(v.warnBps, v.haltBps, v.mintSpreadBps),
}

const prices = {
  "akash.oracle.twap": (v: { nowNs: Text; points: { tNs: Text; price: Text }[] }) =>
    dec.format(
      oracle.computeTwap(
        whole(v.nowNs),
        v.points.map(({ tNs, price }) => ({ atNs: whole(tNs), price: dec.parse(price) })),
      ),
    ),
  "akash.oracle.deviationBps": (v: { min: Text; max: Text }) => {
    const bps = oracle.computeDeviationBps(dec.parse(v.min), dec.parse(v.max))
    return { bps, healthy: bps <= oracle.DEVIATION_BPS_MAX }
  },
}

interface MintInput {
  rateChange: Text
  goalBonded: Text
  blocksPerYear: number
}
const readRules = (v: MintInput): inflation.MintRules => ({
  rateChange: dec.parse(v.rateChange),
  goalBonded: dec.parse(v.goalBonded),
  blocksPerYear: v.blocksPerYear,
})

const minting = {
  "akash.inflation.ideal": (v: {
    secondsSinceGenesis: number
    initialInflation: Text
    tHalfYears: Text
    variance: Text
  }) => {
    const band = inflation.computeBand(v.secondsSinceGenesis, dec.parse(v.initialInflation), v.tHalfYears, dec.parse(v.variance))
    return {
      coef: dec.format(band.coefficient),
      ideal: dec.format(band.ideal),
      min: dec.format(band.low),
      max: dec.format(band.high),
    }
  },
  "akash.inflation.curve": (
    v: MintInput & {
      blockTime: Text
      genesisTime: Text
      minterInflation: Text
      bonded: Text
      initialInflation: Text
      tHalfYears: Text
      variance: Text
    },
  ) => {
    const elapsed = instant(v.blockTime) - instant(v.genesisTime)
    const { low, high } = inflation.computeBand(elapsed, dec.parse(v.initialInflation), v.tHalfYears, dec.parse(v.variance))
    const next = dec.parse(v.minterInflation) + inflation.computeStep(dec.parse(v.bonded), readRules(v))
    return dec.format(next < low ? low : next > high ? high : next)
  },
  "akash.mint.inflationChange": (v: MintInput & { bondedRatio: Text; inflation: Text; max: Text; min: Text }) => {
    const before = dec.parse(v.inflation)
    const [low, high] = [dec.parse(v.min), dec.parse(v.max)]
    return dec.format(inflation.computeNextInflation(before, dec.parse(v.bondedRatio), low, high, readRules(v)) - before)
  },
  "akash.mint.blockProvision": (v: { annualProvisions: Text; blocksPerYear: number }) =>
    text(inflation.computeProvision(dec.parse(v.annualProvisions), v.blocksPerYear)),
}

type Decimals<T> = { readonly [K in keyof T]: Text }
const readAll = <T extends object>(v: Decimals<T>): { [K in keyof T]: decimal.Decimal } =>
  Object.fromEntries(Object.entries(v).map(([name, value]) => [name, decimal.parse(value as Text)])) as never

const provider = {
  "akash.provider.scalePrice": (v: { scales: Decimals<pricing.Scales>; resources: pricing.ScaleResources[] }) =>
    decimal.format(pricing.computeScalePrice(readAll<pricing.Scales>(v.scales), v.resources)),
  "akash.provider.scriptUsdMonth": (v: {
    targets: Decimals<pricing.ScriptTargets>
    gpuPrices: { model: string; usd: Text }[]
    resources: pricing.ScriptResources[]
  }) => {
    const gpus = new Map(v.gpuPrices.map(({ model, usd }) => [model, decimal.parse(usd)]))
    const usd = pricing.computeScriptUsd(readAll<pricing.ScriptTargets>(v.targets), gpus, v.resources)
    return decimal.formatFixed(usd, 2, "half_up")
  },
  "akash.provider.scriptRate": (v: {
    usdMonth: Text
    denom: string
    aktUsd: Text | null
    blocksPerMonth: number
    precision: number
  }) => {
    const aktUsd = v.denom === "uakt" && v.aktUsd !== null ? decimal.parse(v.aktUsd) : null
    return decimal.formatFixed(
      pricing.computeScriptRate(decimal.parse(v.usdMonth), aktUsd, v.blocksPerMonth, v.precision),
      v.precision,
      "half_up",
    )
  },
  "akash.provider.monthFromBlockRate": (v: { rate: Text; blocksPerMonth: number }) =>
    decimal.format(decimal.mul(decimal.parse(v.rate), decimal.make(BigInt(v.blocksPerMonth)))),
  "akash.provider.scriptDecision": (v: { rate: Text; orderAmount: Text }) =>
    pricing.doesScriptBid(decimal.parse(v.rate), decimal.parse(v.orderAmount)),
  "akash.provider.bondAkt": (v: {
    gpu: number
    vcpu: number
    memGb: number
    storageTb: number
    perUnit: Decimals<pricing.BondUnits<decimal.Decimal>>
  }) => {
    const capacity = {
      gpu: decimal.parse(v.gpu),
      vcpu: decimal.parse(v.vcpu),
      memGb: decimal.parse(v.memGb),
      storageTb: decimal.parse(v.storageTb),
    }
    return decimal.format(pricing.computeBond(capacity, readAll<pricing.BondUnits<decimal.Decimal>>(v.perUnit)))
  },
  "akash.consensus.downtimeJail": (v: { window: number; minSigned: Text; avgBlockSeconds: Text }) => {
    const missed = staking.computeMissedMax(v.window, decimal.parse(v.minSigned))
    const hours = staking.computeMissedHours(missed, decimal.parse(v.avgBlockSeconds))
    return { missedMoreThan: missed, hours: decimal.formatFixed(hours, 2, "half_up") }
  },
}

export const akash = { ...escrow, ...market, ...burnMint, ...prices, ...minting, ...provider }
