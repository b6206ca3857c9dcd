/** The door of real storage: checks announcements, seals and proofs of possession against what the gate keeps of their sectors. */
import type { Live } from "../../protocol/kernel/live.ts"
import {
  challengesOf,
  isPossession,
  isSeal,
  nodesOf,
  POSSESSION_CHALLENGES,
  replicaId,
  SEAL_CHALLENGES,
  type Commitments,
} from "../../protocol/proofs/sealed-sector.ts"
import { depthOf, HASH_BYTES } from "../../protocol/proofs/merkle.ts"
import type { AnyTable } from "../../protocol/kernel/table.ts"
import { sha256, type SignedCommand } from "./command.ts"
import type { Door, Host } from "./doors.ts"
import { ANNOUNCED, SEALED, type GateState } from "./gate.ts"
import { fromWords, toWords } from "./words.ts"
import type { DoorRefusal } from "./refusals.ts"

/** Sectors of one announcement. */
export const BATCH_MAX = 8
const COMMITMENTS = 3 * HASH_BYTES

/** The 32-byte seed of a window, or undefined before it is drawn. */
export function seedOf({ seed }: GateState, window: number): Uint8Array | undefined {
  if (seed.length === 0) return undefined
  const i = window - seed.window[0]
  return i >= 0 && i < seed.length ? fromWords(seed, "s", i) : undefined
}

/** The window whose seed challenges the seal of a sector announced at `announcedS`: the first to begin after the delay. */
export const sealWindow = (live: Live, announcedS: number): number =>
  Math.floor((announcedS + live.storage!.sealDelaySeconds) / live.windowSeconds) + 1

/** The commitments in an announcement's evidence, `count` of them; undefined when it has another form. */
export function readAnnouncement(evidence: Uint8Array, count: number): readonly Commitments[] | undefined {
  if (count < 1 || count > BATCH_MAX || evidence.length !== count * COMMITMENTS) return undefined
  return Array.from({ length: count }, (_, k) => {
    const part = (n: number): Uint8Array =>
      evidence.slice(k * COMMITMENTS + n * HASH_BYTES, k * COMMITMENTS + (n + 1) * HASH_BYTES)
    return { commD: part(0), commC: part(1), commR: part(2) }
  })
}

/** Rows of an account's sectors in a status. */
export function sectorsOf({ sector }: GateState, account: number, status: number, deadline?: number): readonly number[] {
  const rows: number[] = []
  for (let i = 0; i < sector.length; i++)
    if (
      sector.account[i] === account &&
      sector.status[i] === status &&
      (deadline === undefined || sector.deadline[i] === deadline)
    )
      rows.push(i)
  return rows
}

/** Checks the seals of everything the account has announced; the sectors proven, or why not. */
export function checkSeals(
  gate: GateState,
  live: Live,
  account: number,
  { key, evidence }: SignedCommand,
  sectorBytes: number,
): readonly number[] | DoorRefusal {
  const announced = sectorsOf(gate, account, ANNOUNCED)
  if (announced.length === 0) return announced
  const seed = seedOf(gate, sealWindow(live, gate.sector.announcedS[announced[0]]))
  if (seed === undefined) return "seed_is_not_drawn"
  const nodes = nodesOf(sectorBytes)
  const size = evidence.length / announced.length
  if (!Number.isInteger(size)) return "evidence_is_invalid"
  for (const [k, i] of announced.entries()) {
    const { sector } = gate
    const number = sector.number[i]
    const commD = fromWords(sector, "d", i)
    const commitments = { commD, commC: fromWords(sector, "c", i), commR: fromWords(sector, "r", i) }
    const id = replicaId(sha256, key, number, commD)
    const proof = evidence.subarray(k * size, (k + 1) * size)
    if (!isSeal(sha256, commitments, id, nodes, challengesOf(seed, number, nodes, SEAL_CHALLENGES), proof))
      return "evidence_is_invalid"
  }
  return announced
}

/** Bytes of one sector's part of a window's proof: its row at the gate, and its opened leaves. */
export const possessionBytes = (sectorBytes: number): number =>
  4 + POSSESSION_CHALLENGES * (1 + depthOf(nodesOf(sectorBytes))) * HASH_BYTES

/** Checks the leaves of every sector in a window's proof; the sectors shown, or why not. */
export function checkPossession(
  gate: GateState,
  live: Live,
  account: number,
  deadline: number,
  time: number,
  evidence: Uint8Array,
  sectorBytes: number,
): readonly number[] | DoorRefusal {
  const seed = seedOf(gate, Math.floor(time / live.windowSeconds))
  if (seed === undefined) return "seed_is_not_drawn"
  const nodes = nodesOf(sectorBytes)
  const size = possessionBytes(sectorBytes)
  if (evidence.length === 0 || evidence.length % size !== 0) return "evidence_is_invalid"
  const shown: number[] = []
  const view = new DataView(evidence.buffer, evidence.byteOffset, evidence.length)
  for (let at = 0; at < evidence.length; at += size) {
    const i = view.getUint32(at, true)
    const { sector } = gate
    const isMine =
      i < sector.length && sector.account[i] === account && sector.status[i] === SEALED && sector.deadline[i] === deadline
    // In ascending order, so that none is shown twice.
    if (!isMine || (shown.length > 0 && i <= shown[shown.length - 1])) return "evidence_is_invalid"
    const challenges = challengesOf(seed, sector.number[i], nodes, POSSESSION_CHALLENGES)
    if (!isPossession(sha256, fromWords(sector, "r", i), nodes, challenges, evidence.subarray(at + 4, at + size)))
      return "evidence_is_invalid"
    shown.push(i)
  }
  return shown
}

/** Books of real sectors: they move only where the network's rules took the command. */
export function storageDoor(host: Host): Door {
  const { gate, live, machine, genesis } = host
  const { sectorBytes } = genesis
  const door = live.storage!

  function announce(account: number, announced: readonly Commitments[], time: number): void {
    // The network takes one batch at a time: what was announced before and never proven is given up by announcing again.
    host.tell(
      "SectorDropped",
      sectorsOf(gate, account, ANNOUNCED).map((sector) => ({ sector })),
    )
    const first = gate.account.sectors[account]
    host.tell(
      "SectorAnnounced",
      announced.map(({ commD, commC, commR }, k) => ({
        account,
        number: first + k,
        ...toWords("d", commD),
        ...toWords("c", commC),
        ...toWords("r", commR),
        announcedS: time,
      })),
    )
  }

  return {
    take(command, account, time) {
      const { body, evidence } = command
      const kind = live.access[body.type].evidence
      if (kind === "announcement") {
        const announced = readAnnouncement(evidence, body.row[door.countColumn] as number)
        if (announced === undefined) return "evidence_is_invalid"
        const refusal = host.stepSigned(command, time)
        if (refusal === undefined) announce(account, announced, time)
        return refusal
      }
      const deadline = body.row[door.deadlineColumn] as number
      const sectors =
        kind === "seal"
          ? checkSeals(gate, live, account, command, sectorBytes)
          : checkPossession(gate, live, account, deadline, time, evidence, sectorBytes)
      if (typeof sectors === "string") return sectors
      if (kind === "possession") {
        const skipped = body.row[door.skippedColumn] as number
        const due = door.provable(machine.state, gate.account.node[account], deadline, time)
        if (sectors.length < due - skipped) return "evidence_is_invalid"
      }
      // The row that the next assignment of a deadline will stand in.
      const from = (machine.out[door.assigned.event] as AnyTable).length
      const refusal = host.stepSigned(command, time)
      if (refusal !== undefined) return refusal
      if (kind === "seal") {
        const { event, column } = door.assigned
        const given = (machine.out[event] as unknown as Record<string, Uint16Array>)[column][from]
        host.tell(
          "SectorSealed",
          sectors.map((sector) => ({ sector, deadline: given })),
        )
      } else
        host.tell(
          "PossessionShown",
          sectors.map((sector) => ({ sector, window: Math.floor(time / live.windowSeconds) })),
        )
      return undefined
    },
  }
}
