/** What a chain with validators adds to the application: who may bond and leave, what evidence does, and how header time becomes chain time. */
import { h3Geometry } from "../../protocol/boundary/geometry.ts"
import { problemWith } from "../../protocol/boundary/rows.ts"
import { fromHex, toHex } from "../../protocol/kernel/hash.ts"
import { Machine } from "../../protocol/kernel/machine.ts"
import { command, type CommandTypes } from "../../protocol/kernel/row-type.ts"
import { amount, unit } from "../../protocol/kernel/unit.ts"
import type { SignedCommand } from "./command.ts"
import type { GateState } from "./gate.ts"
import type { Genesis } from "./genesis.ts"
import type { Block } from "./ledger.ts"
import { toWords, words } from "./words.ts"
import {
  addressOf,
  BONDED,
  consensusKeyOf,
  EVIDENCE_BLOCKS,
  EVIDENCE_MS,
  LEAVING,
  powerOf,
  quorum,
  VALIDATORS_MAX,
  type QuorumEvent,
  type QuorumState,
} from "./quorum.ts"
import type { DoorRefusal } from "./refusals.ts"
import { Teller, type Rows } from "./teller.ts"

/** Milliseconds of the validators' clock that one block may add: a halt, or a clock that jumped, does not make nodes miss their windows. */
export const STEP_MS_MAX = 5000

const commands: CommandTypes = {
  Bond: command("Put test stake behind a consensus key.", { ...words("k"), stakeAtto: amount }, [], "batch"),
  Unbond: command("Give up a validator's place.", { validator: unit("validator", "u32") }, [], "batch"),
}

export class Quorum {
  readonly machine: Machine
  readonly state: QuorumState
  readonly #teller: Teller<QuorumEvent>

  constructor(genesis: Genesis) {
    this.machine = new Machine(quorum, 1, {}, { geometry: h3Geometry })
    this.state = this.machine.state as QuorumState
    this.#teller = new Teller(this.machine)
    for (const { key, stakeAtto } of genesis.validators!) this.#bond(0, fromHex(key), BigInt(stakeAtto), genesis.beginS)
  }

  /** Power by consensus key in hex. */
  powers(): ReadonlyMap<string, bigint> {
    const { validator } = this.state
    const all = new Map<string, bigint>()
    for (let i = 0; i < validator.length; i++)
      if (validator.status[i] === BONDED) all.set(toHex(consensusKeyOf(validator, i)), powerOf(validator.stakeAtto.get(i)))
    return all
  }

  /** The chain time and the clock's rest after a header of `headerMs`: `speed` times what passed, bounded, and never back. */
  timeAt(time: number, speed: number, headerMs: number): { readonly time: number; readonly carryMilli: number } {
    const { headerMs: last, carryMilli } = this.state.clock
    const passedMs = last[0] === 0 ? 0 : Math.min(Math.max(0, headerMs - last[0]), STEP_MS_MAX)
    const milli = passedMs * speed + carryMilli[0]
    return { time: Math.min(time + Math.floor(milli / 1000), 2 ** 32 - 1), carryMilli: milli % 1000 }
  }

  /** Reads the block's header, jails who is proven guilty, and frees stake that evidence can no longer reach. Returns stake that came free. */
  begin({ height, consensus }: Block): Rows[] {
    if (consensus === undefined) return []
    const { headerMs, carryMilli, guilty } = consensus
    this.#teller.tell("HeaderRead", [{ height, headerMs, carryMilli }])
    const { validator } = this.state
    const returned: Rows[] = []
    for (let v = 0; v < validator.length; v++) {
      const status = validator.status[v]
      if (status !== BONDED && status !== LEAVING) continue
      // The last one stays whatever it did: an empty set could never decide anything again.
      if (guilty.includes(addressOf(consensusKeyOf(validator, v))) && (status === LEAVING || this.powers().size > 1))
        this.#teller.tell("ValidatorJailed", [{ validator: v, height }])
      else if (
        status === LEAVING &&
        height - validator.leftHeight[v] > EVIDENCE_BLOCKS &&
        headerMs - validator.leftMs[v] > EVIDENCE_MS
      ) {
        this.#teller.tell("ValidatorReleased", [{ validator: v }])
        returned.push({ account: validator.account[v], amountAtto: validator.stakeAtto.get(v) })
      }
    }
    return returned
  }

  /** Why this signer may not ask that now, or undefined. */
  judge({ body, evidence }: SignedCommand, account: number, gate: GateState): DoorRefusal | undefined {
    if (!Object.hasOwn(commands, body.type)) return "unknown_command"
    if (problemWith({ [body.type]: commands[body.type] }, { ...body.row, type: body.type }) !== undefined) return "bad_row"
    if (evidence.length > 0 || body.evidence !== undefined) return "evidence_is_another"
    const { validator } = this.state
    if (body.type === "Unbond") {
      const v = body.row.validator as number
      if (v >= validator.length || validator.account[v] !== account) return "not_your_validator"
      if (validator.status[v] !== BONDED) return "not_bonded"
      return this.powers().size === 1 ? "last_validator" : undefined
    }
    const asked = BigInt(body.row.stakeAtto)
    if (powerOf(asked) < 1n) return "stake_is_too_small"
    const { grantedAtto, spentAtto } = gate.account
    if (asked > grantedAtto.get(account) - spentAtto.get(account)) return "stake_is_spent"
    const known = this.#find(keyIn(body.row))
    if (known >= 0)
      return validator.account[known] === account && validator.status[known] === BONDED ? undefined : "key_is_bonded"
    return this.powers().size >= VALIDATORS_MAX ? "too_many_validators" : undefined
  }

  /** Does what was judged well. Returns the stake it bonds. */
  apply({ body }: SignedCommand, account: number, block: Block): bigint {
    if (body.type === "Unbond") {
      const headerMs = this.state.clock.headerMs[0]
      this.#teller.tell("ValidatorUnbonded", [{ validator: body.row.validator as number, height: block.height, headerMs }])
      return 0n
    }
    const stakeAtto = BigInt(body.row.stakeAtto)
    const key = keyIn(body.row)
    const known = this.#find(key)
    if (known >= 0) this.#teller.tell("StakeAdded", [{ validator: known, stakeAtto }])
    else this.#bond(account, key, stakeAtto, block.time)
    return stakeAtto
  }

  #bond(account: number, key: Uint8Array, stakeAtto: bigint, bondedS: number): void {
    this.#teller.tell("ValidatorBonded", [{ account, ...toWords("k", key), stakeAtto, bondedS }])
  }

  #find(key: Uint8Array): number {
    const { validator } = this.state
    for (let i = 0; i < validator.length; i++) if (toHex(consensusKeyOf(validator, i)) === toHex(key)) return i
    return -1
  }
}

/** The eight words of a row as 32 bytes. */
function keyIn(row: SignedCommand["body"]["row"]): Uint8Array {
  const key = new Uint8Array(32)
  const view = new DataView(key.buffer)
  for (let k = 0; k < 8; k++) view.setUint32(4 * k, row[`k${k}`] as number, true)
  return key
}
