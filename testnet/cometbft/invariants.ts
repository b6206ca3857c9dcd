/** What must hold after all of it, asked by RPC alone: one history, one state, nothing from nowhere, and every answer kept. */
import { splitBatch } from "../ledger/batch.ts"
import type { CometRpc } from "./rpc.ts"
import { signatureIn, type Acknowledged } from "./trial-load.ts"
import type { Validator } from "./validator-network.ts"

export interface Checked {
  readonly invariant: string
  readonly ok: boolean
  readonly detail: string
}

interface Results {
  readonly txs_results: readonly { readonly code: number; readonly data: string | null }[] | null
}

/** Blocks asked for at once. */
const LANES = 8

export async function checkInvariants(
  all: readonly Validator[],
  acknowledged: readonly Acknowledged[],
  evidenceWanted: boolean,
): Promise<Checked[]> {
  const out: Checked[] = []
  const put = (invariant: string, ok: boolean, detail: string): void => void out.push({ invariant, ok, detail })
  const status = await Promise.all(all.map((v) => v.rpc.status()))
  const top = Math.min(...status.map((s) => Number(s.sync_info.latest_block_height)))
  const floors = status.map((s) => Number(s.sync_info.earliest_block_height))
  let [compared, blocksDiffer, hashesDiffer, evidence] = [0, 0, 0, 0]
  const standing = new Map<string, number[]>()
  await inLanes(top, async (height) => {
    const here = all.filter((_, i) => floors[i] <= height)
    const blocks = await Promise.all(here.map((v) => v.rpc.block(height)))
    compared += blocks.length
    if (new Set(blocks.map((b) => b.block_id.hash)).size !== 1) blocksDiffer++
    if (new Set(blocks.map((b) => b.block!.header.app_hash)).size !== 1) hashesDiffer++
    evidence += blocks[0].block!.evidence.evidence?.length ?? 0
    const txs = blocks[0].block!.data.txs ?? []
    if (txs.length === 0) return
    const { txs_results } = await here[0].rpc.call<Results>("block_results", { height: String(height) })
    for (const [t, tx] of txs.entries()) {
      const codes = Buffer.from(txs_results?.[t].data ?? "", "base64")
      for (const [k, command] of (splitBatch(Buffer.from(tx, "base64")) ?? []).entries())
        if (codes.readUInt16BE(2 * k) === 0) {
          const signature = signatureIn(command)
          standing.set(signature, [...(standing.get(signature) ?? []), height])
        }
    }
  })
  put(
    "equal blocks",
    blocksDiffer === 0,
    `${compared} blocks of ${all.length} nodes at ${top} heights, ${blocksDiffer} heights differ`,
  )
  put("equal app hashes", hashesDiffer === 0, `${hashesDiffer} heights differ`)
  const missing = acknowledged.filter(({ signature, height }) => !(standing.get(signature) ?? []).includes(height)).length
  const twice = [...standing.values()].filter((heights) => heights.length > 1).length
  put(
    "every acknowledged command is present once",
    missing === 0 && twice === 0 && acknowledged.length > 0,
    `${acknowledged.length} acknowledged, ${missing} missing, ${twice} of ${standing.size} taken up twice`,
  )
  const promises = await Promise.all(all.map((v) => v.rpc.query<{ checked: number; broken: number; height: number }>("promises")))
  put(
    "supply conserved",
    promises.every((p) => p.broken === 0),
    `${promises[0].checked} promises, debits and credits among them, on ${all.length} nodes at ${promises.map((p) => p.height).join(", ")}: ${promises.reduce((n, p) => n + p.broken, 0)} broken`,
  )
  const sets = await Promise.all(all.map((v) => validatorsAt(v.rpc, top)))
  put("equal validator sets", new Set(sets).size === 1, `${sets[0].split(" ").length} validators at ${top}`)
  put("evidence of who signed twice, and of nobody else", evidence > 0 === evidenceWanted, `${evidence} pieces stand in blocks`)
  return out
}

async function validatorsAt(rpc: CometRpc, height: number): Promise<string> {
  const { validators } = await rpc.call<{ validators: readonly { address: string; voting_power: string }[] }>("validators", {
    height: String(height),
    per_page: "100",
  })
  return validators.map((v) => `${v.address}:${v.voting_power}`).join(" ")
}

async function inLanes(top: number, each: (height: number) => Promise<void>): Promise<void> {
  let next = 1
  const lane = async (): Promise<void> => {
    while (next <= top) await each(next++)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}
