/**
 * The quorum: who orders this chain's blocks, and with what weight. Like the gate it is a network to the kernel, so that its events stand
 * in the log, as the third stream of a chain whose genesis names validators, and every engine that is given the same blocks folds the
 * same set. Power follows bonded test stake; a key that signed two blocks at one height is out for good, and its stake stays bonded.
 */
import { createHash } from "node:crypto"
import { network, type AnyNetwork } from "../../protocol/kernel/network.ts"
import { params } from "../../protocol/kernel/param.ts"
import type { Invariants } from "../../protocol/kernel/invariant.ts"
import { command, event, type EventType } from "../../protocol/kernel/row-type.ts"
import { filled, paged, table, touchRow, type Columns, type Table } from "../../protocol/kernel/table.ts"
import { amount, count, count32, milliseconds, seconds, unit } from "../../protocol/kernel/unit.ts"
import { copy } from "./gate.ts"
import { append, fromWords, words } from "./words.ts"

/** The name that commands about validators carry as their network. */
export const VALIDATORS = "validators"
export const BONDED = 1
export const LEAVING = 2
export const LEFT = 3
export const JAILED = 4
/** Smallest units of test stake that are one unit of power: a whole token. */
export const ATTO_PER_POWER = 10n ** 18n
export const VALIDATORS_MAX = 100
/**
 * How long evidence of a double signature is heard, in blocks and in milliseconds of the engine's clock: it is void when both are over.
 * Stake stays bonded as long. The same two numbers stand in the engine's own genesis.
 */
export const EVIDENCE_BLOCKS = 20_000
export const EVIDENCE_MS = 3_600_000

const validatorIndex = unit("validator", "u32")
const accountIndex = unit("account", "u32")
const validatorShape = {
  account: accountIndex,
  ...words("k"),
  stakeAtto: amount,
  status: unit("1 bonded, 2 leaving, 3 left, 4 jailed", "u8", BONDED, JAILED),
  bondedS: seconds,
  leftHeight: count,
  leftMs: milliseconds,
} as const
const clockShape = { headerMs: milliseconds, carryMilli: count32, height: count } as const

export interface QuorumState {
  readonly validator: Table<typeof validatorShape>
  readonly clock: Table<typeof clockShape>
}

const events = {
  HeaderRead: event("A block came with the validators' own median time.", {
    height: count,
    headerMs: milliseconds,
    carryMilli: count32,
  }),
  ValidatorBonded: event("A consensus key got stake behind it.", {
    account: accountIndex,
    ...words("k"),
    stakeAtto: amount,
    bondedS: seconds,
  }),
  StakeAdded: event("A validator's stake grew.", { validator: validatorIndex, stakeAtto: amount }),
  ValidatorUnbonded: event("A validator gave up its place; its stake is held until evidence is void.", {
    validator: validatorIndex,
    height: count,
    headerMs: milliseconds,
  }),
  ValidatorReleased: event("Held stake came free.", { validator: validatorIndex }),
  ValidatorJailed: event("A key signed two blocks at one height: it is out for good.", {
    validator: validatorIndex,
    height: count,
  }),
} as const
type Events = typeof events
export type QuorumEvent = keyof Events

const evolve: {
  readonly [K in QuorumEvent]: (s: QuorumState, rows: Columns<Events[K]["shape"]>, begin: number, end: number) => void
} = {
  HeaderRead({ clock }, rows, _begin, end) {
    clock.headerMs[0] = rows.headerMs[end - 1]
    clock.carryMilli[0] = rows.carryMilli[end - 1]
    clock.height[0] = rows.height[end - 1]
  },
  ValidatorBonded({ validator }, rows, begin, end) {
    for (let i = begin; i < end; i++) append(validator, rows, i, { status: BONDED })
  },
  StakeAdded({ validator }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      validator.stakeAtto.add(rows.validator[i], rows.stakeAtto.hi[i], rows.stakeAtto.lo[i])
      touchRow(validator, rows.validator[i])
    }
  },
  ValidatorUnbonded({ validator }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const v = rows.validator[i]
      validator.status[v] = LEAVING
      validator.leftHeight[v] = rows.height[i]
      validator.leftMs[v] = rows.headerMs[i]
      touchRow(validator, v)
    }
  },
  ValidatorReleased({ validator }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      validator.status[rows.validator[i]] = LEFT
      touchRow(validator, rows.validator[i])
    }
  },
  ValidatorJailed({ validator }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      validator.status[rows.validator[i]] = JAILED
      touchRow(validator, rows.validator[i])
    }
  },
}

const invariants: Invariants<QuorumState> = {
  somebody_orders: {
    because: "A chain whose last validator left could never decide anything again.",
    check({ validator }, report) {
      let bonded = 0
      for (let i = 0; i < validator.length; i++) if (validator.status[i] === BONDED) bonded++
      report.require(validator.length === 0 || bonded > 0, () => `none of ${validator.length} validators is bonded`)
    },
  },
  bonded_have_power: {
    because: "A validator without power is none to the engine.",
    check({ validator }, report) {
      for (let i = 0; i < validator.length; i++)
        if (validator.status[i] === BONDED && validator.stakeAtto.get(i) < ATTO_PER_POWER)
          report.require(false, () => `validator ${i} is bonded with ${validator.stakeAtto.get(i)}`)
    },
  },
}

export const quorum: AnyNetwork = network<QuorumState, any, any, any, never>({
  name: "quorum",
  because: "The validators of a live chain, and the clock they agree on.",
  service: { unit: "none", because: "A quorum serves nobody." },
  nodeWord: "validator",
  commands: Object.fromEntries(
    Object.entries(events).map(([name, e]) => [name, command((e as EventType).because, (e as EventType).shape, [name], "batch")]),
  ),
  events,
  refusals: {} as Record<never, string>,
  params: params({}),
  presets: { as_is: { because: "There is one quorum.", values: {} } },
  defaultPreset: "as_is",
  genesis: () => ({ validator: paged(table(validatorShape, 16)), clock: filled(clockShape, 1) }),
  tables: (s) => ({ validator: s.validator, clock: s.clock }),
  seldom: ["validator"],
  decide: Object.fromEntries(Object.keys(events).map((name) => [name, copy(name)])) as never,
  evolve: evolve as never,
  cadences: {},
  invariants,
  metrics: {},
  nodeMeasures: {},
  inhabit: {
    profile: "none",
    facilities: [],
    demandMilliPerNodeMinute: () => 0,
    enter: () => ({ arrive() {}, act() {}, serve: () => ({ offeredMilli: 0, servedMilli: 0, degradedMilli: 0 }) }),
  },
  sabotage: {
    somebody_orders: (s) => void s.validator.status.fill(LEFT),
    bonded_have_power: (s) => void s.validator.stakeAtto.set(0, 1n),
  },
})

export const powerOf = (stakeAtto: bigint): bigint => stakeAtto / ATTO_PER_POWER
export const consensusKeyOf = (validator: QuorumState["validator"], i: number): Uint8Array => fromWords(validator, "k", i)
/** CometBFT's address of an Ed25519 key: the first 20 bytes of its SHA-256, in lower-case hex. */
export const addressOf = (key: Uint8Array): string => createHash("sha256").update(key).digest("hex").slice(0, 40)
