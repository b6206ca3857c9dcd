/**
 * The centralised network's machines and people in a simulated world: the builder, the PoPs, the automation, the operator.
 *
 * They remember nothing. What each does at an instant follows from truth, from what the control plane shows everyone, and
 * from dice keyed by the instant, so a long tick and many short ones come to the same. Within a tick they step from one
 * instant at which something can happen to the next; a quiet day has 24 of them.
 */
import { nextMultiple } from "../../kernel/clock.ts"
import type { Inhabit, InhabitContext, Inhabitants } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { below, stream } from "../../kernel/random.ts"
import { addRow } from "../../kernel/table.ts"
import type { Commands } from "./commands.ts"
import { brokenSecondsBy, serveUsers } from "./inhabit-serve.ts"
import {
  BUILDER,
  computeDashboard,
  computeOutcome,
  computeQuality,
  CONTROL_PLANE,
  facilities,
  isReachable,
  observes,
} from "./inhabit-truth.ts"
import type { CdnParams } from "./params.ts"
import { newestRevision, targetRevision } from "./rollout.ts"
import { isIncidentOpen, type State } from "./state.ts"

const HOUR = 60 * 60
/** Draws of one build: is it made at all, and is it bad? */
const MADE = 0
const BAD = 1

/** The first instant at or after `atS` that is a multiple of `every` plus `offset`. */
const nextOf = (atS: number, every: number, offset: number): number =>
  nextMultiple(atS - 1 - (offset % every), every) + (offset % every)

function enter({ habitat, state, commands, submit }: InhabitContext<State, Commands>): Inhabitants {
  const { nodes } = habitat
  const { pop, config, control } = state
  const builds = stream(habitat.seed, "cdn/build")
  const propagation = stream(habitat.seed, "cdn/propagation")
  const demand = new Float64Array(nodes)
  // Scratch, good for one tick or for one value of a parameter: nothing here outlives what it was computed from.
  const window = { fromS: -1, toS: -1, brokenBefore: new Float64Array(nodes) }
  const delay = new Uint32Array(nodes)
  let delaysOf = 0

  const read = (): Values<CdnParams> => {
    const params = habitat.params() as Values<CdnParams>
    if (delaysOf !== params.propagationSeconds) {
      delaysOf = params.propagationSeconds
      for (let node = 0; node < nodes; node++) delay[node] = 1 + below(propagation, delaysOf, node)
    }
    return params
  }
  const say = (type: "AdvanceRollout" | "ProbeFleet", atS: number): void => {
    commands[type].atS[addRow(commands[type])] = atS
    submit(type)
  }
  const publish = (features: number, atS: number): void => {
    const to = commands.PublishConfig
    const r = addRow(to)
    to.features[r] = features
    to.atS[r] = atS
    submit("PublishConfig")
  }
  const isOffTarget = (node: number): boolean =>
    pop.registered[node] === 1 && isReachable(habitat, node) && pop.answered[node] !== targetRevision(state, node)

  const isBuildWanted = (params: Values<CdnParams>): boolean => {
    if (habitat.served(BUILDER) === 0) return false
    const newest = newestRevision(state)
    return newest === 0 || habitat.corrupt(BUILDER) > 0 || config.features[newest - 1] !== params.featuresInUse
  }

  /** The file is built at every instant, but only a file that differs from the newest one is worth a push. */
  const build = (params: Values<CdnParams>, atS: number): void => {
    if (control.rolling[0] !== 0 || below(builds, 1000, atS, MADE) >= habitat.served(BUILDER)) return
    const bad = below(builds, 1000, atS, BAD) < habitat.corrupt(BUILDER)
    const features = bad ? params.badFeatures : params.featuresInUse
    const newest = newestRevision(state)
    if (newest === 0 || config.features[newest - 1] !== features) publish(features, atS)
  }

  /** PoPs whose push has arrived by `atS` load it, or fail to, and say so. */
  const load = (params: Values<CdnParams>, atS: number, atOnce = false): void => {
    const to = commands.AcknowledgeConfig
    for (let node = 0; node < nodes; node++) {
      if (!isOffTarget(node) || (!atOnce && control.pushedS[0] + delay[node] > atS)) continue
      const target = targetRevision(state, node)
      const r = addRow(to)
      to.node[r] = node
      to.revision[r] = target
      to.outcome[r] = computeOutcome(params, config.features[target - 1])
      to.atS[r] = atS
    }
    if (to.length > 0) submit("AcknowledgeConfig")
  }

  /** PoPs report when their share of failed requests changed, and once an hour. */
  const report = (params: Values<CdnParams>, atS: number): void => {
    const sound = 1000 - computeQuality(habitat, params, false).ok
    const broken = 1000 - computeQuality(habitat, params, true).ok
    const hourly = atS % HOUR === 0
    const to = commands.ReportHealth
    for (let node = 0; node < nodes; node++) {
      if (pop.registered[node] === 0 || !isReachable(habitat, node)) continue
      const errorPermille = pop.broken[node] === 1 ? broken : sound
      if (!hourly && pop.reporting[node] === 1 && pop.errorPermille[node] === errorPermille) continue
      const r = addRow(to)
      to.node[r] = node
      to.errorPermille[r] = errorPermille
      to.atS[r] = atS
    }
    if (to.length > 0) submit("ReportHealth")
  }

  /** Nothing fails and nothing rolls out: the automation's tests would pass and change nothing, so they are left out. */
  const isWatchful = (): boolean =>
    control.failing[0] > 0 || control.failedProbes[0] > 0 || control.rolling[0] !== 0 || isIncidentOpen(state)

  const watch = (atS: number): void => {
    if (control.reporting[0] > 0) say("ProbeFleet", atS)
    const rolling = control.rolling[0]
    if (rolling === 0) return
    const c = rolling - 1
    const isDue = atS >= control.pushedS[0] + config.bakeSeconds[c]
    const isHurting = config.stages[c] > 1 && config.failed[c] + config.rejected[c] > 0
    if (isDue || isHurting) say("AdvanceRollout", atS)
  }

  /**
   * The recorded human act. People know the cause when the builder is sound again, because they made it so: then they do
   * not wait for its next build.
   */
  const rollBack = (atS: number): void => {
    const newest = newestRevision(state)
    const good = control.lastKnownGood[0]
    if (!isIncidentOpen(state) || good === 0 || newest === good || config.failed[newest - 1] === 0) return
    if (habitat.served(BUILDER) < 1000 || habitat.corrupt(BUILDER) > 0) return
    const to = commands.RollBackConfig
    const r = addRow(to)
    to.revision[r] = good
    to.atS[r] = atS
    submit("RollBackConfig")
  }

  /** The next instant from `atS` on at which anything can happen, or `toS`. */
  const nextInstant = (params: Values<CdnParams>, atS: number, toS: number): number => {
    let next = Math.min(toS, nextOf(atS, HOUR, 0))
    if (isWatchful()) next = Math.min(next, nextOf(atS, params.checkEverySeconds, 0))
    if (isBuildWanted(params)) next = Math.min(next, nextOf(atS, params.configEverySeconds, params.buildOffsetSeconds))
    for (let node = 0; node < nodes; node++)
      if (isOffTarget(node)) next = Math.min(next, Math.max(atS, control.pushedS[0] + delay[node]))
    return next
  }

  return {
    arrive() {
      const params = read()
      const atS = habitat.beginS
      const to = commands.RegisterPop
      for (let node = 0; node < nodes; node++) {
        const r = addRow(to)
        to.node[r] = node
        to.latE7[r] = habitat.places.latE7[node]
        to.lngE7[r] = habitat.places.lngE7[node]
        to.atS[r] = atS
      }
      submit("RegisterPop")
      // The world begins with a fleet at work: its first configuration is everywhere already.
      publish(params.featuresInUse, atS)
      load(params, atS, true)
      report(params, atS)
      say("AdvanceRollout", atS)
    },

    act(fromS, toS) {
      window.fromS = fromS
      window.toS = toS
      for (let node = 0; node < nodes; node++) window.brokenBefore[node] = brokenSecondsBy(state, node, fromS)
      // Without the control plane nothing is pushed, heard or noticed; PoPs serve with what they have.
      if (habitat.served(CONTROL_PLANE) === 0) return
      const params = read()
      for (let atS = fromS; atS < toS; atS = nextInstant(params, atS + 1, toS)) {
        if (isBuildWanted(params) && nextOf(atS, params.configEverySeconds, params.buildOffsetSeconds) === atS) build(params, atS)
        load(params, atS)
        report(params, atS)
        const isCheck = atS % params.checkEverySeconds === 0
        if (isCheck && isWatchful()) watch(atS)
        if (isCheck || atS === fromS) rollBack(atS)
      }
    },

    serve(fromS, toS, byNode) {
      // Asked about a window it did not live through, it can only say how things stand.
      if (window.fromS !== fromS || window.toS !== toS)
        for (let node = 0; node < nodes; node++)
          window.brokenBefore[node] = brokenSecondsBy(state, node, toS) - (pop.broken[node] === 1 ? toS - fromS : 0)
      return serveUsers(habitat, state, read(), { fromS, toS, brokenBefore: window.brokenBefore }, demand, byNode)
    },

    observe() {
      const params = read()
      const sound = computeQuality(habitat, params, false).ok
      const broken = computeQuality(habitat, params, true).ok
      let up = 0
      let bad = 0
      for (let node = 0; node < nodes; node++)
        if (habitat.running[node] === 1) {
          up++
          bad += pop.broken[node]
        }
      const ok = up === 0 ? 0 : Math.floor((bad * broken + (up - bad) * sound) / up)
      return { "pops.running": up, "pops.broken": bad, "edge.ok": ok, "dashboard.ok": computeDashboard(habitat, params, ok) }
    },
  }
}

export const inhabit: Inhabit<State, Commands> = {
  profile: "pointsOfPresence",
  facilities,
  observes,
  demandMilliPerNodeMinute: (params) => params.requestsPerPopMinute * 1000,
  enter,
}
