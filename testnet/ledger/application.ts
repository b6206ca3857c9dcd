/**
 * The application behind every engine: the network's machine and the gate, driven block by block. Info · CheckTx · FinalizeBlock ·
 * Commit, all synchronous. An app hash is the header's hash of the kernel's log, with the network as its first stream and the gate
 * as its second: a simulation's log and this one are chained by the same function.
 */
import { createHash } from "node:crypto"
import { nextMultiple } from "../../protocol/kernel/clock.ts"
import { fromHex, toHex, type NewHasher } from "../../protocol/kernel/hash.ts"
import { BrokenPromise, Report } from "../../protocol/kernel/invariant.ts"
import { Log, type Sink } from "../../protocol/kernel/log.ts"
import type { Machine } from "../../protocol/kernel/machine.ts"
import type { AnyNetwork } from "../../protocol/kernel/network.ts"
import { loadTables, saveTables } from "../../protocol/kernel/snapshot.ts"
import { appendRow, table, type AnyTable } from "../../protocol/kernel/table.ts"
import type { CommandType } from "../../protocol/kernel/row-type.ts"
import { RecordProblem } from "../../protocol/boundary/durable.ts"
import { Admission, AUTHORITY, GATE, type IsGenuine } from "./admission.ts"
import { hexOf, isGenuine, sha256, type SignedCommand } from "./command.ts"
import { chainMachines, tablesOf } from "./chain-machines.ts"
import { DOOR_OF, doorsOf, type Doors } from "./doors-of.ts"
import type { Door, Host } from "./doors.ts"
import type { GateEvent, GateState } from "./gate.ts"
import { genesisHash, type Genesis } from "./genesis.ts"
import type { Application, Block, Info } from "./ledger.ts"
import type { Quorum } from "./quorum-door.ts"
import { VALIDATORS } from "./quorum.ts"
import { codeOf } from "./refusals.ts"
import { fromWords, toWords } from "./words.ts"
import { Teller, type Rows } from "./teller.ts"

export const newHasher: NewHasher = () => {
  const hash = createHash("sha256")
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() }
}

/** Promises are checked whenever something was settled, and every so many blocks. */
const PROMISES_EVERY = 64

export interface Snapshot {
  readonly meta: {
    readonly genesis: string
    readonly height: number
    readonly time: number
    readonly appHash: string
    readonly rows: number
    readonly refused: readonly number[]
  }
  readonly tables: Uint8Array
}

export class ChainApplication implements Application {
  readonly genesis: Genesis
  readonly machine: Machine
  readonly network: AnyNetwork
  readonly gateMachine: Machine
  readonly gate: GateState
  /** Who orders blocks, where the genesis names validators. */
  readonly quorum: Quorum | undefined
  readonly admission: Admission
  readonly #accounts = new Map<string, number>()
  readonly #sink: Sink | undefined
  readonly machines: readonly Machine[]
  readonly #teller: Teller<GateEvent>
  readonly #coreRows = new Map<string, AnyTable>()
  readonly #doors: Doors = {}
  readonly #asks: Record<string, NonNullable<Door["asks"]>[string]> = {}
  #log: Log
  #info: Info
  #next: Info | undefined
  #nonces = new Map<number, number>()

  constructor(genesis: Genesis, sink?: Sink) {
    this.genesis = genesis
    const { machine, network, gateMachine, quorum, all } = chainMachines(genesis)
    this.machine = machine
    this.network = network
    this.gateMachine = gateMachine
    this.quorum = quorum
    this.machines = all
    this.gate = gateMachine.state as GateState
    this.#teller = new Teller(gateMachine)
    this.#sink = sink
    this.#log = new Log(newHasher, sink)
    this.admission = new Admission(genesis, machine, this.gate, { of: (key) => this.#accounts.get(key) }, quorum)
    this.#info = { height: 0, time: genesis.beginS, appHash: "0".repeat(64) }
    this.#hangDoors()
    this.#initChain()
  }

  info = (): Info => this.#info

  checkTx = (command: SignedCommand, pendingNonce: number): string | undefined => {
    const account = this.#accounts.get(command.keyHex)
    const last = account === undefined ? 0 : Math.max(pendingNonce, this.gate.account.nonce[account])
    const { time } = this.#info
    return this.admission.identify(command, time, this.#isGenuine, last) ?? this.admission.judge(command, time)
  }

  finalizeBlock = (block: Block): ReturnType<Application["finalizeBlock"]> => {
    const { height, time, commands } = block
    if (height !== this.#info.height + 1) throw new Error(`block ${height} cannot follow block ${this.#info.height}`)
    if (time < this.#info.time) throw new Error(`block ${height} is at ${time}, before the one at ${this.#info.time}`)
    const settled = this.#begin(block)
    const reasons: string[] = Array.from({ length: commands.length }, () => "")
    const counted: { account: number; nonce: number; index: number }[] = []
    this.#nonces.clear()
    let type = ""
    let indexes: number[] = []
    const flush = (): void => {
      if (indexes.length > 0) this.#stepCore(type, this.#coreRows.get(type)!, (row, reason) => (reasons[indexes[row]] = reason))
      indexes = []
    }
    for (const [i, command] of commands.entries()) {
      const { body, keyHex } = command
      const known = this.#accounts.get(keyHex)
      const stranger = this.admission.identify(command, time, this.#isGenuine, known === undefined ? 0 : this.#nonces.get(known))
      if (stranger !== undefined) {
        reasons[i] = stranger
        continue
      }
      // What runs alone reads the state that everything before it left.
      const alone = body.network === GATE || body.network === VALIDATORS || this.#runsAlone(known!, body.type)
      if (alone || body.type !== type) flush()
      const refusal = this.admission.judge(command, time)
      if (refusal !== undefined) reasons[i] = refusal
      else if (body.network === GATE) reasons[i] = this.#stepGate(command, time) ?? ""
      else if (body.network === VALIDATORS) this.#stepQuorum(command, known!, block)
      else if (alone) reasons[i] = this.#stepAlone(command, known!, time) ?? ""
      else {
        type = body.type
        this.#append(command, time)
        indexes.push(i)
      }
      const account = this.#accounts.get(keyHex)
      if (account !== undefined) {
        this.#nonces.set(account, body.nonce)
        counted.push({ account, nonce: body.nonce, index: i })
      }
    }
    flush()
    this.#tell(
      "CommandCounted",
      counted.map(({ account, nonce, index }) => ({ account, nonce, refused: reasons[index] === "" ? 0 : 1 })),
    )
    const closed = this.#settleAt(time)
    if (settled || closed || height % PROMISES_EVERY === 0) this.#keepPromises(height)
    const header = this.#log.close(this.machines, time)
    this.#next = { height, time, appHash: header.hash }
    return {
      header,
      results: reasons.map((reason) => ({ code: reason === "" ? 0 : codeOf(reason, this.machine.reasons), reason })),
    }
  }

  commit = (): Info => {
    if (this.#next === undefined) throw new Error("there is no finalised block to commit")
    this.#info = this.#next
    this.#next = undefined
    return this.#info
  }

  accountOf(keyHex: string): number | undefined {
    return this.#accounts.get(keyHex)
  }

  /** Everything a later start needs, as it stands after the last commit. */
  save(): Snapshot {
    const { height, time, appHash } = this.#info
    return {
      meta: {
        genesis: genesisHash(this.genesis),
        height,
        time,
        appHash,
        rows: this.#log.rows,
        refused: [...this.machine.refused],
      },
      tables: saveTables(tablesOf(this.machines)),
    }
  }

  /** Goes on from a snapshot of the same chain. Throws a RecordProblem when it is of another, or does not fit. */
  restore({ meta, tables }: Snapshot): void {
    if (meta.genesis !== genesisHash(this.genesis)) throw new RecordProblem("the snapshot is of another chain")
    try {
      loadTables(tablesOf(this.machines), tables)
    } catch (error) {
      if (error instanceof RangeError) throw new RecordProblem(`the snapshot does not fit this version (${error.message})`)
      throw error
    }
    this.machine.refreshParams()
    this.machine.refused.set(meta.refused)
    for (const machine of this.machines) machine.clear()
    this.#log = new Log(newHasher, this.#sink, { epoch: meta.height, previous: fromHex(meta.appHash), rows: meta.rows })
    this.#info = { height: meta.height, time: meta.time, appHash: meta.appHash }
    this.#accounts.clear()
    for (let i = 0; i < this.gate.account.length; i++) this.#accounts.set(toHex(fromWords(this.gate.account, "k", i)), i)
  }

  /** Digest of the whole state, as it stands in a header. */
  stateHash = (): string => toHex(new Log(newHasher).stateHash(this.machines))

  /** Digest of the network's state alone, for comparing with a simulation of the same commands. */
  networkStateHash(): string {
    return toHex(new Log(newHasher).stateHash([this.machine]))
  }

  readonly #isGenuine: IsGenuine = (command) => {
    if (command.checked) return true
    if (!isGenuine(command)) return false
    command.checked = true
    return true
  }

  #hangDoors(): void {
    const { live } = this.network
    if (live === undefined) return
    const host: Host = {
      genesis: this.genesis,
      machine: this.machine,
      gate: this.gate,
      live,
      stepSigned: (command, time) => this.#stepSigned(command, time),
      stepOwn: (type, row) => this.#stepOwn(type, row),
      stepRows: (type, rows) => void this.#stepOwn(type, ...rows),
      tell: (type, rows) => this.#tell(type, rows),
      accountOf: (keyHex) => this.#accounts.get(keyHex),
    }
    Object.assign(this.#doors, doorsOf(host))
    for (const door of Object.values(this.#doors)) Object.assign(this.#asks, door.asks)
  }

  /** The authority has the first account, and no node. Its row is logged with the first block. */
  #initChain(): void {
    this.#open(fromHex(this.genesis.authority), 0xffff_ffff, 0n, this.genesis.beginS)
  }

  #open(key: Uint8Array, node: number, grantedAtto: bigint, time: number): void {
    const index = this.gate.account.length
    this.#tell("AccountOpened", [{ ...toWords("k", key), node, grantedAtto, openedS: time, day: Math.floor(time / 86_400) }])
    this.#accounts.set(hexOf(key), index)
  }

  /** Settles what fell due before this block, opens it, draws the seeds of windows that began, and asks what the chain asks itself. */
  #begin(block: Block): boolean {
    const { height, time } = block
    const last = this.#info.time
    let settled = false
    for (let at = this.#nextSettlement(last); at < time; at = this.#nextSettlement(at)) {
      this.#settleAt(at)
      settled = true
    }
    this.#tell("BlockBegun", [{ height, timeS: time }])
    if (this.quorum !== undefined) this.#tell("StakeReturned", this.quorum.begin(block))
    const { live } = this.network
    if (live === undefined) return settled
    const { seed } = this.gate
    const window = Math.floor(time / live.windowSeconds)
    const drawn = seed.length === 0 ? window - 1 : seed.window[seed.length - 1]
    for (let w = drawn + 1; w <= window; w++) this.#tell("SeedDrawn", [{ window: w, ...toWords("s", this.#dice("window", w)) }])
    if (
      this.genesis.draws &&
      live.draw !== undefined &&
      Math.floor(time / live.draw.everySeconds) > Math.floor(last / live.draw.everySeconds)
    ) {
      const { type, row } = live.draw
      this.#stepOwn(type, row(time, [...new Uint32Array(this.#dice("draw", time).slice(0, 16).buffer)]))
    }
    if (this.genesis.draws) {
      if (height === 1) for (const { type, row } of live.begin ?? []) this.#stepOwn(type, row(time))
      for (const door of Object.values(this.#doors)) door.begin?.(time, last)
    }
    return settled
  }

  /** 32 bytes that follow from the chain so far: nobody knew them before the last block was final. */
  #dice(what: string, at: number): Uint8Array {
    const bytes = sha256(Buffer.concat([Buffer.from(`blackstart ${what} ${at}\n`), this.#log.hash]))
    return new Uint8Array(bytes)
  }

  #nextSettlement(after: number): number {
    let next = Infinity
    for (const { everySeconds, when } of Object.values(this.network.cadences))
      if (when === undefined || when(this.machine.params)) next = Math.min(next, nextMultiple(after, everySeconds))
    return next
  }

  #settleAt(time: number): boolean {
    if (time <= this.#info.time) return false
    let settled = false
    for (const [name, { everySeconds, when }] of Object.entries(this.network.cadences))
      if (time % everySeconds === 0 && (when === undefined || when(this.machine.params))) {
        this.machine.settle(name, time)
        settled = true
      }
    return settled
  }

  #runsAlone(account: number, type: string): boolean {
    const access = account === AUTHORITY ? undefined : this.admission.accessOf(type)
    return access?.evidence !== undefined || access?.stake !== undefined || access?.owner !== undefined
  }

  #append({ body }: SignedCommand, time: number): AnyTable {
    const type = (this.network.commands as Record<string, CommandType>)[body.type]
    let rows = this.#coreRows.get(body.type)
    if (rows === undefined) {
      rows = table(type.shape, 64)
      this.#coreRows.set(body.type, rows)
    }
    const row: Record<string, number | bigint> = {}
    for (const name of Object.keys(type.shape))
      row[name] = type.shape[name].store === "wide" ? BigInt(body.row[name]) : (body.row[name] as number)
    for (const name of Admission.timesOf(type)) if (row[name] === 0) row[name] = time
    for (const name of this.admission.accessOf(body.type)?.stamped ?? []) if (row[name] === 0) row[name] = time
    appendRow(rows, row as never)
    return rows
  }

  #stepCore(type: string, rows: AnyTable, onRefuse: (row: number, reason: string) => void): void {
    this.machine.onRefuse = onRefuse
    try {
      this.machine.step(type, rows, 0, rows.length)
    } finally {
      this.machine.onRefuse = undefined
      rows.length = 0
    }
  }

  /** A command with evidence or stake: the door's own books move only if the network's rules took it. */
  #stepAlone(command: SignedCommand, account: number, time: number): string | undefined {
    const { body } = command
    const access = this.admission.accessOf(body.type)!
    const door = access.evidence === undefined ? undefined : this.#doors[DOOR_OF[access.evidence]]
    const refusal = door === undefined ? this.#stepSigned(command, time) : door.take(command, account, time)
    if (refusal === undefined && access.stake !== undefined)
      this.#tell("StakeSpent", [{ account, amountAtto: BigInt(body.row[access.stake]) }])
    return refusal
  }

  /** The core decides a signed command as it stands. */
  #stepSigned(command: SignedCommand, time: number): string | undefined {
    let refusal: string | undefined
    this.#stepCore(command.body.type, this.#append(command, time), (_, reason) => (refusal = reason))
    return refusal
  }

  /** The core decides commands of the chain's own, as one batch; why the last refused one was. */
  #stepOwn(type: string, ...facts: readonly Rows[]): string | undefined {
    const rows = table((this.network.commands as Record<string, CommandType>)[type].shape, facts.length)
    for (const fact of facts) appendRow(rows, fact as never)
    let refusal: string | undefined
    this.#stepCore(type, rows, (_, reason) => (refusal = reason))
    return refusal
  }

  #stepGate(command: SignedCommand, time: number): string | undefined {
    const { body, key, keyHex } = command
    const account = this.#accounts.get(keyHex)!
    if (body.type === "OpenAccount") this.#open(key, this.gate.account.length - 1, BigInt(this.genesis.faucet.grantAtto), time)
    else if (body.type === "CloseAccount") this.#tell("AccountClosed", [{ account }])
    else if (body.type === "SetEndpoint") this.#tell("EndpointSet", [{ account, ...body.row, setS: time } as Rows])
    else return this.#asks[body.type](command, account, time)
    return undefined
  }

  #stepQuorum(command: SignedCommand, account: number, block: Block): void {
    const amountAtto = this.quorum!.apply(command, account, block)
    if (amountAtto > 0n) this.#tell("StakeSpent", [{ account, amountAtto }])
  }

  #tell(type: GateEvent, facts: readonly Rows[]): void {
    this.#teller.tell(type, facts)
  }

  #keepPromises(height: number): void {
    const report = new Report()
    for (const machine of this.machines)
      for (const [name, { check }] of Object.entries(machine.network.invariants))
        check(machine.state, report.within(`${machine.network.name}: block ${height}: ${name}`))
    if (report.broken.length > 0)
      throw new BrokenPromise(report.broken, `blackstart testnet export, then replay, up to block ${height}`)
  }
}
