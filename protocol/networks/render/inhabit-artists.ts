/** Artists: what they want rendered, when they pay, and what they say of what they get. */
import { DAY, HOUR } from "../../kernel/clock.ts"
import type { Values } from "../../kernel/param.ts"
import { below, block, draw, Mixer, stream } from "../../kernel/random.ts"
import { isOpen } from "../../kernel/slots.ts"
import { addRow } from "../../kernel/table.ts"
import {
  lumpPermille,
  multiplyPermille,
  pricePermille,
  seasonPermille,
  trendPermille,
  weekPermille,
  winterSeasons,
} from "../../markets/demand-curve.ts"
import type { Context, Fleet, Memory } from "./inhabit-fleet.ts"
import type { RenderParams } from "./params.ts"
import { creatorHolder } from "./state.ts"
import { T2, T3 } from "./units.ts"
import { frameMicroCredit } from "./work.ts"

/** Jobs' work per frame over the mean, in permille: as often each. ASSUMPTION; mean 1000. */
const HEAVINESS = [250, 500, 1000, 1500, 1750]
/** Jobs by the video memory they need, in permille, by class (8, 12, 16, 24 GB). ASSUMPTION. */
const MEMORY = [450, 300, 170, 80]
/** What a credit costs where elasticity is measured from: €0.25 (facts/render.md §A1). */
const USUAL_CREDIT_MICRO_EUR = 250_000
/** Credits are bought for so many jobs like the present one. */
const JOBS_AHEAD = 5
const LATE_S = 6 * HOUR
/** A creator gives up what nobody has begun this long after the deadline. */
const PATIENCE_S = 7 * DAY
const PARTS = 2 ** 32
const TRIES = 8

export interface Artists {
  /** Submits the jobs wanted since the last time. */
  readonly submitWanted: (v: Values<RenderParams>, atS: number) => void
  /** Once an hour: late payments, judgements, and what is given up. */
  readonly judge: (v: Values<RenderParams>, atS: number) => void
}

export function makeArtists(context: Context, fleet: Fleet): Artists {
  const { habitat, state, commands, memory: table, submit } = context
  const { nodes, userThroughPermille } = habitat
  const { delivery, job, ledger } = state
  const memory = table as unknown as Memory
  const wishes = stream(habitat.seed, "render/job")
  const counts = stream(habitat.seed, "render/jobs")
  const lumps = stream(habitat.seed, "render/lump")
  const minds = stream(habitat.seed, "render/mind")
  const eyes = stream(habitat.seed, "render/eye")
  const freeloaders = stream(habitat.seed, "render/freeloader")
  const links = stream(habitat.seed, "render/user")
  const words = new Uint32Array(4)
  const dice = new Mixer()
  const asked = new Float64Array(nodes)
  // What artists of open jobs have in mind: a cache of their dice, by row.
  let mindsFor = -1
  let mindS = new Float64Array(0)
  let mindOf = new Float64Array(0)
  let mind = new Float64Array(0)
  // One hour's wishes: scratch, good while nothing they follow from has changed.
  const hour = { atS: -1, key: "", jobs: 0, most: 0 }

  const factorPermille = (v: Values<RenderParams>, atS: number): number => {
    const day = Math.floor(atS / DAY)
    return multiplyPermille(
      v.demandPermille,
      seasonPermille(winterSeasons(v.winterPermille), day),
      trendPermille(v.demandGrowthPermille, day - Math.floor(habitat.beginS / DAY)),
      lumpPermille(lumps, Math.floor(day / 7), v.lumpSdPermille),
      weekPermille(v.weekendPermille, day),
      Math.min(10_000, pricePermille(v.creditMicroEur, USUAL_CREDIT_MICRO_EUR, v.elasticityPermille)),
      1000 - memory.lostPermille[0],
    )
  }

  const plan = (v: Values<RenderParams>, atS: number): void => {
    const key = `${v.creditMicroEur}/${v.framesPerNodeDay}/${v.framesPerJob}/${v.demandPermille}/${memory.lostPermille[0]}`
    if (hour.atS === atS && hour.key === key) return
    hour.atS = atS
    hour.key = key
    habitat.demand(atS, atS + HOUR, asked)
    let milli = 0
    hour.most = 1
    for (let c = 0; c < nodes; c++) {
      milli += asked[c]
      if (asked[c] > hour.most) hour.most = asked[c]
    }
    const exact = (milli * factorPermille(v, atS)) / (1_000_000 * v.framesPerJob)
    hour.jobs = Math.floor(exact + draw(counts, Math.floor(atS / HOUR)) / PARTS)
  }

  const share = (permille: number): number => Math.floor((dice.next() / PARTS) * permille)

  /** Half to half more of a mean, evenly. */
  const around = (mean: number): number => Math.max(1, Math.floor(mean / 2 + (dice.next() / PARTS) * mean))

  const submitJob = (v: Values<RenderParams>, hourS: number, k: number, wantedS: number, atS: number): void => {
    block(wishes, words, hourS, k)
    dice.seed(words)
    let c = share(nodes)
    for (let i = 0; i < TRIES && dice.next() / PARTS >= asked[c] / hour.most; i++) c = share(nodes)
    const tier = share(1000) < v.tier2JobsPermille ? T2 : T3
    const frames = Math.min(10_000, around(v.framesPerJob))
    const work = Math.max(1, v.obhPerFrame * HEAVINESS[share(HEAVINESS.length)])
    let vramClass = 0
    for (let at = share(1000); vramClass < MEMORY.length - 1 && at >= MEMORY[vramClass]; vramClass++) at -= MEMORY[vramClass]
    const deadlineS = wantedS + around(v.deadlineHours * HOUR) * (tier === T2 ? 1 : 2)
    const isLate = share(1000) < v.latePayerPermille
    if (userThroughPermille[c] < 1000 && below(links, 1000, hourS, k) >= userThroughPermille[c]) {
      memory.lost[c] += frames
      return
    }
    const cost = frames * frameMicroCredit(work, tier === T2 ? v.tier2ObhPerCredit : v.tier3ObhPerCredit)
    // Twice, for two jobs may come in one round.
    if (!isLate && ledger.tokens.credit.balance.toNumber(creatorHolder(state, c)) < 2 * cost) buy(c, JOBS_AHEAD * cost, atS)
    const to = commands.SubmitJob
    const r = addRow(to)
    to.creator[r] = c
    to.tier[r] = tier
    to.vramClass[r] = vramClass
    to.maxGpus[r] = v.maxGpusPerJob
    to.frames[r] = frames
    to.milliObh[r] = work
    to.deadlineS[r] = deadlineS
    to.atS[r] = atS
  }

  const buy = (c: number, microCredit: number, atS: number): void => {
    const to = commands.BuyCredits
    const r = addRow(to)
    to.creator[r] = c
    to.microCredit[r] = microCredit
    to.atS[r] = atS
  }

  const payLate = (j: number, atS: number): void => {
    buy(job.creator[j], job.fresh[j] * job.microCredit[j], atS)
    const to = commands.FundJob
    const r = addRow(to)
    to.job[r] = j
    to.atS[r] = atS
  }

  /** Seconds until the artist of a job answers after its last frame; Infinity for one who never does. A cache of her dice, by row. */
  const thinkAgain = (v: Values<RenderParams>, j: number): number => {
    const half = v.reviewHours * (HOUR / 2)
    const isSilent = below(minds, 1000, job.creator[j], job.submittedS[j]) < v.silentArtistsPermille
    mindS[j] = job.submittedS[j]
    mindOf[j] = job.creator[j]
    mind[j] = isSilent ? Infinity : half + below(minds, 2 * half, job.creator[j], job.submittedS[j], 1)
    return mind[j]
  }

  /** The cache holds for these parameters and this many rows. */
  const keepMinds = (v: Values<RenderParams>): void => {
    const key = v.silentArtistsPermille * 1000 + v.reviewHours
    if (key !== mindsFor) mindS.fill(-1)
    mindsFor = key
    if (mindS.length >= job.length) return
    mindS = grown(mindS, 2 * job.length)
    mindOf = grown(mindOf, 2 * job.length)
    mind = grown(mind, 2 * job.length)
  }

  /** An artist looks at everything delivered, and rejects what she sees is wrong, or what she does not want to pay. */
  const look = (v: Values<RenderParams>, j: number, atS: number): void => {
    const c = job.creator[j]
    const isFreeloader = below(freeloaders, 1000, c) < v.freeloaderPermille
    const to = commands.RejectFrames
    for (let d = job.delivery[j]; d !== 0; d = delivery.next[d - 1]) {
      const n = delivery.node[d - 1]
      const frames = delivery.frames[d - 1]
      const permille = fleet.cheats.noticePermille(v, n) || (isFreeloader ? 500 : 0)
      if (permille === 0) continue
      const rejected = Math.min(frames, Math.floor((frames * permille + below(eyes, 1000, d, atS)) / 1000))
      if (rejected === 0) continue
      const r = addRow(to)
      to.job[r] = j
      to.delivery[r] = d - 1
      to.frames[r] = rejected
      to.atS[r] = atS
    }
  }

  return {
    submitWanted(v, atS) {
      const fromS = memory.submittedS[0]
      memory.submittedS[0] = atS
      if (fromS === 0) return
      for (let hourS = Math.floor(fromS / HOUR) * HOUR; hourS <= atS; hourS += HOUR) {
        plan(v, hourS)
        // Job k of the hour is wanted at its k-th part: only those of (from, at] are looked at.
        const n = hour.jobs
        for (let k = Math.max(0, Math.floor(((fromS - hourS) * n) / HOUR)); k < n; k++) {
          const wantedS = hourS + Math.floor((k * HOUR) / n)
          if (wantedS > atS) break
          if (wantedS > fromS) submitJob(v, hourS, k, wantedS, atS)
        }
      }
      submit("BuyCredits")
      submit("SubmitJob")
    },

    judge(v, atS) {
      keepMinds(v)
      const { assigned, creator, deadlineS, fresh, again, funded, rendered, renderedS, submittedS } = job
      const half = v.reviewHours * (HOUR / 2)
      const last = 3 * half + 2 * HOUR + state.service.pausedS[0]
      const answered: number[] = []
      for (let j = 0; j < job.length; j++) {
        const queued = fresh[j] + again[j]
        if (queued === 0) {
          // Every frame is delivered or settled: a job to look at, when its artist does, which is within these hours or never.
          const since = atS - renderedS[j]
          if (since < half || since > last || rendered[j] === 0 || assigned[j] > 0) continue
          const isKnown = mindS[j] === submittedS[j] && mindOf[j] === creator[j]
          if (since < (isKnown ? mind[j] : thinkAgain(v, j))) continue
          look(v, j, atS)
          answered.push(j)
        } else if (funded[j] === 0) {
          if (atS - job.submittedS[j] >= LATE_S && job.judged[j] === 0 && isOpen(job, j)) payLate(j, atS)
        } else if (atS - deadlineS[j] >= PATIENCE_S) {
          const to = commands.CancelJob
          const r = addRow(to)
          to.job[r] = j
          to.atS[r] = atS
        }
      }
      submit("BuyCredits")
      submit("FundJob")
      submit("CancelJob")
      submit("RejectFrames")
      // What was not rejected is approved.
      const to = commands.ApproveFrames
      for (const j of answered) {
        if (rendered[j] === 0) continue
        const r = addRow(to)
        to.job[r] = j
        to.atS[r] = atS
      }
      submit("ApproveFrames")
    },
  }
}

/** A longer copy. */
const grown = (a: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> => {
  const wider = new Float64Array(length)
  wider.set(a)
  return wider
}
