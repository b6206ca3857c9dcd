/** Newcomer by example, as data: together they write every event and reach every refusal. */
import { DAY, HOUR } from "../../kernel/clock.ts"
import { examplesFor } from "../../kernel/example.ts"
import type { Fact } from "../../kernel/row-type.ts"
import type { Commands } from "./commands.ts"
import { newcomer } from "./index.ts"

/** 2026-01-01T00:00:00Z. */
const T = 20_454 * DAY

type Ask = Fact<Commands>
const join = (node: number, atS = T): Ask => ({ type: "JoinNetwork", node, atS })
const prove = (node: number, atS: number): Ask => ({ type: "SubmitProof", node, atS })

export const examples = examplesFor(newcomer)([
  {
    name: "two nodes prove themselves, and share the day's reward by their proofs",
    nodes: 3,
    params: { dailyPool: 100 },
    steps: [{ ask: [join(0), join(1)] }, { ask: [prove(0, T), prove(1, T), prove(0, T + HOUR)] }, { settle: "day", at: T + DAY }],
    events: ["NodeJoined", "ProofAccepted", "PoolMinted", "NodePaid", "DayClosed"],
    refusals: [],
  },
  {
    name: "one of two nodes falls silent: an alarm, which its next proof clears",
    nodes: 2,
    params: { silentSeconds: 2 * HOUR, alarmPermille: 500 },
    steps: [
      { ask: [join(0), join(1), prove(0, T), prove(1, T)] },
      { ask: [prove(0, T + HOUR)] },
      { settle: "hour", at: T + 2 * HOUR },
      { ask: [prove(1, T + 2 * HOUR), prove(0, T + 2 * HOUR)] },
      { settle: "hour", at: T + 3 * HOUR },
    ],
    events: ["NodeJoined", "ProofAccepted", "NodeFellSilent", "AlarmRaised", "AlarmCleared"],
    refusals: [],
  },
  {
    name: "who is unknown, joins twice, has not joined or proves too often is refused",
    nodes: 2,
    steps: [{ ask: [join(0), join(0), join(2), prove(2, T), prove(1, T)] }, { ask: [prove(0, T), prove(0, T + 60)] }],
    events: ["NodeJoined", "ProofAccepted"],
    refusals: ["unknown_node", "already_joined", "not_joined", "proof_too_soon"],
  },
  {
    name: "a rule changes: proofs may come twice as often from now on",
    nodes: 1,
    steps: [{ ask: [join(0), prove(0, T)] }, { change: "proveEverySeconds", value: HOUR / 2 }, { ask: [prove(0, T + HOUR / 2)] }],
    events: ["NodeJoined", "ProofAccepted", "ParameterChanged"],
    refusals: [],
  },
])
