/**
 * Admission: everything that a command must satisfy before the network's own rules see it. Pure: it reads the gate and the network's
 * state, and answers with a refusal's name. The same function filters at the door and decides inside a block.
 */
import { problemWithRow } from "../../protocol/boundary/rows.ts"
import type { Access, Live } from "../../protocol/kernel/live.ts"
import type { Machine } from "../../protocol/kernel/machine.ts"
import { command, type CommandType, type CommandTypes } from "../../protocol/kernel/row-type.ts"
import { unit } from "../../protocol/kernel/unit.ts"
import { sha256, hexOf, type SignedCommand } from "./command.ts"
import type { GateState } from "./gate.ts"
import { endpointColumns, GOOD, WRONG } from "./gate-lease.ts"
import type { Genesis } from "./genesis.ts"
import type { Quorum } from "./quorum-door.ts"
import { VALIDATORS } from "./quorum.ts"
import type { DoorRefusal } from "./refusals.ts"

export const GATE = "gate"
/** The authority's account: the first one, opened with the chain. */
export const AUTHORITY = 0
/** The gate's own commands, with the columns of their rows; and those that only a chain with leases has. */
const GATE_COMMANDS: CommandTypes = {
  OpenAccount: command("A key asks to be admitted.", {}, []),
  CloseAccount: command("A key leaves for good.", {}, []),
  SetEndpoint: command("A node says where it listens.", endpointColumns, []),
}
const LEASE_COMMANDS: CommandTypes = {
  ReportProbe: command(
    "A drawn account says what it found at a lease's provider.",
    {
      group: unit("group", "u32"),
      window: unit("window (Unix)", "u32"),
      verdict: unit("1 good, 2 no answer, 3 wrong content", "u8", GOOD, WRONG),
      latencyMicro: unit("µs", "u32"),
    },
    [],
  ),
}
const TIME_COLUMNS = ["atS", "at"] as const
/** Worked out once a type: it is asked of every command. */
const timesOfType = new Map<CommandType, readonly string[]>()

/** What a chain knows of its accounts, beside the tables: where a key's row is. */
export interface Accounts {
  readonly of: (keyHex: string) => number | undefined
}

/** Whether the signature was checked before, by this process. */
export type IsGenuine = (command: SignedCommand) => boolean

export class Admission {
  readonly #genesis: Genesis
  readonly #machine: Machine
  readonly #gate: GateState
  readonly #accounts: Accounts
  readonly #live: Live | undefined
  readonly #gateCommands: CommandTypes
  readonly #quorum: Quorum | undefined

  constructor(genesis: Genesis, machine: Machine, gate: GateState, accounts: Accounts, quorum?: Quorum) {
    this.#quorum = quorum
    this.#genesis = genesis
    this.#machine = machine
    this.#gate = gate
    this.#accounts = accounts
    this.#live = machine.network.live
    this.#gateCommands = { ...GATE_COMMANDS, ...(this.#live?.lease === undefined ? {} : LEASE_COMMANDS) }
  }

  /** Who asks, and whether it may ask anything at all now. `lastNonce` is the last used or waiting one of the key. */
  identify(signed: SignedCommand, time: number, isGenuine: IsGenuine, lastNonce?: number): DoorRefusal | undefined {
    const { body, keyHex } = signed
    if (body.chain !== this.#genesis.chain) return "wrong_chain"
    if (body.expiryS < time) return "expired"
    if (body.expiryS > time + this.#genesis.expirySecondsMax) return "expires_too_late"
    const account = this.#accounts.of(keyHex)
    if (account === undefined) {
      if (body.network !== GATE || body.type !== "OpenAccount") return "unknown_account"
    } else if (this.#gate.account.closed[account] === 1) return "account_is_closed"
    else if (body.nonce <= (lastNonce ?? this.#gate.account.nonce[account])) return "replayed"
    // Last, because it costs the most; nothing above tells a stranger more than the chain publishes.
    return isGenuine(signed) ? undefined : "forged"
  }

  /** Whether what is asked has a form that the network's rules can be asked about, by this signer. */
  judge(signed: SignedCommand, time: number): DoorRefusal | undefined {
    const { body, keyHex, evidence } = signed
    const account = this.#accounts.of(keyHex)
    if (body.network === GATE) {
      if (!Object.hasOwn(this.#gateCommands, body.type)) return "unknown_command"
      if (problemWithRow(body.type, this.#gateCommands[body.type], body.row) !== undefined) return "bad_row"
      if (evidence.length > 0 || body.evidence !== undefined) return "evidence_is_another"
      if (body.type === "OpenAccount") return this.#judgeOpening(account, time)
      return account === AUTHORITY ? "not_allowed" : undefined
    }
    if (body.network === VALIDATORS) return this.#quorum?.judge(signed, account!, this.#gate) ?? this.#withoutQuorum()
    if (body.network !== this.#genesis.network) return "wrong_network"
    const commands = this.#machine.network.commands as CommandTypes
    if (!Object.hasOwn(commands, body.type)) return "unknown_command"
    if (problemWithRow(body.type, commands[body.type], body.row) !== undefined) return "bad_row"
    if (evidence.length === 0 ? body.evidence !== undefined : body.evidence !== hexOf(sha256(evidence)))
      return "evidence_is_another"
    const times = Admission.timesOf(commands[body.type])
    if (account === AUTHORITY) {
      if (evidence.length > 0) return "evidence_is_another"
      const off = times.some(
        (name) => body.row[name] !== 0 && Math.abs((body.row[name] as number) - time) > this.#genesis.authoritySlackS,
      )
      return off ? "time_is_off" : undefined
    }
    const access = this.accessOf(body.type)
    if (access === undefined) return "not_allowed"
    const node = this.#gate.account.node[account!]
    if (access.own !== undefined && body.row[access.own] !== node) return "not_your_node"
    if (access.owner !== undefined && access.owner(this.#machine.state, body.row) !== node) return "not_your_node"
    for (const name of access.alsoOwn ?? []) if (body.row[name] !== node) return "not_your_node"
    for (const name of access.stamped ?? []) if (body.row[name] !== 0) return "time_is_not_yours"
    for (const name of Object.keys(access.fixed ?? {})) if (body.row[name] !== access.fixed![name]) return "not_yours_to_say"
    if (access.evidence !== undefined && evidence.length === 0) return "evidence_is_missing"
    if (access.evidence === undefined && evidence.length > 0) return "evidence_is_another"
    return this.#judgeTimes(body.row, times, access, time) ?? this.#judgeStake(account!, body.row, access)
  }

  #withoutQuorum(): DoorRefusal | undefined {
    return this.#quorum === undefined ? "has_no_validators" : undefined
  }

  accessOf(type: string): Access | undefined {
    const all = this.#live?.access
    return all !== undefined && Object.hasOwn(all, type) ? all[type] : undefined
  }

  /** The type's columns that the door stamps with the block's time where they are 0. */
  static timesOf(type: CommandType): readonly string[] {
    let times = timesOfType.get(type)
    if (times === undefined) {
      times = TIME_COLUMNS.filter((name) => Object.hasOwn(type.shape, name))
      timesOfType.set(type, times)
    }
    return times
  }

  #judgeOpening(account: number | undefined, time: number): DoorRefusal | undefined {
    if (account !== undefined) return "already_open"
    const { account: all, control } = this.#gate
    if (all.length - 1 >= this.#genesis.nodes - (this.#genesis.simulated ?? 0)) return "no_place_left"
    const day = Math.floor(time / 86_400)
    return control.grantDay[0] === day && control.grants[0] >= this.#genesis.faucet.grantsPerDay ? "faucet_is_dry" : undefined
  }

  #judgeTimes(
    row: SignedCommand["body"]["row"],
    times: readonly string[],
    access: Access,
    time: number,
  ): DoorRefusal | undefined {
    for (const name of times) {
      if (row[name] === 0) continue
      if (access.claimSeconds === undefined) return "time_is_not_yours"
      const at = row[name] as number
      if (at > time || at < time - access.claimSeconds) return "time_is_off"
    }
    return undefined
  }

  #judgeStake(account: number, row: SignedCommand["body"]["row"], { stake }: Access): DoorRefusal | undefined {
    if (stake === undefined) return undefined
    const asked = BigInt(row[stake])
    const { grantedAtto, spentAtto } = this.#gate.account
    return asked < 0n || asked > grantedAtto.get(account) - spentAtto.get(account) ? "stake_is_spent" : undefined
  }
}
