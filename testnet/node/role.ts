/** What a role of the agent works with, and what it must do: one round at a time, from what stands on the chain and on the disk. */
import type { Ask, Live } from "../../protocol/kernel/live.ts"
import type { KeyPair } from "../ledger/command.ts"
import type { Result } from "../ledger/ledger.ts"
import type { Account, Status } from "../ledger/reading.ts"
import type { GatewayClient } from "./client.ts"
import type { Config, Home } from "./home.ts"

export interface Bench {
  readonly home: Home
  readonly config: Config
  readonly key: KeyPair
  readonly client: GatewayClient
  readonly status: Status
  readonly account: Account
  readonly live: Live
  /** Signs one command and waits until it is final. */
  readonly submit: (network: string, ask: Ask, evidence?: Uint8Array) => Promise<Result>
  /** True where it was taken up. A refusal is told once, in words, with its name. */
  readonly took: (result: Result, doing: string) => boolean
  readonly tell: (line: string, isTrouble?: boolean) => void
  /** Remembers in the node's config. */
  readonly remember: (changes: Partial<Config>) => void
}

export interface RoleWork {
  /** Throws a RecordProblem for what the config lacks, before anything is asked of the chain. */
  readonly ready?: (config: Config) => void
  /** Opens what it listens with; the ports, for the chain to know. */
  readonly listen?: (bench: Bench) => Promise<{ readonly httpPort: number; readonly udpPort: number } | undefined>
  /** The next thing that is due. */
  readonly serve: (bench: Bench) => Promise<void>
  /** Towards a clean leave; true when nothing of the node's is left on the chain but its account. */
  readonly leave: (bench: Bench) => Promise<boolean>
  /** After the account is closed: what may go from the disk. */
  readonly clear: (bench: Bench) => void
  /** Why it earned, for the line that tells what. */
  readonly why: (account: Account, before: Readonly<Record<string, number>>) => string
  readonly figures: (account: Account) => readonly (readonly [string, string])[]
  readonly stop?: () => void
}
