/**
 * The door of real rendering: which tile of which picture a frame of the core is; who has it; and whether what was promised is what
 * the scene renders to. A tile is promised by its digest in one window; whether it is rendered again is drawn with the seed of the
 * next, when the promise can no longer be changed.
 */
import { renderTile, sceneProblem, tilesOf, type SceneAsk } from "../../protocol/proofs/path-tracer.ts"
import type { AnyTable } from "../../protocol/kernel/table.ts"
import { isEqual } from "../../protocol/proofs/merkle.ts"
import { sha256 } from "./command.ts"
import type { Door, Host } from "./doors.ts"
import type { GateState } from "./gate.ts"
import { DELIVERED, GIVEN, RENDERING, WAITING } from "./gate-render.ts"
import { seedOf } from "./storage-door.ts"
import { fromWords, toWords } from "./words.ts"

export const SCENE_BYTES = 12
const PROMISE_BYTES = 4 + 32
/** Matches in one block: the rest wait for the next. */
const MATCHES_MAX = 200
/** Tiles that the chain renders again in one block. */
const CHECKS_MAX = 64
const PARTS = 2 ** 32

export function sceneEvidence({ seed, width, height, tile, samples }: SceneAsk): Uint8Array {
  const bytes = Buffer.alloc(SCENE_BYTES)
  bytes.writeUInt32LE(seed, 0)
  for (const [k, n] of [width, height, tile, samples].entries()) bytes.writeUInt16LE(n, 4 + 2 * k)
  return new Uint8Array(bytes)
}
export function readScene(evidence: Uint8Array): SceneAsk | undefined {
  if (evidence.length !== SCENE_BYTES) return undefined
  const view = new DataView(evidence.buffer, evidence.byteOffset, SCENE_BYTES)
  const part = (k: number): number => view.getUint16(4 + 2 * k, true)
  const ask = { seed: view.getUint32(0, true), width: part(0), height: part(1), tile: part(2), samples: part(3) }
  return sceneProblem(ask) === undefined ? ask : undefined
}

export interface TilePromise {
  readonly tile: number
  readonly digest: Uint8Array
}
export const tilesEvidence = (promises: readonly TilePromise[]): Uint8Array =>
  new Uint8Array(
    Buffer.concat(
      promises.flatMap(({ tile, digest }) => {
        const head = Buffer.alloc(4)
        head.writeUInt32LE(tile)
        return [head, digest]
      }),
    ),
  )
export function readTiles(evidence: Uint8Array, frames: number): readonly TilePromise[] | undefined {
  if (frames < 1 || evidence.length !== frames * PROMISE_BYTES) return undefined
  const view = new DataView(evidence.buffer, evidence.byteOffset, evidence.length)
  return Array.from({ length: frames }, (_, k) => ({
    tile: view.getUint32(k * PROMISE_BYTES, true),
    digest: evidence.slice(k * PROMISE_BYTES + 4, (k + 1) * PROMISE_BYTES),
  }))
}

export const sceneOf = ({ picture }: Pick<GateState, "picture">, p: number): SceneAsk => ({
  seed: picture.seed[p],
  width: picture.width[p],
  height: picture.height[p],
  tile: picture.tile[p],
  samples: picture.samples[p],
})

/** Is this tile rendered again by the chain? Follows from the seed of the window after its promise. */
export function isDrawn(seed: Uint8Array, tile: number, permille: number): boolean {
  const dice = sha256(Buffer.concat([seed, Buffer.from(`tile ${tile}`)]))
  return new DataView(dice.buffer, dice.byteOffset).getUint32(0, true) < (PARTS * permille) / 1000
}

/** Tiles that a node has to render now. */
export function tilesGiven({ tile }: Pick<GateState, "tile">, node: number): readonly number[] {
  const given: number[] = []
  for (let t = 0; t < tile.length; t++) if (tile.status[t] === GIVEN && tile.node[t] === node) given.push(t)
  return given
}

export function renderDoor(host: Host): Door {
  const { gate, live, machine } = host
  const door = live.render!
  const { state } = machine
  const own = ({ type, row }: { type: string; row: (atS: number) => Readonly<Record<string, number | bigint>> }, time: number) =>
    host.stepOwn(type, row(time))

  const pictureOf = (job: number): number => {
    const { picture } = gate
    for (let p = picture.length - 1; p >= 0; p--) if (picture.status[p] === RENDERING && picture.job[p] === job) return p
    return -1
  }
  const tilesIn = (p: number, status: number): readonly number[] => {
    const { picture, tile } = gate
    const found: number[] = []
    for (let t = picture.first[p]; t < picture.first[p] + picture.tiles[p]; t++) if (tile.status[t] === status) found.push(t)
    return found
  }

  /** Gives a node of the core's match the tiles that are its frames. */
  function give(node: number, time: number): void {
    const p = pictureOf(door.jobOf(state, node))
    if (p < 0) return
    const { frames, level, notNode } = door.given(state, node)
    const { tile } = gate
    const fit = tilesIn(p, WAITING).filter((t) => tile.level[t] === level && tile.notNode[t] === notNode)
    host.tell(
      "TileGiven",
      fit.slice(0, frames).map((t) => ({ tile: t, node, givenS: time })),
    )
  }

  function match(time: number): void {
    const { event, node } = door.assigned
    for (let n = 0; n < MATCHES_MAX; n++) {
      const from = (machine.out[event] as AnyTable).length
      if (own(door.match, time) !== undefined) return
      give((machine.out[event] as unknown as Record<string, Uint32Array>)[node][from], time)
    }
  }

  /** Drops nodes that deliver nothing of what they have, and takes back the tiles of those that are gone. */
  function takeBack(time: number): void {
    const { tile } = gate
    const dropped = new Set<number>()
    for (let t = 0; t < tile.length; t++)
      if (tile.status[t] === GIVEN && time - tile.givenS[t] > door.giveUpSeconds) dropped.add(tile.node[t])
    for (const node of dropped) own(door.dropSilent(node), time)
    returnTiles()
  }
  function returnTiles(): void {
    const { tile, picture } = gate
    const back: { tile: number }[] = []
    for (let t = 0; t < tile.length; t++)
      if (tile.status[t] === GIVEN && door.jobOf(state, tile.node[t]) !== picture.job[tile.picture[t]]) back.push({ tile: t })
    host.tell("TileReturned", back)
  }

  /** Draws among the tiles promised in windows that are over, and renders the drawn ones again. */
  function check(time: number): void {
    const { tile } = gate
    const window = Math.floor(time / live.windowSeconds)
    let checks = 0
    for (let t = 0; t < tile.length; t++) {
      if (tile.status[t] !== DELIVERED || tile.checked[t] === 1 || tile.window[t] >= window) continue
      const seed = seedOf(gate, tile.window[t] + 1)
      if (seed === undefined) continue
      const drawn = isDrawn(seed, t, door.checkedPermille)
      if (drawn && ++checks > CHECKS_MAX) return
      const p = tile.picture[t]
      if (!drawn || isEqual(sha256(renderTile(sceneOf(gate, p), t - gate.picture.first[p])), fromWords(tile, "t", t)))
        host.tell("TileChecked", [{ tile: t, drawn: drawn ? 1 : 0 }])
      else reject(t, time)
    }
  }

  /** One forged tile, and the whole delivery it came in goes back. */
  function reject(forged: number, time: number): void {
    const { picture, tile } = gate
    const p = tile.picture[forged]
    const delivery = tile.delivery[forged]
    const node = tile.node[forged]
    host.tell("TileForged", [{ tile: forged, node }])
    const all = tilesIn(p, DELIVERED).filter((t) => tile.delivery[t] === delivery && tile.node[t] === node)
    if (own(door.reject(picture.job[p], delivery, door.framesIn(state, delivery)), time) !== undefined) return
    host.tell(
      "TileRejected",
      all.map((t) => ({ tile: t, notNode: node + 1 })),
    )
  }

  /** Approves what is delivered of a picture once all of it stood the checks; closes what the network gave up. */
  function approve(time: number): void {
    const { picture, tile } = gate
    for (let p = 0; p < picture.length; p++) {
      if (picture.status[p] !== RENDERING) continue
      const job = picture.job[p]
      if (door.isGivenUp(state, job)) {
        host.tell("PictureGivenUp", [{ picture: p }])
        continue
      }
      const delivered = tilesIn(p, DELIVERED)
      if (delivered.length === 0 || delivered.some((t) => tile.checked[t] === 0) || door.waiting(state, job) === 0) continue
      if (own(door.approve(job), time) === undefined)
        host.tell(
          "TileApproved",
          delivered.map((t) => ({ tile: t })),
        )
    }
  }

  return {
    take(command, account, time) {
      const { body, evidence } = command
      if (live.access[body.type].evidence === "scene") {
        const scene = readScene(evidence)
        if (scene === undefined || body.row[door.framesColumn] !== tilesOf(scene)) return "evidence_is_invalid"
        const refusal = host.stepSigned(command, time)
        if (refusal !== undefined) return refusal
        const job = door.newestJob(state, gate.account.node[account])
        host.tell("PictureAsked", [{ account, job, ...scene, tiles: tilesOf(scene), openedS: time }])
        return undefined
      }
      const node = gate.account.node[account]
      const promises = readTiles(evidence, body.row[door.framesColumn] as number)
      if (promises === undefined) return "evidence_is_invalid"
      const given = new Set(tilesGiven(gate, node))
      for (const { tile } of promises) if (!given.delete(tile)) return "tile_is_not_yours"
      const job = door.jobOf(state, node)
      const refusal = host.stepSigned(command, time)
      if (refusal !== undefined) return refusal
      const delivery = door.lastDelivery(state, job)
      const window = Math.floor(time / live.windowSeconds)
      host.tell(
        "TileDelivered",
        promises.map(({ tile, digest }) => ({ tile, ...toWords("t", digest), delivery, window })),
      )
      return undefined
    },

    begin(time, last) {
      const isNewWindow = Math.floor(time / live.windowSeconds) > Math.floor(last / live.windowSeconds)
      if (isNewWindow) {
        own(door.openRound, time)
        takeBack(time)
        check(time)
        approve(time)
      } else returnTiles()
      match(time)
    },
  }
}
