/** The tracer gives one picture, on every engine, tile by tile or whole. */
import { createHash } from "node:crypto"
import fc from "fast-check"
import { expect, test } from "vitest"
import { renderTile, sceneProblem, tileAt, tilesOf, type SceneAsk } from "./path-tracer.ts"

const SCENE: SceneAsk = { seed: 7, width: 40, height: 24, tile: 16, samples: 8 }
const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex")
function whole(ask: SceneAsk): Uint8Array {
  const rgb = new Uint8Array(ask.width * ask.height * 3)
  for (let n = 0; n < tilesOf(ask); n++) {
    const at = tileAt(ask, n)
    const bytes = renderTile(ask, n)
    for (let y = 0; y < at.height; y++)
      rgb.set(bytes.subarray(y * at.width * 3, (y + 1) * at.width * 3), ((at.y + y) * ask.width + at.x) * 3)
  }
  return rgb
}

test("the same bytes for ever: measured on Node 20 and 24", () => {
  expect(hash(whole(SCENE))).toBe("1aec5658323054d3bd9bef9c25ee87f3c8b1a561fd42d8212ed26403ff2f8f9e")
})

test("cut into other tiles it is the same picture", () => {
  expect(hash(whole({ ...SCENE, tile: 8 }))).toBe(hash(whole(SCENE)))
})

test("another seed is another picture, and neither is a flat one", () => {
  expect(hash(whole({ ...SCENE, seed: 8 }))).not.toBe(hash(whole(SCENE)))
  expect(new Set(whole(SCENE)).size).toBeGreaterThan(100)
})

test("any ask is rendered or refused in a sentence; tiles cover the picture once", () => {
  const n = fc.oneof(fc.integer({ min: -2, max: 80 }), fc.double(), fc.constant(4096))
  fc.assert(
    fc.property(fc.record({ seed: n, width: n, height: n, tile: n, samples: n }), (ask) => {
      if (sceneProblem(ask) !== undefined) {
        expect(() => renderTile(ask, 0)).toThrow(RangeError)
        return
      }
      let pixels = 0
      for (let t = 0; t < tilesOf(ask); t++) pixels += tileAt(ask, t).width * tileAt(ask, t).height
      expect(pixels).toBe(ask.width * ask.height)
    }),
  )
  expect(() => renderTile(SCENE, tilesOf(SCENE))).toThrow(/no tile/u)
})
