/** The timeline of a scenario as dated actions: who is meant is looked up among the names that a population can have. */
import { sayInstant, type Span } from "../../protocol/boundary/instant.ts"
import { didYouMean, refuse } from "../../protocol/boundary/problem.ts"
import {
  DOMAINS,
  type CurveWord,
  type Action as WrittenAction,
  type Where as WrittenWhere,
} from "../../protocol/boundary/scenario.ts"
import { MINUTE } from "../../protocol/kernel/clock.ts"
import { nearest, problem, type Params } from "../../protocol/kernel/param.ts"
import type { Action, Where } from "../faults/action.ts"
import { facilityOf } from "../faults/part.ts"
import { namesOf } from "../world/names.ts"
import { profileOf } from "../world/profiles.ts"
import type { Moment, PlannedNetwork } from "./plan.ts"
import { adoptions } from "./regimes.ts"
import { instantOf, permille, runningNetwork, secondsOf, type Reading } from "./reading.ts"

/** How often a ramp takes a step, when a scenario does not say. */
const STEP_S = 5 * MINUTE

/** In the order they are written; the agenda sorts by time. */
export function resolveTimeline(reading: Reading): readonly Moment[] {
  const timeline = reading.scenario.timeline ?? []
  const moments = timeline.flatMap((moment, i): readonly Moment[] => {
    const place = `timeline[${i}] ("${moment.label}")`
    const atS = instantOf(moment.at, `${place}.at`, reading)
    if (moment.do.verb === "adopt") return adoptions(moment.do, atS, moment.label, `${place}.do`, reading)
    if (moment.do.verb === "crash") return resolveCrash(moment.do, atS, moment.label, `${place}.do`, reading)
    return [{ atS, label: moment.label, do: resolveAction(moment.do, `${place}.do`, reading) }]
  })
  checkChanges(moments, reading)
  return moments
}

type Adoption = Extract<WrittenAction, { readonly verb: "adopt" }>

function resolveAction(written: Exclude<WrittenAction, Adoption>, place: string, reading: Reading): Action {
  const planned = runningNetwork(written.network, place, reading.networks)
  const seconds = (span: Span | undefined, word: string): number | undefined =>
    span === undefined ? undefined : secondsOf(span, `${place}.${word}`, 1)
  switch (written.verb) {
    case "corrupt":
    case "hinder":
    case "repair":
      return onFacility(written, planned, place, seconds)
    case "change":
      return { verb: "change", network: written.network, parameter: written.parameter, value: written.value }
    case "halt":
    case "cutOracle": {
      const part = written.verb === "halt" ? "ledger" : "oracle"
      const { facilities } = planned.network.inhabit
      const facility =
        facilityOf(part, facilities) ??
        refuse(
          `${place}: ${written.network} has no facility that stands for its ${part}; hinder one of ${facilities.map((f) => f.name).join(", ") || "none"}`,
        )
      const forS = seconds(written.for, "for")
      return { verb: written.verb, network: written.network, facility, ...(forS === undefined ? {} : { forS }) }
    }
    case "crash":
      throw new Error("a crash of the price is several actions")
  }
  const where = resolveWhere(written.where, planned, `${place}.where`, reading)
  const forS = "for" in written ? seconds(written.for, "for") : undefined
  const overS = "over" in written ? (seconds(written.over, "over") ?? 0) : 0
  const lasting = forS === undefined ? {} : { forS }
  switch (written.verb) {
    case "kill":
    case "blackout":
      return { verb: written.verb, where, ...lasting }
    case "pause":
      return { verb: "pause", where, forS: forS! }
    case "disconnect":
      return { verb: "disconnect", where, ...lasting, ...(overS === 0 ? {} : { overS }) }
    case "degrade":
      return { verb: "degrade", where, passesPermille: permille(written.passes, `${place}.passes`), ...lasting }
    case "restart":
    case "reconnect":
    case "restorePower":
      return { verb: written.verb, where, overS, ...curving(written) }
    case "leave":
      return { verb: "leave", where, overS, ...curving(written) }
    case "push":
      return {
        verb: "push",
        where,
        overS,
        ...lasting,
        ...(written.version === undefined ? {} : { client: nameIn("client", written.version, planned, `${place}.version`) }),
      }
    case "seize":
      return { verb: "seize", where, ...lasting }
    case "loseData":
      return { verb: "loseData", where, lostPermille: permille(written.share, `${place}.share`) }
    case "skewClock":
      return { verb: "skewClock", where, skewS: written.by, ...lasting }
    case "surge":
      return { verb: "surge", where, timesPermille: Math.round(written.times * 1000), ...lasting }
    case "upgrade":
      return {
        verb: "upgrade",
        where,
        client: nameIn("client", written.to, planned, `${place}.to`),
        overS,
        downS: seconds(written.down, "down") ?? 0,
      }
  }
}

const curving = ({ curve }: { readonly curve?: CurveWord }): { readonly curve?: CurveWord } =>
  curve === undefined ? {} : { curve }

/**
 * A fall of the token's price: every parameter that is one, by its name, falls in proportion, within its range; and the part of the
 * operators that is named leaves. Where a network has no price, only they do.
 */
function resolveCrash(
  written: Extract<WrittenAction, { readonly verb: "crash" }>,
  atS: number,
  label: string,
  place: string,
  reading: Reading,
): readonly Moment[] {
  const { network, values } = runningNetwork(written.network, place, reading.networks)
  const toPermille = permille(written.to, `${place}.to`)
  const params = network.params as Params
  const prices = Object.keys(params).filter((name) => /price/iu.test(name) && /usd/iu.test(params[name].unit + name))
  const leaving = written.leave === undefined ? 0 : permille(written.leave, `${place}.leave`)
  if (prices.length === 0 && leaving === 0)
    refuse(`${place}: ${network.name} has no price of a token; say with leave which share of its operators a crash drives away`)
  return [
    ...prices.map((parameter): Moment => {
      const [low, high] = params[parameter].range
      const value = Math.min(high, Math.max(low, Math.round((values[parameter] * toPermille) / 1000)))
      return { atS, label, do: { verb: "change", network: network.name, parameter, value } }
    }),
    ...(leaving === 0
      ? []
      : [
          {
            atS,
            label,
            do: {
              verb: "leave" as const,
              where: { network: network.name, permille: leaving },
              overS: written.over === undefined ? 0 : secondsOf(written.over, `${place}.over`, 1),
            },
          },
        ]),
  ]
}

type OnFacility = Extract<WrittenAction, { readonly facility: string }>

function onFacility(
  written: OnFacility,
  { network }: PlannedNetwork,
  place: string,
  seconds: (span: Span | undefined, word: string) => number | undefined,
): Action {
  const facilities = network.inhabit.facilities.map((f) => f.name)
  if (!facilities.includes(written.facility))
    refuse(
      `${place}: ${network.name} has no facility ${written.facility}${didYouMean(nearest(written.facility, facilities), facilities)}`,
    )
  const at = { network: written.network, facility: written.facility }
  switch (written.verb) {
    case "repair":
      return { verb: "repair", ...at }
    case "hinder": {
      const forS = seconds(written.for, "for")
      return {
        verb: "hinder",
        ...at,
        servedPermille: permille(written.serves, `${place}.serves`),
        ...(forS === undefined ? {} : { forS }),
      }
    }
    case "corrupt": {
      const overS = seconds(written.over, "over") ?? 0
      const everyS = seconds(written.every, "every") ?? STEP_S
      if (overS % everyS !== 0)
        refuse(
          `${place}.over is ${overS} s, no whole number of steps of ${everyS} s, so the ramp would not arrive: change over or every`,
        )
      const toPermille = permille(written.to, `${place}.to`)
      const fromPermille = written.from === undefined ? (overS === 0 ? toPermille : 0) : permille(written.from, `${place}.from`)
      return { verb: "corrupt", ...at, fromPermille, toPermille, overS, everyS }
    }
  }
}

export function resolveWhere(written: WrittenWhere, planned: PlannedNetwork, place: string, { scenario }: Reading): Where {
  const { name } = planned.network
  const domain = Object.fromEntries(
    DOMAINS.flatMap((type) => {
      const wanted = written[type]
      return wanted === undefined ? [] : [[type, nameIn(type, wanted, planned, `${place}.${type}`)]]
    }),
  )
  if (written.behind !== undefined && scenario.dependsOn?.[name]?.on !== written.behind) {
    const on = scenario.dependsOn?.[name]?.on
    const way = on === undefined ? `say so in dependsOn.${name}` : `it depends on ${on}`
    refuse(`${place}.behind: ${name} does not depend on ${written.behind}; ${way}`)
  }
  return {
    network: name,
    ...(Object.keys(domain).length === 0 ? {} : { domain }),
    ...(written.behind === undefined ? {} : { behind: true as const }),
    ...(written.largest === undefined ? {} : { largest: written.largest }),
    ...(written.share === undefined ? {} : { permille: permille(written.share, `${place}.share`) }),
  }
}

/** The full name that is meant: an autonomous system may be given by its number alone. */
function nameIn(type: (typeof DOMAINS)[number], wanted: string, { network }: PlannedNetwork, place: string): string {
  const names = namesOf(profileOf(network.inhabit.profile), type)
  if (names === undefined || names.includes(wanted)) return wanted
  const numbered = type === "asn" ? names.find((name) => name.startsWith(`${wanted} `)) : undefined
  return (
    numbered ??
    refuse(
      `${place}: no ${network.nodeWord} of ${network.name} can have ${type} ${wanted}${didYouMean(nearest(wanted, names), names)}`,
    )
  )
}

/** Rules that change while a network runs must be in range, and fit together, after each change. */
function checkChanges(moments: readonly Moment[], { networks }: Reading): void {
  const values = new Map(networks.map((n) => [n.network.name, { ...n.values } as Record<string, number>]))
  for (const { atS, label, do: action } of moments.toSorted((a, b) => a.atS - b.atS)) {
    if (action.verb === "adopt") {
      const { network } = networks.find((n) => n.network.name === action.network)!
      const found = network.coherent?.(Object.assign(values.get(action.network)!, action.values))
      if (found !== undefined) refuse(`timeline ("${label}", ${sayInstant(atS)}): ${found}`)
      continue
    }
    if (action.verb !== "change") continue
    const { network } = networks.find((n) => n.network.name === action.network)!
    const now = values.get(action.network)!
    const wrong = problem(action.network, network.params, action.parameter, action.value)
    now[action.parameter] = action.value
    const found = wrong ?? network.coherent?.(now)
    if (found !== undefined) refuse(`timeline ("${label}", ${sayInstant(atS)}): ${found}`)
  }
}
