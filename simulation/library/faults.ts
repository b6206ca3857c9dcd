/** From a cause and its course to the timeline: which verb, on whom, when, and how it comes back. */
import { sayInstant } from "../../protocol/boundary/instant.ts"
import type { Action, Moment, Where } from "../../protocol/boundary/scenario.ts"
import type { AnyNetwork } from "../../protocol/kernel/network.ts"
import { refuse } from "../../protocol/boundary/problem.ts"
import { facilityOf } from "../faults/part.ts"
import { timeOf } from "../faults/spread.ts"
import { isCertificate, isControlOnly, isGradual, isMispriced, isPrice, isVersion } from "./cause.ts"
import type { Course } from "./course.ts"
import { placeOf } from "./place.ts"
import { short, type Incident } from "./record.ts"
import { CERTIFICATE_S } from "./settings.ts"
import { isComparator, type Stage } from "./stage.ts"

export interface Faults {
  readonly timeline: readonly Moment[]
  readonly plane: "service" | "nodes" | "ledger" | "control"
  /** The victim's nodes whose lot is recorded by itself. */
  readonly focus?: readonly Where[]
  /** Levels were put in as published or assumed; false: they follow from who stands where and what each does. */
  readonly isImposed: boolean
  readonly choices: readonly string[]
}

export function faultsOf(i: Incident, { cause, victim, networks }: Stage, course: Course): Faults {
  const timeline: Moment[] = []
  const { name } = victim
  const at = (atS: number, label: string, todo: Action): void =>
    void timeline.push({ at: sayInstant(atS), label: short(label), do: todo })
  const said = (atS: number, otherwise: string): string =>
    (
      i.steps.find((s) => s.atS === atS && s.phase !== "trigger") ??
      i.steps.find((s) => Math.abs(s.atS - atS) < 60 && s.phase !== "trigger")
    )?.what ?? otherwise
  const share = (where: Where): Where =>
    course.depthPermille === 1000 ? where : { ...where, share: { permille: course.depthPermille } }
  const { downS, backS, spanS } = turnOf(i, course, cause)
  const seconds = (n: number) => ({ seconds: Math.max(1, Math.round(n)) })
  const over = (n: number): { readonly over?: { readonly seconds: number } } => (n >= 60 ? { over: seconds(n) } : {})

  /** A facility's share, level by level. */
  const hold = (facility: string): void => {
    course.levels.forEach(({ atS, leftPermille }) =>
      at(
        atS,
        said(atS, `${leftPermille / 10} % left`),
        leftPermille === 1000
          ? { verb: "repair", network: name, facility }
          : { verb: "hinder", network: name, facility, serves: { permille: leftPermille } },
      ),
    )
  }

  switch (cause) {
    case "halt":
    case "oracle": {
      const isWrong = cause === "oracle" && isMispriced(i)
      const part = cause === "halt" ? "ledger" : isWrong ? "price" : "oracle"
      const facility = facilityOf(part, victim.inhabit.facilities)
      if (facility === undefined || victim.pulse === undefined)
        return refuse(
          `${i.id} speaks of the ${part} of ${name}, whose pulse is not counted here, so that nothing could be measured: name another network in domains, or write a scenario`,
        )
      if (isWrong) {
        at(i.onsetS, said(i.onsetS, "the oracle tells a wrong price"), {
          verb: "corrupt",
          network: name,
          facility,
          to: { permille: 1000 },
        })
        if (!i.isOpenEnded) at(i.endS, said(i.endS, "it tells the right one again"), { verb: "repair", network: name, facility })
        return made(
          "service",
          true,
          [`${name}'s ${facility} tells what is wrong, not nothing; how wrong is the network's own parameter, not the record's`],
          undefined,
        )
      }
      const [first, ...rest] = course.levels
      if (first.leftPermille === 0 && rest[0]?.leftPermille === 1000)
        at(first.atS, said(first.atS, "the ledger halts"), {
          verb: cause === "halt" ? "halt" : "cutOracle",
          network: name,
          for: seconds(rest[0].atS - first.atS),
        })
      else hold(facility)
      return made(
        "ledger",
        true,
        [`${name}'s ${facility} stands for the ${part}; its pulse is ${victim.pulse ?? "not counted"}`],
        undefined,
      )
    }
    case "seizure": {
      const hosted = placeOf(i, victim)
      const taken = hosted === undefined ? [share({})] : hosted.where.map(share)
      const lasts = i.isOpenEnded ? {} : { for: seconds(i.endS - i.onsetS) }
      for (const where of taken)
        at(i.onsetS, said(i.onsetS, "nodes are taken"), { verb: "seize", network: name, where, ...lasts })
      return made(
        "nodes",
        true,
        [
          hosted === undefined
            ? `who stood there is not known of ${name}: a random share of its ${victim.nodeWord}s is taken, as large as the record says`
            : `those taken stood in ${hosted.said}`,
          ...(i.isOpenEnded ? ["nobody comes back: where operators went to, and when, is not on record"] : []),
        ],
        [{}],
      )
    }
    case "operator": {
      const where: Where = { largest: { of: "operator", count: 1 } }
      const gradual = isGradual(i)
      if (gradual)
        at(i.onsetS, said(i.onsetS, "one operator's nodes drop out"), {
          verb: "push",
          network: name,
          where: share(where),
          ...over(spanOf(i)),
        })
      else at(i.onsetS, said(i.onsetS, "one operator's nodes stop"), { verb: "kill", network: name, where: share(where) })
      if (!i.isOpenEnded)
        at(backS, said(backS, "they come back"), {
          verb: "restart",
          network: name,
          where,
          ...over(spanS),
          ...(spanS >= 60 ? { curve: "human" } : {}),
        })
      return made(
        "nodes",
        true,
        [
          `which operator it was is not known of ${name}: its largest is taken`,
          ...(gradual ? ["a silent leak: its nodes drop out one by one, evenly over what is played"] : []),
        ],
        [where],
      )
    }
    case "version": {
      const pushS = isCertificate(i) ? CERTIFICATE_S : Math.max(0, downS - i.onsetS)
      at(i.onsetS, said(i.onsetS, "the version fails"), { verb: "push", network: name, where: share({}), ...over(pushS) })
      if (!i.isOpenEnded)
        at(backS, said(backS, "operators put it right, one by one"), {
          verb: "restart",
          network: name,
          where: {},
          ...over(stretched(spanS, course)),
          curve: "human",
        })
      return made(
        "nodes",
        true,
        [
          `${isVersion(i) ? "who runs the version" : "which nodes those were"} is not known of ${name}: a random ${course.depthPermille} ‰ of its ${victim.nodeWord}s fail`,
          "they come back as people bring them back: by the curve of Prysm's operators on 2025-12-04, stretched to this record's times",
        ],
        [{}],
      )
    }
    case "economy": {
      const leaving = { permille: Math.min(1000, course.depthPermille) }
      const span = spanOf(i)
      if (isPrice(i))
        at(i.onsetS, said(i.onsetS, "the price falls"), {
          verb: "crash",
          network: name,
          to: { permille: 1000 - course.depthPermille },
          leave: { permille: 100 },
          ...over(span),
        })
      else
        at(i.onsetS, said(i.onsetS, "operators leave"), {
          verb: "leave",
          network: name,
          where: { share: leaving },
          ...over(span),
        })
      return made(
        "nodes",
        true,
        [
          isPrice(i)
            ? "of the operators, 100 ‰ leave while the price is down: an assumption"
            : "they leave evenly while it lasts: an assumption",
        ],
        [{}],
      )
    }
    case "grid":
    case "access":
    case "country":
    case "cable": {
      for (const n of networks) takePlace(n)
      const place = placeOf(i, victim)!
      const who = `the place is ${short(place.said)}`
      // Points of presence hand their users on: what is measured is which of them are there.
      if (isComparator(victim))
        return made(
          "nodes",
          cause === "cable",
          [`${who}; no node of an open network here can stand there, so it is told of ${name}'s ${victim.nodeWord}s`],
          place.where,
        )
      return made("service", cause === "cable", [`${who}; what users near it get is measured by itself`], place.where)
    }
    case "provider": {
      const isControl = isControlOnly(i)
      const facility = facilityOf(isControl ? "control" : "edge", victim.inhabit.facilities)!
      hold(facility)
      for (const n of networks) if (n !== victim && placeOf(i, n)?.kind === "hosting") takePlace(n)
      return made(
        isControl ? "control" : "service",
        true,
        [
          `${name}'s ${facility} serves the level of the record${isControl ? "; its data plane goes on, as the record says" : ""}`,
        ],
        undefined,
      )
    }
  }

  /** Everybody of a network in the place. */
  function takePlace(n: AnyNetwork): void {
    const place = placeOf(i, n)
    if (place === undefined) return
    for (const where of place.where) {
      const label = `${n.name}: ${said(i.onsetS, "the place fails")}`
      const later = `${n.name}: ${said(backS, "it comes back")}`
      if (place.kind === "grid") {
        at(i.onsetS, label, { verb: "blackout", network: n.name, where: share(where) })
        at(backS, later, { verb: "restorePower", network: n.name, where, ...over(spanS) })
      } else if (place.kind === "cable") {
        for (const { atS, leftPermille } of course.levels)
          at(atS, `${n.name}: ${said(atS, `${leftPermille} ‰ get through`)}`, {
            verb: "degrade",
            network: n.name,
            where,
            passes: { permille: leftPermille },
          })
      } else {
        at(i.onsetS, label, { verb: "disconnect", network: n.name, where: share(where) })
        if (!i.isOpenEnded) at(backS, later, { verb: "reconnect", network: n.name, where, ...over(spanS) })
      }
    }
  }

  function made(
    plane: Faults["plane"],
    isImposed: boolean,
    choices: readonly string[],
    focus: readonly Where[] | undefined,
  ): Faults {
    const ordered = timeline
      .map((m, k) => ({ m, k }))
      .toSorted((a, b) => (a.m.at < b.m.at ? -1 : a.m.at > b.m.at ? 1 : a.k - b.k))
    return { timeline: ordered.map(({ m }) => m), plane, isImposed, choices, ...(focus === undefined ? {} : { focus }) }
  }
}

/** A record may end while some are still away: then its end is when so many were back, and the last come later. */
function stretched(spanS: number, { levels, depthPermille }: Course): number {
  const backPermille = levels.at(-1)!.leftPermille - (1000 - depthPermille)
  const share = Math.max(200, Math.min(1000, Math.round((backPermille * 1000) / depthPermille)))
  return Math.round((spanS * 1_000_000) / timeOf("human", share * 1000))
}

const spanOf = (i: Incident): number => Math.max(60, i.endS - i.onsetS)

/** When it was deepest, when the first came back, and how long until the last did. */
function turnOf(
  i: Incident,
  { levels }: Course,
  cause: Stage["cause"],
): { readonly downS: number; readonly backS: number; readonly spanS: number } {
  const lowest = levels.reduce((low, l) => Math.min(low, l.leftPermille), 1000)
  const deepest = levels.findLast((l) => l.leftPermille === lowest) ?? { atS: i.onsetS, leftPermille: lowest }
  const firstBack = levels.find((l) => l.atS > deepest.atS)
  // The last time the record speaks of things getting worse is when they begin to get better, if nothing else is on record.
  const worst = i.steps.findLast((s) => /onset/u.test(s.phase) && s.atS > i.onsetS && s.atS < i.endS)?.atS
  const mitigated = i.steps.findLast((s) => s.phase === "mitigation" && s.atS > deepest.atS && s.atS < i.endS)?.atS
  const risen = firstBack === undefined || firstBack.atS >= i.endS ? undefined : firstBack.atS
  const from = (cause === "grid" ? worst : cause === "version" || cause === "operator" ? mitigated : undefined) ?? risen ?? i.endS
  const backS = Math.min(i.endS, Math.max(i.onsetS + 1, from))
  return { downS: Math.min(deepest.atS, backS), backS, spanS: i.endS - backS }
}
