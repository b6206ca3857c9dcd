/** An artist: pays for a picture, and waits until the chain's renderers have made it. */
import { RecordProblem } from "../../protocol/boundary/durable.ts"
import { sceneProblem, tilesOf, type SceneAsk } from "../../protocol/proofs/path-tracer.ts"
import { sceneEvidence } from "../ledger/render-door.ts"
import { Patron } from "./patron.ts"

export class Artist extends Patron {
  /** Asks for a picture; its number on the chain. Throws a RecordProblem where it cannot be had. */
  async order(scene: SceneAsk): Promise<number> {
    const problem = sceneProblem(scene)
    if (problem !== undefined) throw new RecordProblem(problem)
    const { account, status, door } = await this.joined("render", "renders nothing")
    const left = BigInt(account.grantedAtto) - BigInt(account.spentAtto)
    if (left > 0n) await this.ask(door.asks.buy(account.node, left), undefined, "buying credits")
    await this.ask(door.asks.submit(account.node, tilesOf(scene), status.time), sceneEvidence(scene), "asking for the picture")
    const mine = (await this.client.pictures()).find(({ artist }) => artist === account.account)
    if (mine === undefined) throw new RecordProblem("the chain took the picture and does not list it: ask another gateway")
    return mine.picture
  }
}
