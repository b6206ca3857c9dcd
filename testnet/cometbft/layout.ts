/** Files of one validator: our application's chain and the engine's own home lie side by side, as they live and die side by side. */
import { join } from "node:path"

export interface ValidatorHome {
  readonly dir: string
  /** Our chain: genesis, journal, snapshots. */
  readonly chain: string
  /** CometBFT's home: config, keys, blocks. */
  readonly engine: string
  readonly config: string
  readonly appLog: string
  readonly engineLog: string
}

export const homeOf = (dir: string): ValidatorHome => ({
  dir,
  chain: join(dir, "chain"),
  engine: join(dir, "engine"),
  config: join(dir, "validator.json"),
  appLog: join(dir, "app.log"),
  engineLog: join(dir, "engine.log"),
})

/** What a validator's application is told at its start, in validator.json. */
export interface ValidatorConfig {
  readonly name: string
  readonly chain: string
  /** Path of the Unix socket that the engine dials. */
  readonly socket: string
  readonly snapshotEveryBlocks: number
  /** Milliseconds without a block after which the page says that the chain halted. */
  readonly haltedAfterMs: number
  readonly gateway?: { readonly host: string; readonly port: number }
  /** Limits of keys and addresses that are not the usual ones: for benches and trials, where all come from one. */
  readonly limits?: { readonly perKeySecond?: number; readonly perAddressSecond?: number; readonly joinsPerAddressDay?: number }
  /** RPC of this validator's engine, and of every validator by name. */
  readonly rpc?: string
  readonly peers?: readonly { readonly name: string; readonly rpc: string }[]
  /** For the perturbation suite and the tests alone. */
  readonly trial?: {
    readonly lieFrom?: number
    readonly dieAt?: { readonly step: "committing" | "journalled" | "kept"; readonly height: number }
  }
}
