/** What a validator's page says of the quorum: the height, who voted, who is away, and "halted, safe" when too few are there to decide. */
import { addressOf, BONDED, consensusKeyOf, JAILED, LEAVING, powerOf } from "../ledger/quorum.ts"
import { toHex } from "../../protocol/kernel/hash.ts"
import type { ValidatorConfig } from "./layout.ts"
import { CometRpc } from "./rpc.ts"
import type { ValidatorApp } from "./validator-app.ts"

/** Blocks in a row whose commit may lack a validator's vote before it counts as away: a late vote is none of that. */
const ABSENT_BLOCKS = 5
const LOOK_MS = 1000
/** Looks in a row at an engine that answers, is not catching up, and stands still while others go on: such a one must be started again. */
const STALLED_LOOKS = 10

export interface ValidatorSeen {
  readonly name: string
  readonly address: string
  readonly power: number
  readonly status: string
  /** The last height whose commit holds its vote, as this validator saw it; 0: none since this process began. */
  readonly lastSigned: number
  readonly away: boolean
  /** Height of its engine as its own RPC says; -1 where it does not answer. */
  readonly height: number
}
export interface QuorumSeen {
  readonly sentence: string
  readonly halted: boolean
  readonly height: number
  readonly secondsSinceBlock: number
  readonly powerHere: number
  /** Power that a decision takes: more than two thirds of all. */
  readonly powerNeeded: number
  readonly powerAll: number
  readonly validators: readonly ValidatorSeen[]
}

export class Watch {
  readonly #app: ValidatorApp
  readonly #config: ValidatorConfig
  readonly #heights = new Map<string, number>()
  readonly #onStall: () => void
  #lastBlock = performance.now()
  #lookedAt = 0
  #stalled = 0

  /** `onStall`: the engine lives but decides nothing, as after a write that failed; the pair is to be started again. */
  constructor(app: ValidatorApp, config: ValidatorConfig, onStall: () => void) {
    this.#app = app
    this.#config = config
    this.#onStall = onStall
    for (const { name, rpc } of config.peers ?? []) this.#look(name, new CometRpc([rpc], LOOK_MS))
  }

  sawBlock(): void {
    this.#lastBlock = performance.now()
  }

  read(): QuorumSeen {
    const { application, lastSigned } = this.#app
    const { height } = application.info()
    const quiet = performance.now() - this.#lastBlock
    const isQuiet = quiet > this.#config.haltedAfterMs
    const { validator } = application.quorum!.state
    const named = new Map((application.genesis.validators ?? []).map((v) => [v.key, v.name]))
    const validators: ValidatorSeen[] = []
    for (let i = 0; i < validator.length; i++) {
      const key = toHex(consensusKeyOf(validator, i))
      const address = addressOf(consensusKeyOf(validator, i))
      const name = named.get(key) ?? `key ${key.slice(0, 8)}`
      const isBonded = validator.status[i] === BONDED
      const seen = this.#heights.get(name)
      const signed = lastSigned.get(address) ?? 0
      // While blocks come, votes tell; while none do, only who answers can.
      const isSilent = seen === undefined ? signed < height - ABSENT_BLOCKS : seen < 0
      validators.push({
        name,
        address,
        power: isBonded ? Number(powerOf(validator.stakeAtto.get(i))) : 0,
        status: isBonded
          ? "bonded"
          : validator.status[i] === JAILED
            ? "jailed"
            : validator.status[i] === LEAVING
              ? "leaving"
              : "left",
        lastSigned: signed,
        away: isBonded && (isQuiet ? isSilent : signed > 0 && signed < height - ABSENT_BLOCKS),
        height: seen ?? -1,
      })
    }
    const powerAll = validators.reduce((sum, v) => sum + v.power, 0)
    const powerHere = validators.reduce((sum, v) => sum + (v.away ? 0 : v.power), 0)
    const powerNeeded = Math.floor((2 * powerAll) / 3) + 1
    return {
      sentence: this.#sentence(validators, isQuiet, quiet, powerHere, powerNeeded, powerAll),
      halted: isQuiet,
      height,
      secondsSinceBlock: Math.round(quiet / 100) / 10,
      powerHere,
      powerNeeded,
      powerAll,
      validators,
    }
  }

  #sentence(all: readonly ValidatorSeen[], isQuiet: boolean, quiet: number, here: number, needed: number, total: number): string {
    const { trouble } = this.#app
    if (trouble !== undefined)
      return trouble === "disk_is_full" ? "This validator's disk is full: it waits, the others go on." : trouble
    const bonded = all.filter((v) => v.power > 0)
    const away = bonded.filter((v) => v.away).map((v) => v.name)
    const list = away.length === 0 ? "nobody is away" : `${away.join(", ")} ${away.length === 1 ? "is" : "are"} away`
    if (!isQuiet && this.#app.application.info().height === 0) return "The validators are meeting: there is no block yet."
    if (!isQuiet) return `${bonded.length - away.length} of ${bonded.length} validators vote; ${list}.`
    const seconds = Math.round(quiet / 1000)
    const { height } = this.#app.application.info()
    const furthest = Math.max(...this.#heights.values())
    if (furthest > height + ABSENT_BLOCKS)
      return `This validator stands still at block ${height} while others are at ${furthest}: if that lasts, let it join again from nothing.`
    return here < needed
      ? `Halted, safe: ${here} of ${total} power is here and ${needed} is needed; ${list}. Nothing is lost, and blocks come again when they are back.`
      : `No block for ${seconds} s; ${list}. Nothing is lost.`
  }

  #judge(isCatchingUp: boolean): void {
    const { height } = this.#app.application.info()
    const isBehind = Math.max(...this.#heights.values()) > height + ABSENT_BLOCKS
    this.#stalled = isBehind && !isCatchingUp && height === this.#lookedAt ? this.#stalled + 1 : 0
    this.#lookedAt = height
    if (this.#stalled >= STALLED_LOOKS) this.#onStall()
  }

  #look(name: string, rpc: CometRpc): void {
    const once = async (): Promise<void> => {
      try {
        const { sync_info } = await rpc.status()
        this.#heights.set(name, Number(sync_info.latest_block_height))
        if (name === this.#config.name) this.#judge(sync_info.catching_up)
      } catch {
        this.#heights.set(name, -1)
      }
      setTimeout(() => void once(), LOOK_MS).unref()
    }
    void once()
  }
}
