/** Small charts on a canvas, quick enough to be drawn anew while a run goes on. Every one also says in words what it shows. */
import { day, instant } from "../reports/number.ts"

export interface Line {
  readonly values: readonly number[]
  /** End of each value's epoch, Unix seconds. */
  readonly times: readonly number[]
  /** A CSS variable. */
  readonly colour: string
  readonly isDashed?: boolean
  readonly word: string
}

export interface LineChart {
  readonly lines: readonly Line[]
  readonly beginS: number
  readonly endS: number
  /** Written at the axis. */
  readonly say: (value: number, digits: number) => string
  /** Fixed ends of the scale; without them it follows the values. */
  readonly range?: readonly [number, number]
  /** The scale begins at nought. */
  readonly fromNought?: boolean
  /** Time looked at. */
  readonly atS?: number
  readonly shade?: readonly [fromS: number, toS: number]
}

const PAD = { left: 6, right: 6, top: 16, bottom: 18 }
const FONT = "12px system-ui, sans-serif"

interface Frame {
  readonly context: CanvasRenderingContext2D
  readonly css: CSSStyleDeclaration
  readonly width: number
  readonly height: number
}

/** A cleared canvas in CSS pixels. */
export function begin(canvas: HTMLCanvasElement): Frame {
  const ratio = Math.min(2, globalThis.devicePixelRatio || 1)
  const { clientWidth: width, clientHeight: height } = canvas
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))]
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w
    canvas.height = h
  }
  const context = canvas.getContext("2d")!
  const css = getComputedStyle(canvas)
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.fillStyle = css.getPropertyValue("--paper")
  context.fillRect(0, 0, width, height)
  context.font = FONT
  return { context, css, width, height }
}

/** Two to four round values in a range. */
export function ticks(low: number, high: number, most = 3): readonly number[] {
  const size = high - low
  if (!(size > 0)) return [low]
  const raw = size / most
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 2.5, 5, 10].map((k) => k * power).find((s) => s >= raw) ?? raw
  const found: number[] = []
  for (let v = Math.ceil(low / step) * step; v <= high + step / 1e6; v += step) found.push(Math.abs(v) < step / 1e6 ? 0 : v)
  return found
}

export function drawLines(canvas: HTMLCanvasElement, chart: LineChart): void {
  const { context, css, width, height } = begin(canvas)
  const [low, high] = rangeOf(chart)
  const { beginS, endS } = chart
  const x = (s: number): number => PAD.left + ((s - beginS) / Math.max(1, endS - beginS)) * (width - PAD.left - PAD.right)
  const y = (v: number): number => height - PAD.bottom - ((v - low) / (high - low || 1)) * (height - PAD.top - PAD.bottom)
  if (chart.shade !== undefined) {
    context.fillStyle = css.getPropertyValue("--wash")
    context.fillRect(x(chart.shade[0]), PAD.top, x(chart.shade[1]) - x(chart.shade[0]), height - PAD.top - PAD.bottom)
  }
  for (const { values, times, colour, isDashed } of chart.lines) {
    context.strokeStyle = css.getPropertyValue(colour)
    context.lineWidth = 1.8
    context.lineJoin = "round"
    context.setLineDash(isDashed === true ? [6, 4] : [])
    context.beginPath()
    // A value holds for its whole epoch. Many epochs a pixel: every one is still walked, the path is cheap.
    let before = beginS
    for (let i = 0; i < values.length; i++) {
      const py = y(values[i])
      if (i === 0) context.moveTo(x(before), py)
      else if (values.length < 200) context.lineTo(x(before), py)
      context.lineTo(x(times[i]), py)
      before = times[i]
    }
    context.stroke()
  }
  context.setLineDash([])
  if (chart.atS !== undefined) {
    context.strokeStyle = css.getPropertyValue("--ink")
    context.lineWidth = 1
    context.beginPath()
    context.moveTo(x(chart.atS), PAD.top)
    context.lineTo(x(chart.atS), height - PAD.bottom)
    context.stroke()
  }
  drawTicks({ context, css, width, height }, ticks(low, high), y, chart.say)
  context.fillStyle = css.getPropertyValue("--soft")
  context.textBaseline = "alphabetic"
  context.textAlign = "left"
  context.fillText(sayTime(beginS, endS - beginS), PAD.left, height - 4)
  context.textAlign = "right"
  context.fillText(sayTime(endS, endS - beginS), width - PAD.right, height - 4)
}

function rangeOf({ lines, range, fromNought }: LineChart): readonly [number, number] {
  if (range !== undefined) return range
  let [low, high] = [Infinity, -Infinity]
  for (const { values } of lines)
    for (const v of values) {
      if (v < low) low = v
      if (v > high) high = v
    }
  if (low > high) return [0, 1]
  if (fromNought === true) low = Math.min(0, low)
  // A flat line lies in the middle of its chart.
  if (low === high) return low === 0 ? [0, 1] : [low - Math.abs(low) * 0.1, high + Math.abs(high) * 0.1]
  const air = (high - low) * 0.08
  return [fromNought === true && low === 0 ? 0 : low - air, high + air]
}

/** Values of the scale, written over faint lines so that they take no room of their own. */
function drawTicks(
  { context, css, width }: Frame,
  at: readonly number[],
  y: (v: number) => number,
  say: (v: number, digits: number) => string,
): void {
  // As many digits as it takes to tell them apart.
  const digits = [3, 4, 5, 6, 7].find((d) => new Set(at.map((v) => say(v, d))).size === at.length) ?? 3
  context.strokeStyle = css.getPropertyValue("--line")
  context.lineWidth = 1
  context.textAlign = "left"
  context.textBaseline = "bottom"
  for (const v of at) {
    const py = Math.round(y(v)) + 0.5
    context.beginPath()
    context.moveTo(PAD.left, py)
    context.lineTo(width - PAD.right, py)
    context.stroke()
    const text = say(v, digits)
    context.fillStyle = css.getPropertyValue("--paper")
    context.fillRect(PAD.left, py - 15, context.measureText(text).width + 4, 14)
    context.fillStyle = css.getPropertyValue("--soft")
    context.fillText(text, PAD.left, py - 1)
  }
}

const DAY_S = 86_400
const sayTime = (s: number, length: number): string => (length > 6 * DAY_S ? day(s) : instant(s).slice(5, 16))

/** Bars side by side where there are two; counts by bin. */
export function drawBars(
  canvas: HTMLCanvasElement,
  sets: readonly { readonly counts: readonly number[]; readonly colour: string }[],
  say: { readonly least: string; readonly most: string },
): void {
  const { context, css, width, height } = begin(canvas)
  const bins = sets[0]?.counts.length ?? 0
  const most = Math.max(1, ...sets.flatMap((s) => s.counts))
  const step = (width - PAD.left - PAD.right) / Math.max(1, bins)
  const wide = (step - 2) / Math.max(1, sets.length)
  sets.forEach(({ counts, colour }, k) => {
    context.fillStyle = css.getPropertyValue(colour)
    counts.forEach((count, i) => {
      const tall = (count / most) * (height - PAD.top - PAD.bottom)
      context.fillRect(PAD.left + i * step + 1 + k * wide, height - PAD.bottom - tall, Math.max(1, wide), tall)
    })
  })
  context.strokeStyle = css.getPropertyValue("--line")
  context.beginPath()
  context.moveTo(PAD.left, height - PAD.bottom + 0.5)
  context.lineTo(width - PAD.right, height - PAD.bottom + 0.5)
  context.stroke()
  context.fillStyle = css.getPropertyValue("--soft")
  context.textBaseline = "alphabetic"
  context.textAlign = "left"
  context.fillText(say.least, PAD.left, height - 4)
  context.textAlign = "right"
  context.fillText(say.most, width - PAD.right, height - 4)
}

/** Lorenz curves under the line of equality. */
export function drawLorenz(
  canvas: HTMLCanvasElement,
  curves: readonly { readonly curve: readonly number[]; readonly colour: string; readonly isDashed?: boolean }[],
): void {
  const { context, css, width, height } = begin(canvas)
  const x = (p: number): number => PAD.left + p * (width - PAD.left - PAD.right)
  const y = (p: number): number => height - PAD.bottom - p * (height - PAD.top - PAD.bottom)
  context.strokeStyle = css.getPropertyValue("--line")
  context.lineWidth = 1
  context.strokeRect(x(0) + 0.5, y(1) + 0.5, x(1) - x(0) - 1, y(0) - y(1) - 1)
  context.beginPath()
  context.moveTo(x(0), y(0))
  context.lineTo(x(1), y(1))
  context.stroke()
  for (const { curve, colour, isDashed } of curves) {
    context.strokeStyle = css.getPropertyValue(colour)
    context.lineWidth = 1.8
    context.setLineDash(isDashed === true ? [6, 4] : [])
    context.beginPath()
    curve.forEach((v, i) => context.lineTo(x(i / (curve.length - 1)), y(v)))
    context.stroke()
  }
  context.setLineDash([])
  context.fillStyle = css.getPropertyValue("--soft")
  context.textBaseline = "alphabetic"
  context.textAlign = "left"
  context.fillText("poorest", x(0), height - 4)
  context.textAlign = "right"
  context.fillText("richest", x(1), height - 4)
}
