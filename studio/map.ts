/** Nodes on a map, drawn straight into pixels: ten thousand of them in about a millisecond. Red is loss, hollow is not there. */
import { CUT_OFF, LOST_MOST, STOPPED } from "../browser/messages.ts"
import { ASPECT, landRings, project } from "./earth.ts"
import { rgbOf } from "./colour.ts"

/** Shares lost, in steps; the last two are the ways of not being there. */
export const STEPS = [
  { upto: 0.005, words: "served", colour: "node" },
  { upto: 0.1, words: "lost up to 10%", colour: "loss-1" },
  { upto: 0.5, words: "lost 10–50%", colour: "loss-2" },
  { upto: 0.9, words: "lost 50–90%", colour: "loss-3" },
  { upto: 1, words: "lost over 90%", colour: "loss-4" },
] as const
export const GONE = { words: "not running", colour: "gone" } as const
export const CUT = { words: "cut off", colour: "loss-4" } as const

export const stepOf = (level: number): number => {
  if (level === STOPPED) return STEPS.length + 1
  if (level === CUT_OFF) return STEPS.length
  const lost = level / LOST_MOST
  return STEPS.findIndex((s) => lost <= s.upto)
}
const STEP_OF = Uint8Array.from({ length: 256 }, (_, level) => Math.max(0, stepOf(level)))

/** How many nodes stand in each step. */
export function countSteps(levels: Uint8Array): readonly number[] {
  const counts = new Array<number>(STEPS.length + 2).fill(0)
  for (const level of levels) counts[STEP_OF[level]]++
  return counts
}

export class NodeMap {
  readonly canvas: HTMLCanvasElement
  readonly #rings = landRings()
  #x = new Float32Array(0)
  #y = new Float32Array(0)
  #ground: Uint32Array | undefined
  #image: ImageData | undefined
  #colours = new Uint32Array(0)
  #ringColour = 0
  /** Marked node, −1: none. */
  marked = -1
  /** Milliseconds of the last drawing. */
  tookMs = 0

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas
  }

  /** Where nodes stand; call again when the network or the run changes. */
  place(latE7: Int32Array, lngE7: Int32Array): void {
    this.#x = new Float32Array(latE7.length)
    this.#y = new Float32Array(latE7.length)
    for (let i = 0; i < latE7.length; i++) {
      const [x, y] = project(latE7[i] / 1e7, lngE7[i] / 1e7)
      this.#x[i] = x
      this.#y[i] = y
    }
  }

  /** Draws the land anew: after a change of size or of light and dark. `hue` is the CSS variable of nodes that are served. */
  prepare(hue: string): void {
    const ratio = Math.min(2, globalThis.devicePixelRatio || 1)
    const width = Math.max(1, Math.round(this.canvas.clientWidth * ratio))
    const height = Math.max(1, Math.round(width / ASPECT))
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width
      this.canvas.height = height
    }
    const context = this.canvas.getContext("2d", { willReadFrequently: true })!
    const css = getComputedStyle(this.canvas)
    context.fillStyle = css.getPropertyValue("--sea")
    context.fillRect(0, 0, width, height)
    context.fillStyle = css.getPropertyValue("--land")
    for (const ring of this.#rings) {
      context.beginPath()
      for (let i = 0; i < ring.length; i += 2) context.lineTo(ring[i] * width, ring[i + 1] * height)
      context.fill()
    }
    this.#image = context.getImageData(0, 0, width, height)
    this.#ground = new Uint32Array(this.#image.data.buffer.slice(0))
    const names = STEPS.map((s) => (s.colour === "node" ? hue : `--${s.colour}`))
    this.#colours = Uint32Array.from([...names, `--${CUT.colour}`, "--soft"], (name) => packed(css.getPropertyValue(name)))
    this.#ringColour = packed(css.getPropertyValue("--ink"))
  }

  draw(levels: Uint8Array | undefined): void {
    const began = performance.now()
    const image = this.#image
    const ground = this.#ground
    if (image === undefined || ground === undefined) return
    const { width, height } = image
    const pixels = new Uint32Array(image.data.buffer)
    pixels.set(ground)
    const dense = this.#x.length > 2000
    const size = Math.max(2, Math.round((width / 900) * (dense ? 2 : 4)))
    // Losses last, so that they lie on top.
    for (const isLost of [false, true])
      for (let i = 0; i < this.#x.length; i++) {
        const step = levels === undefined ? 0 : STEP_OF[levels[i]]
        if (step > 0 !== isLost) continue
        this.#dot(pixels, width, height, i, size + (isLost ? 1 : 0), this.#colours[step], step === STEPS.length + 1)
      }
    if (this.marked >= 0 && this.marked < this.#x.length) this.#mark(pixels, width, height, size)
    this.canvas.getContext("2d")!.putImageData(image, 0, 0)
    this.tookMs = performance.now() - began
  }

  /** The node within ten pixels of a point of the page, or −1. */
  nodeAt(clientX: number, clientY: number): number {
    const box = this.canvas.getBoundingClientRect()
    const [px, py] = [clientX - box.left, clientY - box.top]
    let best = -1
    let least = 100
    for (let i = 0; i < this.#x.length; i++) {
      const dx = this.#x[i] * box.width - px
      const dy = this.#y[i] * box.height - py
      const d = dx * dx + dy * dy
      if (d < least) {
        least = d
        best = i
      }
    }
    return best
  }

  #dot(pixels: Uint32Array, width: number, height: number, i: number, size: number, colour: number, isHollow: boolean): void {
    const left = Math.max(0, Math.min(width - size, Math.round(this.#x[i] * width - size / 2)))
    const top = Math.max(0, Math.min(height - size, Math.round(this.#y[i] * height - size / 2)))
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++)
        if (!isHollow || size < 4 || y === 0 || x === 0 || y === size - 1 || x === size - 1)
          pixels[(top + y) * width + left + x] = colour
  }

  /** A square around the node that is looked at. */
  #mark(pixels: Uint32Array, width: number, height: number, size: number): void {
    const half = size + 5
    const [cx, cy] = [Math.round(this.#x[this.marked] * width), Math.round(this.#y[this.marked] * height)]
    for (let d = -half; d <= half; d++)
      for (const [x, y] of [
        [cx + d, cy - half],
        [cx + d, cy + half],
        [cx - half, cy + d],
        [cx + half, cy + d],
        [cx + d, cy - half - 1],
        [cx + d, cy + half + 1],
        [cx - half - 1, cy + d],
        [cx + half + 1, cy + d],
      ])
        if (x >= 0 && y >= 0 && x < width && y < height) pixels[y * width + x] = this.#ringColour
  }
}

/** A CSS colour as a pixel, little-endian. */
function packed(css: string): number {
  const [r, g, b] = rgbOf(css)
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0
}
