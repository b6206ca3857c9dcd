/** The closed forms and ensembles of resilience under their vector names: JSON in, JSON out. */
import * as availability from "../../resilience/analytic/availability.ts"
import * as churn from "../../resilience/analytic/churn.ts"
import * as concentration from "../../resilience/analytic/concentration.ts"
import * as correlated from "../../resilience/analytic/correlated-failure.ts"
import * as durability from "../../resilience/analytic/durability.ts"
import * as detector from "../../resilience/analytic/failure-detector.ts"
import * as gossip from "../../resilience/analytic/gossip.ts"
import * as percolation from "../../resilience/analytic/percolation.ts"
import * as queueing from "../../resilience/analytic/queueing.ts"
import * as odds from "../../resilience/analytic/rollout-odds.ts"
import { simulateAttack } from "../../resilience/ensemble/graph.ts"
import { simulateRenewal } from "../../resilience/ensemble/renewal-run.ts"
import { simulateStorm, type Storm } from "../../resilience/ensemble/retry-storm.ts"

type Numbers<K extends string> = Readonly<Record<K, number>>

export const resilience = {
  "resilience.availability": (v: Numbers<"mtbfHours" | "mttrHours">) => availability.computeAvailability(v.mtbfHours, v.mttrHours),
  "resilience.downtimePerYear": (v: Numbers<"availability">) => availability.computeDowntimePerYear(v.availability),
  "resilience.kOfN": (v: Numbers<"k" | "n" | "p">) => correlated.computeKOfN(v.k, v.n, v.p),
  "resilience.kOfNLossLog10": (v: Numbers<"k" | "n" | "p">) => correlated.computeKOfNLossLog10(v.k, v.n, v.p),
  "resilience.sameDomainProbability": (v: { shares: number[]; replicas: number }) =>
    correlated.computeSameDomainProbability(v.shares, v.replicas),
  "resilience.domainOutageLoss": (v: Numbers<"nodes" | "down" | "pieces" | "needed">) =>
    correlated.computeDomainOutageLoss(v.nodes, v.down, v.pieces, v.needed),
  "resilience.placementCap": (v: Numbers<"pieces" | "needed" | "cap">) =>
    correlated.computePlacementCap(v.pieces, v.needed, v.cap),
  "resilience.betaFactor": (v: Numbers<"p" | "beta" | "n" | "k">) => correlated.computeBetaFactor(v.p, v.beta, v.n, v.k),
  "resilience.betaFactorMirror": (v: Numbers<"lambdaPerYear" | "beta" | "years">) =>
    correlated.computeBetaFactorMirror(v.lambdaPerYear, v.beta, v.years),
  "resilience.committeeHalt": (v: Numbers<"n" | "f" | "share" | "draws">) =>
    correlated.computeCommitteeHalt(v.n, v.f, v.share, v.draws),
  "resilience.poissonDurability": (v: Numbers<"k" | "n" | "p">) => durability.computePoissonDurability(v.k, v.n, v.p),
  "resilience.stripeLoss": (v: Numbers<"k" | "n" | "p"> & { model: "poisson" | "binomial" }) =>
    durability.computeStripeLoss(v.k, v.n, v.p, v.model),
  "resilience.repairBandwidth": (v: Numbers<"mttfMonths" | "k" | "n" | "m">) =>
    durability.computeRepairBandwidth(v.mttfMonths, v.k, v.n, v.m),
  "resilience.timeToRepair": (v: Numbers<"n" | "m" | "p" | "checksPerMonth">) =>
    durability.computeTimeToRepair(v.n, v.m, v.p, v.checksPerMonth),
  "resilience.shardAnnualLoss": (v: Numbers<"shards" | "lostToFail" | "afr" | "replacementDays">) =>
    durability.computeShardAnnualLoss(v.shards, v.lostToFail, v.afr, v.replacementDays),
  "resilience.peerLoss": (v: Numbers<"failuresPerMillionHours" | "intervalHours" | "k" | "n">) =>
    durability.computePeerLoss(v.failuresPerMillionHours, v.intervalHours, v.k, v.n),
  "resilience.replicaMttdl": (v: Numbers<"replicas" | "lambdaPerHour" | "muPerHour">) =>
    durability.computeReplicaMttdl(v.replicas, v.lambdaPerHour, v.muPerHour),
  "resilience.birthDeathReplicas": (v: Numbers<"theta">) => durability.computeBirthDeathReplicas(v.theta),
  "resilience.giantComponent": (v: Numbers<"meanDegree" | "removed">) =>
    percolation.computeGiantComponent(v.meanDegree, v.removed),
  "resilience.criticalRemoval": (v: Numbers<"meanDegree" | "meanSquareDegree">) =>
    percolation.computeCriticalRemoval(v.meanDegree, v.meanSquareDegree),
  "resilience.scaleFreeCritical": (v: Numbers<"alpha" | "minDegree" | "nodes">) =>
    percolation.computeScaleFreeCritical(v.alpha, v.minDegree, v.nodes),
  "resilience.meshIsolation": (v: Numbers<"nodes" | "degree" | "removed">) =>
    percolation.computeMeshIsolation(v.nodes, v.degree, v.removed),
  "resilience.nakamoto": (v: { sharesPercent: number[] } & Numbers<"thresholdNum" | "thresholdDen">) =>
    concentration.computeNakamoto(v.sharesPercent, v.thresholdNum, v.thresholdDen),
  "resilience.effectiveNumber": (v: Numbers<"hhi">) => concentration.computeEffectiveNumber(v.hhi),
  "resilience.gini": (v: { values: number[] }) => concentration.computeGini(v.values),
  "resilience.finalises": (v: Numbers<"lostShare">) => concentration.finalises(v.lostShare),
  "resilience.monoculture": (v: { versionShares: number[] }) => concentration.computeMonoculture(v.versionShares),
  "resilience.phi": (v: Numbers<"elapsedMs" | "meanMs" | "stdMs" | "pauseMs">) =>
    detector.computePhi(v.elapsedMs, v.meanMs, v.stdMs, v.pauseMs),
  "resilience.phiTimeTo": (v: Numbers<"meanMs" | "stdMs" | "pauseMs" | "threshold">) =>
    detector.computePhiTimeTo(v.meanMs, v.stdMs, v.pauseMs, v.threshold),
  "resilience.swimDetection": (v: Numbers<"nodes" | "activeShare">) => detector.computeSwimDetection(v.nodes, v.activeShare),
  "resilience.memberlistTimings": (v: Numbers<"nodes">) => detector.computeMemberlistTimings(v.nodes),
  "resilience.suspicionTimeout": (v: Numbers<"expected" | "minMs" | "maxMs" | "confirmations">) =>
    detector.computeSuspicionTimeout(v.expected, v.minMs, v.maxMs, v.confirmations),
  "resilience.gossipPushRounds": (v: Numbers<"nodes" | "fanout" | "target">) =>
    gossip.computeGossipPushRounds(v.nodes, v.fanout, v.target),
  "resilience.pittelRounds": (v: Numbers<"nodes">) => gossip.computePittelRounds(v.nodes),
  "resilience.gossipAtomic": (v: Numbers<"nodes" | "c">) => gossip.computeGossipAtomic(v.nodes, v.c),
  "resilience.infectAndDieCoverage": (v: Numbers<"fanout">) => gossip.computeInfectAndDieCoverage(v.fanout),
  "resilience.mm1": (v: Numbers<"lambda" | "mu">) => queueing.computeMm1(v.lambda, v.mu),
  "resilience.erlang": (v: Numbers<"servers" | "load">) => queueing.computeErlang(v.servers, v.load),
  "resilience.retryAttempts": (v: Numbers<"pFail" | "retries">) => queueing.computeRetryAttempts(v.pFail, v.retries),
  "resilience.layeredRetries": (v: Numbers<"retries" | "layers">) => queueing.computeLayeredRetries(v.retries, v.layers),
  "resilience.metastable": (v: Numbers<"capacity" | "offered" | "retries">) =>
    queueing.computeMetastable(v.capacity, v.offered, v.retries),
  "resilience.backlogDrain": (v: Numbers<"offered" | "capacity" | "outageS">) =>
    queueing.computeBacklogDrain(v.offered, v.capacity, v.outageS),
  "resilience.retryBudget": (v: Numbers<"offered" | "capacity" | "budget">) =>
    queueing.computeRetryBudget(v.offered, v.capacity, v.budget),
  "resilience.reconnectJitter": (v: Numbers<"nodes" | "windowS" | "limit">) =>
    queueing.computeReconnectJitter(v.nodes, v.windowS, v.limit),
  "resilience.canaryDetect": (v: Numbers<"p" | "n">) => odds.computeCanaryDetect(v.p, v.n),
  "resilience.stagedRollout": (v: { stages: number[]; detect: number[] }) => odds.computeStagedRollout(v.stages, v.detect),
  "resilience.badDrawOscillation": (v: Numbers<"badShare" | "periodMin" | "draws">) =>
    odds.computeBadDrawOscillation(v.badShare, v.periodMin, v.draws),
  "resilience.lossOfResilience": (v: { points: availability.QualityPoint[] }) => availability.computeLossOfResilience(v.points),
  "resilience.incidentTimes": (v: availability.IncidentClock) => availability.computeIncidentTimes(v),
  "resilience.weibullMoments": (v: churn.Weibull) => churn.computeWeibullMoments(v),
  "resilience.renewalAvailability": (v: { on: churn.Weibull; off: churn.Weibull }) =>
    churn.computeRenewalAvailability(v.on, v.off),
  "resilience.weibullResidual": (v: churn.Weibull & Numbers<"age" | "extra">) =>
    churn.computeWeibullResidual(v, v.age, v.extra),
  "resilience.kaplanMeier": (v: { data: churn.Observation[] }) => churn.computeKaplanMeier(v.data),
  "resilience.batteryDecay": (v: Numbers<"initial" | "final" | "hours" | "atHours">) =>
    churn.computeBatteryDecay(v.initial, v.final, v.hours, v.atHours),
  "resilience.simMetastable": (v: Storm) => simulateStorm(v).recoveredS,
  "resilience.simBaAttack": (v: Numbers<"nodes" | "links" | "removed"> & { targeted: boolean }) =>
    simulateAttack(v.nodes, v.links, v.removed, v.targeted),
  "resilience.simRenewal": (v: Numbers<"nodes" | "horizon"> & { on: churn.Weibull; off: churn.Weibull }) =>
    simulateRenewal(v.nodes, v.horizon, v.on, v.off),
} as const
