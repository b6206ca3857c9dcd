/**
 * Developers and updaters. A release is ready whenever the truth about the facility `client-release` changes: corrupt in so many permille, it
 * breaks that share of the nodes that run it; sound, it is the one that puts things right. Each node takes what it is offered, a while later.
 */
import { appendRow } from "../../kernel/table.ts"
import type { Values } from "../../kernel/param.ts"
import { below, stream } from "../../kernel/random.ts"
import { computeStage, HALTED, ROLLING } from "../release.ts"
import type { Desk } from "./inhabit-watch.ts"
import type { ResilienceParams } from "./params.ts"

/** The facility that stands for the developers' next release. */
export const CLIENT_RELEASE = "client-release"
type V = Values<ResilienceParams>

export class Releases {
  readonly #d: Desk
  readonly #luck
  #settled = ""

  constructor(desk: Desk) {
    this.#d = desk
    this.#luck = stream(desk.seen.seed, "resilience/adopt")
  }

  /** A first release for a network that watches its roll-outs: later ones can then be taken back. */
  begin(v: V, atS: number): void {
    if (v.rolloutStages > 1) this.#push(0, atS)
  }

  #push(badPermille: number, atS: number): void {
    const { commands, memory, state, submit, seen } = this.#d
    const before = state.releases.release.length
    appendRow(commands.PushRelease, { at: atS })
    submit("PushRelease")
    const number = state.releases.release.length
    if (number > before && number < seen.nodes) memory.releaseBad[number] = badPermille
  }

  /** What developers push and nodes take by `toS`. Power is asked of the truth: an updater works where the client crashes. */
  act(v: V, isRunning: Uint8Array, toS: number): void {
    const { seen, state, memory, commands, submit } = this.#d
    const corrupt = seen.corrupt(CLIENT_RELEASE)
    const { release, node: taken, total } = state.releases
    if (corrupt + 1 !== memory.releaseBad[0]) {
      const isFirst = memory.releaseBad[0] === 0
      // While one release rolls the next has to wait: it is looked at again.
      if ((!isFirst || corrupt > 0) && total.rolling[0] === 0) {
        this.#push(corrupt, toS)
        memory.releaseBad[0] = corrupt + 1
      } else if (isFirst && corrupt === 0) memory.releaseBad[0] = 1
    }
    if (release.length === 0) return
    const rolling = total.rolling[0]
    const back = total.last[0]
    const haltedLast = release.status[release.length - 1] === HALTED
    // Once everyone who may had the time to take it, nobody is asked again until something changes.
    const offer = `${seen.truthVersion()}/${taken.version}/${release.version}/${total.version}/${v.versionCapPermille}`
    if (offer === this.#settled) return
    for (let node = 0; node < seen.nodes; node++) {
      if (isRunning[node] === 0 || seen.throughPermille[node] === 0) continue
      const mine = taken.release[node]
      let want = 0
      if (mine > 0 && release.status[mine - 1] === HALTED) want = back
      else if (rolling > 0 && mine !== rolling) want = rolling
      else if (rolling === 0 && !haltedLast && mine !== release.length) want = release.length
      if (want === 0 || want === mine) continue
      const k = want - 1
      if (
        release.status[k] === ROLLING &&
        computeStage(node, want, release.stages[k], release.canaryPermille[k], v.observerSeed) > release.stage[k]
      )
        continue
      const offeredS = release.stageS[k]
      if (toS < offeredS + below(this.#luck, v.releaseAdoptSeconds, node, want)) continue
      if (this.#isFull(v, k, mine)) continue
      appendRow(commands.AdoptRelease, { node, release: want, at: toS })
    }
    const isQuiet = commands.AdoptRelease.length === 0
    submit("AdoptRelease")
    let latest = 0
    for (let k = 0; k < release.length; k++) latest = Math.max(latest, release.stageS[k])
    this.#settled = isQuiet && toS >= latest + v.releaseAdoptSeconds ? offer : ""
  }

  /** Where a release is at its cap nobody asks for more: what would be refused is public. */
  #isFull(v: V, k: number, mine: number): boolean {
    const { release } = this.#d.state.releases
    if (mine > 0 && release.status[mine - 1] === HALTED) return false
    return release.nodes[k] * 1000 >= this.#d.seen.nodes * v.versionCapPermille
  }
}
