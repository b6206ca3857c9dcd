/**
 * The gate: what a live chain knows beside its network. Whose keys are admitted, which nonces are used, what test stake is left,
 * which sectors were announced and sealed, and the seeds that challenge them.
 *
 * It is a network to the kernel, so its events stand in the log as the second stream and a replay folds them like any others. What
 * may become an event is decided in admission.ts, because it takes signatures and proofs to know.
 */
import type { Invariants } from "../../protocol/kernel/invariant.ts"
import { network, type AnyNetwork } from "../../protocol/kernel/network.ts"
import { params } from "../../protocol/kernel/param.ts"
import { command, event, type EventType } from "../../protocol/kernel/row-type.ts"
import {
  filled,
  reserve,
  table,
  touchRow,
  paged,
  type AnyTable,
  type Columns,
  type Shape,
  type Table,
} from "../../protocol/kernel/table.ts"
import { amount, count, count32, flag, nodeIndex, seconds, unit } from "../../protocol/kernel/unit.ts"
import { evolveLease, leaseEvents, leaseTables, type LeaseGate } from "./gate-lease.ts"
import { evolveRender, renderEvents, renderTables, type RenderGate } from "./gate-render.ts"
import { append, words } from "./words.ts"
import { coverageEvents, coverageTables, evolveCoverage, type CoverageGate } from "./gate-coverage.ts"

const account = unit("account", "u32")
const sectorIndex = unit("sector", "u32")
const windowIndex = unit("window (Unix)", "u32")

export const ANNOUNCED = 1
export const SEALED = 2
export const DROPPED = 3
const accountShape = {
  ...words("k"),
  node: nodeIndex,
  nonce: count,
  grantedAtto: amount,
  spentAtto: amount,
  sectors: count32,
  closed: flag,
  openedS: seconds,
} as const
const sectorShape = {
  account,
  number: unit("sector of its account", "u32"),
  ...words("d"),
  ...words("c"),
  ...words("r"),
  announcedS: seconds,
  status: unit("1 announced, 2 sealed, 3 dropped", "u8", ANNOUNCED, DROPPED),
  deadline: unit("deadline", "u16"),
  /** The window it was last proven in. */
  provenWindow: windowIndex,
} as const
const seedShape = { window: windowIndex, ...words("s") } as const
const controlShape = {
  height: count,
  timeS: seconds,
  commands: count,
  refused: count,
  grants: count32,
  grantDay: count32,
} as const

export interface GateState extends CoverageGate, LeaseGate, RenderGate {
  readonly account: Table<typeof accountShape>
  readonly sector: Table<typeof sectorShape>
  readonly seed: Table<typeof seedShape>
  readonly control: Table<typeof controlShape>
}

const events = {
  ...leaseEvents,
  ...renderEvents,
  ...coverageEvents,
  BlockBegun: event("The ledger began a block.", { height: count, timeS: seconds }),
  SeedDrawn: event("A window began, with the chain's own randomness.", seedShape),
  AccountOpened: event("A key was admitted and got a node's place and its test stake.", {
    ...words("k"),
    node: nodeIndex,
    grantedAtto: amount,
    openedS: seconds,
    day: count32,
  }),
  AccountClosed: event("A key left for good.", { account }),
  CommandCounted: event("A signed command was taken up, whatever became of it.", { account, nonce: count, refused: flag }),
  StakeSpent: event("Test stake went into the network.", { account, amountAtto: amount }),
  SectorAnnounced: event("A sealed sector was committed to.", {
    account,
    number: sectorShape.number,
    ...words("d"),
    ...words("c"),
    ...words("r"),
    announcedS: seconds,
  }),
  SectorDropped: event("An announced sector was never proven.", { sector: sectorIndex }),
  SectorSealed: event("A sector's seal was proven, and the network gave it a deadline.", {
    sector: sectorIndex,
    deadline: sectorShape.deadline,
  }),
  PossessionShown: event("A sealed sector's challenged leaves were shown.", { sector: sectorIndex, window: windowIndex }),
} as const
type Events = typeof events
export type GateEvent = keyof Events

const commands = Object.fromEntries(
  Object.entries(events).map(([name, e]) => [name, command((e as EventType).because, (e as EventType).shape, [name], "batch")]),
)

/** Decided already: a command becomes its event unchanged. */
const copy =
  (type: string) =>
  (_: unknown, rows: Columns<Shape>, begin: number, end: number, to: { out: Record<string, AnyTable> }): void => {
    const out = to.out[type]
    reserve(out, end - begin)
    const j = out.length
    for (const name of Object.keys(out.shape)) {
      const from = rows[name] as unknown as { hi?: Float64Array; lo: Float64Array } & Float64Array
      const into = (out as unknown as Record<string, typeof from>)[name]
      for (let i = begin; i < end; i++)
        if (into.hi !== undefined) {
          into.hi[j + i - begin] = from.hi![i]
          into.lo[j + i - begin] = from.lo[i]
        } else into[j + i - begin] = from[i]
    }
    out.length = j + end - begin
  }

const evolve: {
  readonly [K in GateEvent]: (s: GateState, rows: Columns<Events[K]["shape"]>, begin: number, end: number) => void
} = {
  ...evolveLease,
  ...evolveRender,
  ...evolveCoverage,
  BlockBegun({ control }, rows, _begin, end) {
    control.height[0] = rows.height[end - 1]
    control.timeS[0] = rows.timeS[end - 1]
  },
  SeedDrawn({ seed }, rows, begin, end) {
    for (let i = begin; i < end; i++) append(seed, rows, i, {})
  },
  AccountOpened({ account: all, control }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      append(all, rows, i, {})
      // The authority asks for nothing.
      if (!rows.grantedAtto.covers(i, 0, 1)) continue
      if (control.grantDay[0] !== rows.day[i]) control.grants[0] = 0
      control.grantDay[0] = rows.day[i]
      control.grants[0]++
    }
  },
  AccountClosed({ account: all }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      all.closed[rows.account[i]] = 1
      touchRow(all, rows.account[i])
    }
  },
  CommandCounted({ account: all, control }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      // The authority's account is the first; every counted command has one.
      all.nonce[rows.account[i]] = rows.nonce[i]
      touchRow(all, rows.account[i])
      control.commands[0]++
      control.refused[0] += rows.refused[i]
    }
  },
  StakeSpent({ account: all }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      all.spentAtto.add(rows.account[i], rows.amountAtto.hi[i], rows.amountAtto.lo[i])
      touchRow(all, rows.account[i])
    }
  },
  SectorAnnounced({ account: all, sector }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      append(sector, rows, i, { status: ANNOUNCED, deadline: 0xffff })
      all.sectors[rows.account[i]]++
      touchRow(all, rows.account[i])
    }
  },
  SectorDropped({ sector }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      sector.status[rows.sector[i]] = DROPPED
      touchRow(sector, rows.sector[i])
    }
  },
  SectorSealed({ sector }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      sector.status[rows.sector[i]] = SEALED
      sector.deadline[rows.sector[i]] = rows.deadline[i]
      touchRow(sector, rows.sector[i])
    }
  },
  PossessionShown({ sector }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      sector.provenWindow[rows.sector[i]] = rows.window[i]
      touchRow(sector, rows.sector[i])
    }
  },
}

const invariants: Invariants<GateState> = {
  stake_spent_was_granted: {
    because: "Test stake comes from the faucet only.",
    check({ account: all }, report) {
      for (let i = 0; i < all.length; i++)
        if (!all.grantedAtto.covers(i, all.spentAtto.hi[i], all.spentAtto.lo[i]))
          report.require(false, () => `account ${i} spent ${all.spentAtto.get(i)} of ${all.grantedAtto.get(i)} granted`)
    },
  },
  sectors_have_accounts: {
    because: "A sector is somebody's.",
    check({ account: all, sector }, report) {
      let counted = 0
      for (let i = 0; i < all.length; i++) counted += all.sectors[i]
      report.require(counted === sector.length, () => `accounts count ${counted} sectors, there are ${sector.length}`)
    },
  },
}

/** The gate as a network of the kernel. It starts empty: the authority's account is opened by the genesis block. */
export const gate: AnyNetwork = network<GateState, any, any, any, never>({
  name: "gate",
  because: "Keys, nonces, test stake, sealed sectors and seeds of a live chain.",
  service: { unit: "none", because: "A gate serves nobody." },
  nodeWord: "account",
  commands,
  events,
  refusals: {} as Record<never, string>,
  params: params({}),
  presets: { as_is: { because: "There is one gate.", values: {} } },
  defaultPreset: "as_is",
  genesis: () => ({
    account: paged(table(accountShape, 16)),
    sector: paged(table(sectorShape, 16)),
    seed: paged(table(seedShape, 64)),
    control: filled(controlShape, 1),
    ...leaseTables(),
    ...renderTables(),
    ...coverageTables(),
  }),
  tables: (s) => ({ ...s }) as unknown as Record<string, AnyTable>,
  seldom: ["account", "sector", "seed", "endpoint", "site", "watch", "picture", "tile", "standing"],
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
    stake_spent_was_granted: (s) => void s.account.spentAtto.set(0, s.account.grantedAtto.get(0) + 1n),
    sectors_have_accounts: (s) => void s.account.sectors[0]++,
  },
})
