/** The render role: renders the tiles it is given, promises them by their digests, and hands the pixels to a gateway. */
import { renderTile, type SceneAsk } from "../../protocol/proofs/path-tracer.ts"
import { sha256 } from "../ledger/command.ts"
import type { Account } from "../ledger/reading.ts"
import { tilesEvidence } from "../ledger/render-door.ts"
import type { Bench, RoleWork } from "./role.ts"

export class RenderRole implements RoleWork {
  /** How a tile is rendered: tests that forge hand in their own. */
  readonly #tracer: (scene: SceneAsk, number: number) => Uint8Array
  /** Pixels promised and not yet at a gateway. */
  #unsent: Uint8Array[] = []
  #rejected = 0
  #ms = 0
  #tiles = 0

  constructor(tracer: (scene: SceneAsk, number: number) => Uint8Array = renderTile) {
    this.#tracer = tracer
  }

  serve = async (bench: Bench): Promise<void> => {
    const { account, status, live } = bench
    const { asks } = live.render!
    const view = account.render!
    if (!view.registered) {
      const made = await bench.submit(status.network, asks.join(account.node))
      if (bench.took(made, "registering")) bench.tell(`node ${account.node} is registered and waits for tiles`)
      return
    }
    if (!view.connected) {
      bench.took(await bench.submit(status.network, asks.connect(account.node)), "connecting")
      return
    }
    if (view.rejected > this.#rejected)
      bench.tell(
        `${view.rejected - this.#rejected} tile(s) were rejected: rendered again by the chain, they came out otherwise`,
        true,
      )
    this.#rejected = view.rejected
    await this.#send(bench)
    if (view.tiles.length > 0) await this.#render(bench, view.tiles)
  }

  async #render(bench: Bench, tiles: NonNullable<Account["render"]>["tiles"]): Promise<void> {
    const { account, status, live } = bench
    const promises = []
    const pixels: Uint8Array[] = []
    const began = performance.now()
    for (const { tile, number, scene } of tiles) {
      const bytes = this.#tracer(scene, number)
      pixels.push(bytes)
      promises.push({ tile, digest: sha256(bytes) })
      // A page or a stop should not wait for all of them.
      await new Promise((next) => setImmediate(next))
    }
    this.#ms += performance.now() - began
    const delivered = await bench.submit(
      status.network,
      live.render!.asks.deliver(account.node, tiles.length),
      tilesEvidence(promises),
    )
    if (!bench.took(delivered, "delivering tiles")) return
    this.#tiles += tiles.length
    this.#unsent.push(...pixels)
    bench.tell(`${tiles.length} tile(s) rendered and promised`)
    await this.#send(bench)
  }

  async #send(bench: Bench): Promise<void> {
    for (const bytes of this.#unsent.splice(0)) {
      const refused = await bench.client.putBlob(bytes)
      // Not promised any more: it was rejected, or somebody else's. Anything else may pass.
      if (refused !== "" && refused !== "not_promised") this.#unsent.push(bytes)
    }
  }

  leave = async (bench: Bench): Promise<boolean> => {
    const { account, live, status } = bench
    if (account.render!.connected)
      bench.took(await bench.submit(status.network, live.render!.asks.drop(account.node)), "ending its session")
    return true
  }

  clear = (): void => {
    this.#unsent = []
  }

  why = ({ measures }: Account, before: Readonly<Record<string, number>>): string =>
    `its part of the day's pools, by ${(measures.rendered ?? 0) - (before.rendered ?? 0)} tile(s) delivered since and by the time it was there`

  figures = ({ measures, render }: Account): readonly (readonly [string, string])[] => [
    ["tiles delivered", String(measures.rendered ?? 0)],
    ["tiles rejected", String(render?.rejected ?? 0)],
    ["tiles in work", String(render?.frames ?? 0)],
    ["reputation [‰]", String(measures.reputation ?? 0)],
    ["ms a tile", this.#tiles === 0 ? "" : (this.#ms / this.#tiles).toFixed(0)],
  ]
}
