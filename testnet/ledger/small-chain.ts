/** A chain in a scratch folder, with an authority whose key is known: for tests and benches. */
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { hexOf, newKeyPair, signCommand, type Body, type KeyPair } from "./command.ts"
import { DEFAULTS, suited, type Genesis } from "./genesis.ts"
import { EmbeddedLedger, type EmbeddedOptions } from "./embedded.ts"

export interface SmallChain {
  readonly dir: string
  readonly genesis: Genesis
  readonly authority: KeyPair
}

export function smallGenesis(authority: KeyPair, changes: Partial<Genesis> = {}): Genesis {
  const network = changes.network ?? "filecoin"
  return {
    ...DEFAULTS,
    chain: "test-1",
    ...suited(network),
    params: {},
    nodes: 8,
    sectorBytes: 16 * 1024,
    authority: hexOf(authority.publicKey),
    ...changes,
    network,
  }
}

/** A new chain on disk, not opened yet. */
export function smallChain(changes: Partial<Genesis> = {}): SmallChain {
  const authority = newKeyPair()
  const dir = mkdtempSync(join(tmpdir(), "blackstart-chain-"))
  const genesis = smallGenesis(authority, changes)
  EmbeddedLedger.create(dir, genesis)
  return { dir, genesis, authority }
}

/** Opens it with blocks cut by hand only, unless told otherwise. */
export const openChain = ({ dir }: SmallChain, options: EmbeddedOptions = {}): EmbeddedLedger =>
  EmbeddedLedger.open(dir, { blockMs: Infinity, perKeySecond: 1e6, ...options })

let nonces = 0
/** Signs a command of the chain's network with a nonce larger than any before. */
export function ask(
  { genesis }: { readonly genesis: Genesis },
  key: KeyPair,
  type: string,
  row: Body["row"],
  more: { evidence?: Uint8Array; nonce?: number; chain?: string; expiryS?: number; network?: string } = {},
): Uint8Array {
  const body = {
    chain: more.chain ?? genesis.chain,
    expiryS: more.expiryS ?? genesis.beginS + genesis.expirySecondsMax,
    network: more.network ?? genesis.network,
    nonce: more.nonce ?? ++nonces,
    type,
    row,
  }
  return signCommand(key, body, more.evidence)
}
