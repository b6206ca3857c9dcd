/**
 * The mechanisms by example, for any network that embeds them: the example network's own stories, told in the words of `part.ts`, and what is told
 * only here. A network adds them to its examples, so that its exam sits them too.
 */
import { DAY, HOUR } from "../../kernel/clock.ts"
import type { Asked, Example, Step } from "../../kernel/example.ts"
import { NODES } from "../example/story.ts"
import { examples as stories } from "../example/examples.ts"
import { example } from "../example/index.ts"
import { resilienceParams } from "./params.ts"

const COMMANDS: Readonly<Record<string, string>> = {
  RegisterNode: "EnrolNode",
  DeclareDomains: "DeclareFate",
  RetireNode: "WithdrawNode",
  FundNode: "BringCredit",
  ReportDuty: "ReportHealth",
}
const EVENTS: Readonly<Record<string, string>> = {
  NodeRegistered: "NodeEnrolled",
  DomainsDeclared: "FateDeclared",
  NodeRetired: "NodeWithdrawn",
  NodeFunded: "CreditBrought",
  DutyReported: "HealthReported",
}
const CADENCES: Readonly<Record<string, string>> = { minute: "resilienceMinute", hour: "resilienceRound" }
/** The example's own economy, and what only its registry says. */
const DROPPED: ReadonlySet<string> = new Set(["LocationAsserted", "RewardPaid", "HourClosed", "PenaltyTaken"])
const UNSAID: ReadonlySet<string> = new Set(["location_is_unchanged", "location_is_asserted_too_often"])

function tell(asked: Asked): Asked {
  const { type, work: _, ...row } = asked as Asked & { readonly work?: number }
  return { ...(type === "ReportDuty" ? row : { ...asked }), type: COMMANDS[type] ?? type } as Asked
}
const retell = (step: Step): Step =>
  "settle" in step
    ? { ...step, settle: CADENCES[step.settle] }
    : "ask" in step
      ? { ask: step.ask.filter((a) => a.type !== "AssertLocation").map(tell) }
      : step

/** The example network's defaults where they differ from a real network's: there every mechanism is on. */
const AS_IN_EXAMPLE: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    Object.entries(example.params)
      .filter(
        ([name, p]) => name in resilienceParams && resilienceParams[name as keyof typeof resilienceParams].default !== p.default,
      )
      .map(([name, p]) => [name, p.default]),
  ),
  serviceUnitsPerNode: example.params.unitsPerNode.default,
}

const T = 20_410 * DAY
const all = [0, 1, 2]
const enrol: readonly Asked[] = [
  ...all.map((node) => ({ type: "EnrolNode", node, owner: 1 + node, at: T })),
  ...all.map((node) => ({
    type: "DeclareFate",
    node,
    country: node === 0 ? 1 : 2,
    asn: 7,
    provider: 0,
    client: 0,
    grid: 0,
    at: T,
  })),
]

/** Examples for a network that embeds the mechanisms. Their nodes have nothing to do with its own. */
export const resilienceExamples: readonly Example[] = [
  ...stories
    .filter(({ refusals }) => !refusals.includes("location_is_asserted_too_often"))
    .map((story) => ({
      ...story,
      params: { ...AS_IN_EXAMPLE, ...story.params },
      steps: story.steps.map(retell),
      events: story.events.filter((e) => !DROPPED.has(e)).map((e) => EVENTS[e] ?? e),
      refusals: story.refusals.filter((r) => !UNSAID.has(r)),
    })),
  {
    name: "who is alone in a country weighs more than two who share one, from the first midnight on",
    nodes: 3,
    params: { diversityBetaMilli: 1000, diversityKinds: 1 },
    steps: [{ ask: enrol }, { settle: "resilienceRound", at: T + HOUR }, { settle: "resilienceRound", at: T + DAY }],
    events: ["NodeEnrolled", "FateDeclared", "NodeWeighed"],
    refusals: [],
  },
  {
    name: "who did not join cannot bring credit or speak of its health",
    nodes: 3,
    steps: [
      {
        ask: [
          { type: "BringCredit", node: 0, amount: 1, at: T },
          { type: "ReportHealth", node: 9, proving: 1, at: T },
        ],
      },
    ],
    events: [],
    refusals: ["node_is_unknown", "node_is_outside_the_registry"],
  },
]
export const RESILIENCE_NODES = NODES
