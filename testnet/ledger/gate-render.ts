/** What the gate keeps of pictures: which scene a job is of, who has which tile, and the digests of what was delivered. */
import { event } from "../../protocol/kernel/row-type.ts"
import { paged, table, touchRow, type Columns, type Table } from "../../protocol/kernel/table.ts"
import { flag, nodeIndex, seconds, unit } from "../../protocol/kernel/unit.ts"
import { append, putRow, words } from "./words.ts"

const account = unit("account", "u32")
const pictureIndex = unit("picture", "u32")
const tileIndex = unit("tile", "u32")
const windowIndex = unit("window (Unix)", "u32")
const side = unit("pixels", "u16")

export const RENDERING = 1
export const FINISHED = 2
export const GIVEN_UP = 3
export const WAITING = 0
export const GIVEN = 1
export const DELIVERED = 2
export const APPROVED = 3

export const sceneColumns = {
  seed: unit("seed", "u32"),
  width: side,
  height: side,
  tile: side,
  samples: unit("paths a pixel", "u16"),
} as const
const pictureShape = {
  account,
  job: unit("job", "u32"),
  ...sceneColumns,
  first: tileIndex,
  tiles: unit("tiles", "u32"),
  approved: unit("tiles", "u32"),
  status: unit("1 rendering, 2 finished, 3 given up", "u8", RENDERING, GIVEN_UP),
  openedS: seconds,
} as const
const tileShape = {
  picture: pictureIndex,
  status: unit("0 waiting, 1 given, 2 delivered, 3 approved", "u8", WAITING, APPROVED),
  node: nodeIndex,
  /** Rejections behind it, and the node + 1 it must not go back to. */
  level: unit("rejections", "u8"),
  notNode: unit("node + 1; 0: any", "u32"),
  ...words("t"),
  delivery: unit("delivery", "u32"),
  window: windowIndex,
  givenS: seconds,
  checked: flag,
} as const

export interface RenderGate {
  readonly picture: Table<typeof pictureShape>
  readonly tile: Table<typeof tileShape>
}
export const renderTables = (): RenderGate => ({ picture: paged(table(pictureShape, 16)), tile: paged(table(tileShape, 64)) })

export const renderEvents = {
  PictureAsked: event("An artist asked for a picture: its tiles wait.", {
    account,
    job: pictureShape.job,
    ...sceneColumns,
    tiles: pictureShape.tiles,
    openedS: seconds,
  }),
  TileGiven: event("A node got a tile to render.", { tile: tileIndex, node: nodeIndex, givenS: seconds }),
  TileReturned: event("A tile waits again, because its node is gone.", { tile: tileIndex }),
  TileDelivered: event("A node promised a tile's content by its digest.", {
    tile: tileIndex,
    ...words("t"),
    delivery: tileShape.delivery,
    window: windowIndex,
  }),
  TileChecked: event("A tile can no longer be changed, and was not drawn, or was rendered again to the same bytes.", {
    tile: tileIndex,
    /** 1: rendered again by the chain. */
    drawn: flag,
  }),
  TileForged: event("A drawn tile is not what its node promised: it and all of its delivery are rejected.", {
    tile: tileIndex,
    node: nodeIndex,
  }),
  TileRejected: event("A tile of a rejected delivery waits for another node.", { tile: tileIndex, notNode: tileShape.notNode }),
  TileApproved: event("The artist's standing order approved a tile.", { tile: tileIndex }),
  PictureGivenUp: event("The network gave a picture's job up.", { picture: pictureIndex }),
} as const
type Events = typeof renderEvents

const setStatus = (tile: RenderGate["tile"], i: number, status: number): void => {
  tile.status[i] = status
  touchRow(tile, i)
}

export const evolveRender: {
  readonly [K in keyof Events]: (s: RenderGate, rows: Columns<Events[K]["shape"]>, begin: number, end: number) => void
} = {
  PictureAsked({ picture, tile }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      append(picture, rows, i, { first: tile.length, status: RENDERING })
      for (let k = 0; k < rows.tiles[i]; k++) append(tile, {}, 0, { picture: picture.length - 1 })
    }
  },
  TileGiven({ tile }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const t = rows.tile[i]
      tile.node[t] = rows.node[i]
      tile.givenS[t] = rows.givenS[i]
      setStatus(tile, t, GIVEN)
    }
  },
  TileReturned({ tile }, rows, begin, end) {
    for (let i = begin; i < end; i++) setStatus(tile, rows.tile[i], WAITING)
  },
  TileDelivered({ tile }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const t = rows.tile[i]
      const { picture, node, level, notNode, givenS } = tile
      const kept = { picture: picture[t], node: node[t], level: level[t], notNode: notNode[t], givenS: givenS[t] }
      putRow(tile, t, rows, i, { ...kept, status: DELIVERED, checked: 0 })
    }
  },
  TileChecked({ tile }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      tile.checked[rows.tile[i]] = 1
      touchRow(tile, rows.tile[i])
    }
  },
  TileForged() {
    // What follows from it are the rejections.
  },
  TileRejected({ tile }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const t = rows.tile[i]
      tile.level[t]++
      tile.notNode[t] = rows.notNode[i]
      tile.checked[t] = 0
      setStatus(tile, t, WAITING)
    }
  },
  TileApproved({ picture, tile }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const p = tile.picture[rows.tile[i]]
      setStatus(tile, rows.tile[i], APPROVED)
      if (++picture.approved[p] === picture.tiles[p]) picture.status[p] = FINISHED
      touchRow(picture, p)
    }
  },
  PictureGivenUp({ picture }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      picture.status[rows.picture[i]] = GIVEN_UP
      touchRow(picture, rows.picture[i])
    }
  },
}
