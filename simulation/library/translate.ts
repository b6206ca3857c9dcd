/**
 * An incident record becomes a scenario: the same data that a person would have written, with every conflict pinned, every assumption
 * said, and the published times kept beside it. Pure: record in, scenario out.
 */
import { sayInstant } from "../../protocol/boundary/instant.ts"
import type { Claim, Scenario, Sweep } from "../../protocol/boundary/scenario.ts"
import { courseOf, UNPUBLISHED, type Course, type Default } from "./course.ts"
import { faultsOf, type Faults } from "./faults.ts"
import { readRecord, short, type Incident } from "./record.ts"
import {
  BEHIND,
  CABLE_DEPTH_PERMILLE,
  DAY,
  DEPTHS_PERMILLE,
  HOUR,
  LEAD_S,
  LEAVING_PERMILLE,
  PLAYED_S,
  PULSE_TICK_S,
  SWEPT_PERMILLE,
  TAIL_S,
  TICK_S,
  TICKS,
} from "./settings.ts"
import { isComparator, laterS, nodesOf, presetAt, stageOf, type Stage } from "./stage.ts"

/** A translation, and what it was made from. */
export interface Translation {
  readonly scenario: Scenario
  /** As read, at its own times. */
  readonly record: Incident
  /** The scenario is so many seconds later than the record. */
  readonly movedS: number
  readonly cause: Stage["cause"]
  readonly victim: string
  readonly isImposed: boolean
  readonly depthPermille: number
  readonly depthFrom: Course["depthFrom"]
}

/** The scenario of a record. Throws a ScenarioProblem that names what of the record leaves nothing to play. */
export const translate = (data: unknown): Scenario => translateFully(data).scenario

export function translateFully(data: unknown): Translation {
  const read = readRecord(data)
  const kept = shorten(read)
  const stage = stageOf(kept)
  const byS = laterS(stage, kept.onsetS)
  const whole = move(kept, byS)
  const course = courseOf(whole, defaultOf(stage.cause), stage.cause === "halt" || stage.cause === "oracle")
  const faults = faultsOf(whole, stage, course)
  const span = spanOf(whole, faults.plane)
  const { victim, networks } = stage
  const dependants = stage.cause === "provider" ? networks.filter((n) => n !== victim && !isComparator(n)) : []
  const mainS = mainRecoveryOf(whole, read)
  const scenario: Scenario = {
    name: whole.id,
    question: questionOf(whole, stage, faults.plane),
    ...(whole.sources.length === 0 ? {} : { sources: whole.sources }),
    choices: [
      ...whole.conflicts.map((c) => `CONFLICT: ${c}. Taken: ${pinned(kept)}.`),
      ...stage.assumptions,
      ...faults.choices,
      ...course.assumptions,
      ...whole.assumptions,
      `rules are those of ${networks.map((n) => `${n.name} ${presetAt(n, whole.onsetS, stage.cause) ?? n.defaultPreset}`).join(", ")}`,
      ...(dependants.length === 0
        ? []
        : [
            `how many stand behind such a provider is not known: ${BEHIND.nodesPercent} % of nodes and ${BEHIND.usersPercent} % of users, an assumption, and the result is shown from 0 to 1000 ‰`,
          ]),
    ].map(sayChoice),
    begins: sayInstant(span.beginS),
    lasts: { seconds: span.lastS - span.beginS },
    seed: Number(sayInstant(kept.onsetS).slice(0, 10).replaceAll("-", "")),
    epoch: { seconds: Math.max(HOUR, span.tickS) },
    fine: [{ from: sayInstant(span.fineFromS), to: sayInstant(span.fineToS), every: { seconds: span.tickS } }],
    networks: Object.fromEntries(
      networks.map((n) => [n.name, { nodes: nodesOf(n, stage.cause), ...presetOf(n, whole.onsetS, stage.cause) }]),
    ),
    ...(dependants.length === 0
      ? {}
      : {
          dependsOn: Object.fromEntries(
            dependants.map((n) => [
              n.name,
              {
                on: victim.name,
                nodes: { percent: BEHIND.nodesPercent },
                users: { percent: BEHIND.usersPercent },
                because: "assumption, range 0 to 100 %: the same as on 18 November 2025",
              },
            ]),
          ),
        }),
    incident: {
      onset: sayInstant(whole.onsetS),
      ...(mainS === undefined ? {} : { mainRecovery: sayInstant(mainS) }),
      fullRecovery: sayInstant(whole.endS),
      plane: faults.plane,
      network: victim.name,
      ...(faults.focus === undefined ? {} : { focus: { network: victim.name, where: faults.focus } }),
      published: publishedOf(whole, span),
    },
    timeline: faults.timeline,
    sweep: sweepOf(
      stage,
      faults,
      course.depthFrom === "assumed",
      dependants.map((n) => n.name),
    ),
    watch: networks.flatMap((n) => (n.pulse === undefined ? [] : [`${n.name}.${n.pulse}`])),
    expect: claimsOf(stage, faults, course.depthPermille, span.tickS),
  }
  return {
    scenario,
    record: kept,
    movedS: byS,
    cause: stage.cause,
    victim: victim.name,
    isImposed: faults.isImposed,
    depthPermille: course.depthPermille,
    // How far a price fell says nothing of how many left.
    depthFrom: stage.cause === "economy" ? "assumed" : course.depthFrom,
  }
}

/** A sentence; one that begins with a name in code keeps it. */
const sayChoice = (choice: string): string => {
  const bare = choice.replace(/\.+$/u, "")
  return `${/^(cdn|simulate|timeline|domains|kind)\b/u.test(bare) ? bare : bare.charAt(0).toUpperCase() + bare.slice(1)}.`
}

const presetOf = (n: Stage["victim"], atS: number, cause: Stage["cause"]): { readonly preset?: string } => {
  const preset = presetAt(n, atS, cause)
  return preset === undefined ? {} : { preset }
}

const defaultOf = (cause: Stage["cause"]): Default => {
  switch (cause) {
    case "halt":
    case "oracle":
      return { depthPermille: 1000, because: "no level is on record: nothing is left of it" }
    case "operator":
    case "grid":
    case "access":
    case "country":
      return { depthPermille: 1000, because: "no level is on record: all of them fail" }
    case "cable":
      return {
        depthPermille: CABLE_DEPTH_PERMILLE,
        because: `what a cable's cut costs in packets is not on record: ${CABLE_DEPTH_PERMILLE} ‰, an assumption; its delay is not modelled`,
      }
    case "economy":
      return {
        depthPermille: LEAVING_PERMILLE,
        because: `how much was lost is not on record: ${LEAVING_PERMILLE} ‰, an assumption`,
      }
    default:
      return UNPUBLISHED
  }
}

/** A long tail is cut where nothing more is learnt. */
function shorten(i: Incident): Incident {
  const endS = i.onsetS + PLAYED_S
  if (i.endS <= endS) return i
  return {
    ...i,
    endS,
    isOpenEnded: true,
    assumptions: [...i.assumptions, `the incident ends at ${sayInstant(i.endS)}; ${PLAYED_S / 86_400} days of it are played`],
  }
}

/** The same incident later, so that every ledger on stage has rules. */
function move(i: Incident, byS: number): Incident {
  if (byS === 0) return i
  const later = <T extends { readonly atS: number }>(x: T): T => ({ ...x, atS: x.atS + byS })
  return {
    ...i,
    onsetS: i.onsetS + byS,
    endS: i.endS + byS,
    steps: i.steps.map(later),
    profile: i.profile.map(later),
    assumptions: [
      ...i.assumptions,
      `the incident began at ${sayInstant(i.onsetS)}, when the rules of the networks here were not yet in force: it is played ${byS / 86_400} days later, on the same day of the week`,
    ],
  }
}

const pinned = (i: Incident): string =>
  `onset ${sayInstant(i.onsetS)} and end ${sayInstant(i.endS)}, the times of the record's own fields and steps`

/** Main recovery as the record dates it: by its own figure, or by none. */
function mainRecoveryOf(i: Incident, { mainRecoveryMin }: Incident): number | undefined {
  if (mainRecoveryMin === undefined) return undefined
  const atS = Math.round(i.onsetS + mainRecoveryMin * 60)
  return atS > i.onsetS && atS <= i.endS ? atS : undefined
}

interface Span {
  readonly beginS: number
  readonly lastS: number
  readonly fineFromS: number
  readonly fineToS: number
  readonly tickS: number
}

function spanOf(i: Incident, plane: Faults["plane"]): Span {
  const ideal = (i.endS - i.onsetS) / TICKS
  const least = plane === "ledger" ? PULSE_TICK_S : 0
  const tickS = TICK_S.find((t) => t >= ideal && t >= least) ?? TICK_S.at(-1)!
  const fineFromS = Math.floor((i.onsetS - 6 * tickS) / HOUR) * HOUR
  const fineToS = Math.ceil((i.endS + 6 * tickS) / HOUR) * HOUR
  return { beginS: fineFromS - LEAD_S, lastS: Math.ceil((fineToS + TAIL_S) / DAY) * DAY, fineFromS, fineToS, tickS }
}

const publishedOf = (i: Incident, { beginS, lastS }: Span) =>
  i.steps
    .filter((s) => s.atS >= beginS && s.atS <= lastS)
    .map(({ atS, phase, what, capacity }) => ({
      at: sayInstant(atS),
      phase,
      what,
      ...(capacity === undefined ? {} : { served: { permille: Math.round(capacity * 1000) } }),
    }))

function questionOf(i: Incident, { victim, networks, cause }: Stage, plane: Faults["plane"]): string {
  const others = networks.slice(1).map((n) => n.name)
  const who = others.length === 0 ? "" : `, and what on ${others.join(" and ")}`
  const name = short(i.name).replace(/[.?!]+$/u, "")
  switch (cause) {
    case "provider":
      return `${name}: when one provider fails so, what do users lose on it${who}?`
    case "oracle":
      return `${name}: when what ${victim.name} hears from outside is ${plane === "ledger" ? "away" : "wrong"} so long, what stops with it, and do users notice?`
    case "halt":
      return `${name}: when ${victim.name}'s ledger stands still so long, what stops with it, and do users notice?`
    default:
      return `${name}: what ${plane === "nodes" ? `part of ${victim.name}'s ${victim.nodeWord}s is away${victim.pulse === undefined ? "" : ", and does its ledger go on"}` : `do users of ${victim.name} in the place lose${who}`}?`
  }
}

function sweepOf(
  { victim, cause }: Stage,
  { isImposed, plane }: Faults,
  isAssumed: boolean,
  dependants: readonly string[],
): readonly Sweep[] {
  const shares = SWEPT_PERMILLE.map((permille) => ({ permille }))
  const isLevel = isImposed && isAssumed && (cause === "provider" || cause === "cable") && plane !== "ledger"
  return [
    ...(isLevel
      ? [
          {
            axis: "depth" as const,
            network: victim.name,
            label: "depth of the failure",
            values: DEPTHS_PERMILLE.map((permille) => ({ permille })),
          },
        ]
      : []),
    ...dependants.flatMap((network): readonly Sweep[] => [
      { axis: "nodesBehind", network, label: `share of ${network} nodes behind the provider`, values: shares },
      { axis: "usersBehind", network, label: `share of ${network} users behind the provider`, values: shares },
    ]),
  ]
}

/** What is to be shown: who halts and who must not, who keeps serving, and who loses. */
function claimsOf(
  { victim, networks, cause }: Stage,
  { plane, isImposed }: Faults,
  depthPermille: number,
  tickS: number,
): readonly Claim[] {
  const goesOn = (n: Stage["victim"]): readonly Claim[] =>
    n.pulse === undefined
      ? []
      : [
          {
            claim: "reads",
            metric: `${n.name}.${n.pulse}`,
            figure: tickS >= PULSE_TICK_S ? "lowest" : "total",
            atLeast: 1,
            during: "window",
          },
        ]
  if (plane === "ledger")
    return [
      { claim: "keeps", network: victim.name, atLeast: { percent: 99 }, during: "window" },
      ...(depthPermille === 1000 && victim.pulse !== undefined
        ? [
            {
              claim: "reads" as const,
              metric: `${victim.name}.${victim.pulse}`,
              figure: "lowest" as const,
              atMost: 0,
              during: "window" as const,
            },
          ]
        : []),
    ]
  const near = networks.flatMap(goesOn)
  if (cause !== "provider") return near
  const others = networks.filter((n) => n !== victim)
  return [
    ...(plane === "control"
      ? [{ claim: "keeps" as const, network: victim.name, atLeast: { percent: 99 }, during: "window" as const }]
      : []),
    ...(plane === "service" && isImposed && depthPermille >= 100
      ? others.map((n) => ({ claim: "servesMoreThan" as const, network: n.name, than: victim.name, during: "window" as const }))
      : []),
    ...near,
  ]
}
