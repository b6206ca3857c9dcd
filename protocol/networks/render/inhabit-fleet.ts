/**
 * The machines and their operators' hands: who is there, what is rendered when, and what reaches the matchmaker. A machine renders its
 * cohort frame by frame; when it goes dark, the frame in its memory is lost and the ones before it were uploaded.
 */
import type { InhabitContext } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { below, stream } from "../../kernel/random.ts"
import { addRow } from "../../kernel/table.ts"
import { count16, count32, flag, seconds, unit } from "../../kernel/unit.ts"
import { patienceShape } from "../../markets/operator-economics.ts"
import type { Commands } from "./commands.ts"
import { gpuOf } from "./gpu.ts"
import { Cheats, cheatShape, SOUND, THIEF } from "./inhabit-cheats.ts"
import type { RenderParams } from "./params.ts"
import type { State } from "./state.ts"
import { COMPUTE, ENTERPRISE, RENDERING, SILENT } from "./units.ts"
import { frameSeconds } from "./work.ts"

/** What people and machines remember, one row a node and the creator near it; row 0 also keeps what concerns all. */
export const memoryShape = {
  ...patienceShape,
  ...cheatShape,
  /** 1 while the machine was last seen running and connected; since when it has not been; when it last came back. */
  there: flag,
  downS: seconds,
  backS: seconds,
  /** Its operator has gone. */
  away: flag,
  /** Of the creator: frames counted as served so far, jobs that never left her desk, wrong frames she got. */
  dueSeen: unit("frames", "safe", 0),
  onTimeSeen: unit("frames", "safe", 0),
  lost: count32,
  wrong: count32,
  /** Row 0: jobs wanted up to here were submitted; how far artists have been lost, and the counts of yesterday. */
  submittedS: seconds,
  lostPermille: count16,
  dueDay: unit("frames", "safe", 0),
  onTimeDay: unit("frames", "safe", 0),
} as const
export type Memory = {
  readonly [K in keyof typeof memoryShape]: (typeof memoryShape)[K]["store"] extends "safe"
    ? Float64Array
    : (typeof memoryShape)[K]["store"] extends "u32"
      ? Uint32Array
      : (typeof memoryShape)[K]["store"] extends "u16"
        ? Uint16Array
        : Uint8Array
}

const RAM_GB = 64
const BLOCK = 16
const DAY_S = 86_400
/** Machines of the start joined over three years before it, evenly. ASSUMPTION. */
const AGE_DAYS_MAX = 3 * 365
const ENTERPRISE_PERMILLE = 100
const ENTERPRISE_MULTIPLIER_MIN = 1200

export type Context = InhabitContext<State, Commands>

export interface Fleet {
  readonly arrive: (v: Values<RenderParams>, atS: number) => void
  /** Sees what changed in the world at `atS`; `heard`: the service takes uploads. */
  readonly look: (v: Values<RenderParams>, atS: number, heard: boolean) => void
  /** Everything due by `atS`: sessions opened and lost, frames delivered. `checked`: of the checks that should be made, those that are, in permille. */
  readonly advance: (v: Values<RenderParams>, atS: number, checked: number) => void
  /** The node's frames or its operator's mind changed. */
  readonly refresh: (v: Values<RenderParams>, n: number) => void
  readonly cheats: Cheats
  readonly wattsOf: (n: number) => number
}

export function makeFleet({ habitat, state, commands, memory: table, submit }: Context): Fleet {
  const { nodes, running, throughPermille } = habitat
  const { job, node } = state
  const memory = table as unknown as Memory
  const cards = stream(habitat.seed, "render/gpu")
  const kinds = stream(habitat.seed, "render/kind")
  const ages = stream(habitat.seed, "render/age")
  const cheats = new Cheats(habitat.seed)
  const checks = stream(habitat.seed, "render/check")
  const uploads = stream(habitat.seed, "render/upload")
  // When something of a node falls due next: computed from truth, memory and public state, so a snapshot needs none of it.
  const dueS = new Float64Array(nodes)
  // No node of a block is due before this: most blocks need no look.
  const blockS = new Float64Array(Math.ceil(nodes / BLOCK))
  const touched = new Uint32Array(nodes)
  let seenTruth = -1

  const isThere = (n: number): boolean => running[n] === 1 && throughPermille[n] > 0 && memory.away[n] === 0
  /** By default a cheat takes its time too: haste would give it away. */
  const secondsPerFrame = (v: Values<RenderParams>, n: number): number => {
    const sound = frameSeconds(job.milliObh[node.job[n] - 1], node.ob[n])
    return v.fakerHastePermille === 1000 || cheats.roleOf(v, n) === SOUND
      ? sound
      : Math.max(1, Math.floor((sound * 1000) / v.fakerHastePermille))
  }
  const startOf = (n: number): number => Math.max(node.assignedS[n], memory.backS[n])

  const refresh = (v: Values<RenderParams>, n: number): void => {
    if (node.registered[n] === 0) dueS[n] = Infinity
    else if (node.connected[n] === 0) dueS[n] = memory.there[n] === 1 && memory.away[n] === 0 ? 0 : Infinity
    else if (memory.there[n] === 0) dueS[n] = memory.downS[n] + v.nodeTimeoutS
    else if (node.job[n] === 0) dueS[n] = Infinity
    else dueS[n] = startOf(n) + node.frames[n] * secondsPerFrame(v, n)
    const b = Math.floor(n / BLOCK)
    if (dueS[n] < blockS[b]) blockS[b] = dueS[n]
  }

  const deliver = (n: number, frames: number, failed: number, atS: number): void => {
    const to = commands.DeliverFrames
    const r = addRow(to)
    to.node[r] = n
    to.frames[r] = frames
    to.failed[r] = failed
    to.atS[r] = atS
  }

  return {
    cheats,
    refresh,
    wattsOf: (n) => gpuOf(below(cards, 1000, n)).watts,

    arrive(v, atS) {
      const { of: operators } = habitat.places.domains.operator
      const wallets = new Map<number, number>()
      for (let n = 0; n < nodes; n++) {
        const card = gpuOf(below(cards, 1000, n))
        const isCompute = v.subnetOn === 1 && below(kinds, 1000, n) < v.computeNodesPermille
        const isEnterprise = isCompute && v.enterpriseOn === 1 && below(kinds, 1000, n, 1) < ENTERPRISE_PERMILLE
        // A wallet is known by its first node.
        if (!wallets.has(operators[n])) wallets.set(operators[n], n)
        const to = commands.RegisterNode
        const r = addRow(to)
        to.node[r] = n
        to.wallet[r] = wallets.get(operators[n])!
        to.kind[r] = isEnterprise ? ENTERPRISE : isCompute ? COMPUTE : RENDERING
        to.ob[r] = card.ob
        to.vramGb[r] = card.vramGb
        to.ramGb[r] = RAM_GB
        to.multiplierPermille[r] = isEnterprise
          ? Math.max(ENTERPRISE_MULTIPLIER_MIN, card.multiplierPermille)
          : card.multiplierPermille
        to.sinceS[r] = Math.max(0, atS - DAY_S * below(ages, AGE_DAYS_MAX, n))
        to.atS[r] = atS
        if (isThere(n)) {
          const connect = commands.ConnectNode
          const c = addRow(connect)
          connect.node[c] = n
          connect.atS[c] = atS
          memory.there[n] = 1
        }
      }
      submit("RegisterNode")
      submit("ConnectNode")
    },

    look(v, atS, heard) {
      if (seenTruth === habitat.truthVersion()) return
      seenTruth = habitat.truthVersion()
      for (let n = 0; n < nodes; n++) {
        const there = isThere(n) ? 1 : 0
        if (there === memory.there[n]) continue
        memory.there[n] = there
        if (there === 1) memory.backS[n] = atS
        else {
          memory.downS[n] = atS
          if (!heard || node.connected[n] === 0 || node.job[n] === 0) continue
          const done = Math.min(node.frames[n] - 1, Math.floor((atS - startOf(n)) / secondsPerFrame(v, n)))
          if (done <= 0 || cheats.roleOf(v, n) !== SOUND) continue
          memory.workS[n] += done * secondsPerFrame(v, n)
          deliver(n, done, 0, atS)
        }
      }
      submit("DeliverFrames")
      for (let n = 0; n < nodes; n++) refresh(v, n)
    },

    advance(v, atS, checked) {
      let count = 0
      for (let b = 0; b < blockS.length; b++) {
        if (blockS[b] > atS) continue
        const end = Math.min(nodes, (b + 1) * BLOCK)
        let earliest = Infinity
        for (let n = b * BLOCK; n < end; n++)
          if (dueS[n] <= atS) touched[count++] = n
          else if (dueS[n] < earliest) earliest = dueS[n]
        blockS[b] = earliest
      }
      if (count === 0) return
      for (let k = 0; k < count; k++) {
        const n = touched[k]
        if (node.connected[n] === 0) {
          const to = commands.ConnectNode
          const r = addRow(to)
          to.node[r] = n
          to.atS[r] = atS
        } else if (memory.there[n] === 0) {
          const to = commands.DropNode
          const r = addRow(to)
          to.node[r] = n
          to.cause[r] = SILENT
          to.atS[r] = atS
        } else {
          if (throughPermille[n] < 1000 && below(uploads, 1000, n, atS) >= throughPermille[n]) {
            // It tries again in the next round: `refresh` puts its block back.
            continue
          }
          const frames = node.frames[n]
          const j = node.job[n] - 1
          const fakes = cheats.fakes(v, state, n, j, frames)
          let failed = 0
          if (fakes > 0) {
            // Whole frames, and the rest by a draw.
            failed = Math.min(
              fakes,
              Math.floor((fakes * cheats.checkPermille(v, n, checked) + below(checks, 1000, n, atS)) / 1000),
            )
            memory.wrong[job.creator[j]] += fakes - failed
            memory.wrongAll[0] += fakes - failed
            if (cheats.roleOf(v, n) === THIEF) memory.stolenAll[0] += fakes - failed
          }
          memory.workS[n] += (frames - fakes) * frameSeconds(job.milliObh[j], node.ob[n])
          deliver(n, frames - failed, failed, atS)
        }
      }
      submit("DeliverFrames")
      submit("DropNode")
      submit("ConnectNode")
      for (let k = 0; k < count; k++) refresh(v, touched[k])
    },
  }
}
