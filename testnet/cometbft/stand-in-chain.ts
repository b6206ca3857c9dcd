/** Applications behind the stand-in, in scratch folders: for tests. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { newKeyPair, type KeyPair } from "../ledger/command.ts"
import { EmbeddedLedger } from "../ledger/embedded.ts"
import type { Genesis } from "../ledger/genesis.ts"
import { smallGenesis } from "../ledger/small-chain.ts"
import { serveAbci, type AbciServer } from "./abci-server.ts"
import { ChainStore } from "./chain-store.ts"
import { keyHexOf, newEngineKey } from "./engine-home.ts"
import type { ValidatorConfig } from "./layout.ts"
import { dial, hangUp, StandIn, type Peer } from "./stand-in.ts"
import { ValidatorApp, type AppOptions } from "./validator-app.ts"

export const SNAPSHOT_EVERY = 5

export interface StandInChain {
  readonly dir: string
  readonly genesis: Genesis
  readonly authority: KeyPair
  readonly engine: StandIn
}

export function standInChain(changes: Partial<Genesis> = {}, validators = 4): StandInChain {
  const authority = newKeyPair()
  const stakeAtto = String(100n * 10n ** 18n)
  const all = Array.from({ length: validators }, (_, i) => ({ name: `v${i}`, key: keyHexOf(newEngineKey()), stakeAtto }))
  const genesis = smallGenesis(authority, {
    network: "cdn",
    nodes: 8,
    speed: 60,
    validators: all,
    // The comparator has no coin of its own for a faucet to give: validators bond this.
    faucet: { grantAtto: String(100_000n * 10n ** 18n), grantsPerDay: 500 },
    ...changes,
  })
  return { dir: mkdtempSync(join(tmpdir(), "bs-abci-")), genesis, authority, engine: new StandIn(genesis) }
}

export interface Served {
  readonly app: ValidatorApp
  readonly peer: Peer
  readonly told: string[]
  readonly close: () => Promise<void>
}

/** An application of this process, behind a real socket, shaken hands with. `name` is its folder: the same one comes back where it was. */
export async function serve(
  chain: StandInChain,
  name: string,
  options: Pick<AppOptions, "lieFrom" | "onCommit"> & { readonly shake?: boolean } = {},
): Promise<Served> {
  const dir = folderOf(chain, name)
  const told: string[] = []
  const tell = (s: string): void => void told.push(s)
  const app = new ValidatorApp(new ChainStore(dir, { snapshotEveryBlocks: SNAPSHOT_EVERY, tell }), { tell, ...options })
  const socket = join(chain.dir, `${name}.sock`)
  const server: AbciServer = await serveAbci(app, socket, tell)
  const peer = await dial(name, socket)
  if (options.shake !== false) await chain.engine.handshake(peer)
  return {
    app,
    peer,
    told,
    close: async () => {
      hangUp(peer)
      await server.close()
      app.store.close()
    },
  }
}

/** The folder of one application, with the chain's genesis in it. */
export function folderOf({ dir, genesis }: StandInChain, name: string): string {
  const folder = join(dir, name)
  mkdirSync(folder, { recursive: true })
  try {
    EmbeddedLedger.create(folder, genesis)
  } catch {
    // It is there from an earlier life.
  }
  return folder
}

/** Writes the settings of an application that is a process of its own. */
export function configOf(
  chain: StandInChain,
  name: string,
  trial?: ValidatorConfig["trial"],
): { readonly path: string; readonly socket: string } {
  const socket = join(chain.dir, `${name}.sock`)
  const path = join(chain.dir, `${name}.json`)
  const config: ValidatorConfig = {
    name,
    chain: folderOf(chain, name),
    socket,
    snapshotEveryBlocks: SNAPSHOT_EVERY,
    haltedAfterMs: 5000,
    trial,
  }
  writeFileSync(path, JSON.stringify(config))
  return { path, socket }
}

export const sweep = ({ dir }: StandInChain): void => rmSync(dir, { recursive: true, force: true })
