/** A control for every parameter, made of what the network says of it: unit, range, source and reason. Grouped and searchable. */
import type { Param } from "../protocol/kernel/param.ts"
import { whole } from "./figures.ts"

export interface Knob {
  readonly network: string
  readonly name: string
  readonly param: Param
  readonly value: number
  readonly standard: number
}

export interface KnobListener {
  /** While it moves, and once more when it is let go. */
  readonly move: (knob: Knob, value: number, isFinal: boolean) => void
}

/** Places of a slider. */
const PLACES = 1000
/** A range wider than this, from nought, is walked by ratio. */
const WIDE = 10_000

/** Place on the slider of a value, and back: whole numbers at both ends. */
export function placeOf({ range: [min, max] }: Param, value: number): number {
  const size = max - min
  if (size <= PLACES) return value - min
  if (min >= 0 && size > WIDE) return Math.round((PLACES * Math.log(value - min + 1)) / Math.log(size + 1))
  return Math.round((PLACES * (value - min)) / size)
}
export function valueAt({ range: [min, max] }: Param, place: number): number {
  const size = max - min
  if (size <= PLACES) return min + place
  if (place >= PLACES) return max
  if (min >= 0 && size > WIDE) return min + roundly(Math.exp((place / PLACES) * Math.log(size + 1)) - 1)
  return min + Math.round((place / PLACES) * size)
}
/** Three digits are enough for a hand. */
const roundly = (v: number): number => {
  if (v < 1000) return Math.round(v)
  const power = 10 ** (Math.floor(Math.log10(v)) - 2)
  return Math.round(v / power) * power
}

/** `emissionTokensPerDay` → `emission tokens per day`. */
export const wordsOf = (name: string): string =>
  name
    .replaceAll(/([a-z\d])([A-Z])/gu, "$1 $2")
    .replaceAll(/([A-Z])([A-Z][a-z])/gu, "$1 $2")
    .replaceAll(/\b[A-Z][a-z]/gu, (w) => w.toLowerCase())

/**
 * Parameters by what they are about, in the order in which the network names them. Those without a topic are put together by the first
 * word of their names, if others share it.
 */
export function groupsOf(all: Readonly<Record<string, Param>>): ReadonlyMap<string, readonly string[]> {
  const names = Object.keys(all)
  const first = (name: string): string => /^[a-z]+/u.exec(name)?.[0] ?? name
  const bare = names.filter((name) => all[name].topic === undefined)
  const counts = Map.groupBy(bare, first)
  const groups = Map.groupBy(
    names,
    (name) => all[name].topic ?? (bare.length <= 20 ? ALL : counts.get(first(name))!.length >= 4 ? wordsOf(first(name)) : OTHER),
  )
  return new Map([...groups].sort(([a], [b]) => (a === OTHER ? 1 : b === OTHER ? -1 : 0)))
}
export const ALL = "all parameters"
const OTHER = "other"

let made = 0

/** One parameter's control. */
export function knobElement(knob: Knob, listener: KnobListener): HTMLElement {
  const { param, name, network } = knob
  const id = `p${++made}`
  const box = document.createElement("div")
  box.className = knob.value === knob.standard ? "param" : "param changed"
  const top = box.appendChild(document.createElement("div"))
  top.className = "top"
  const label = top.appendChild(document.createElement("label"))
  label.htmlFor = id
  label.textContent = wordsOf(name)
  label.title = `${network}.${name}`
  const number = top.appendChild(document.createElement("input"))
  number.type = "number"
  number.id = id
  number.step = "1"
  number.min = String(param.range[0])
  number.max = String(param.range[1])
  number.value = String(knob.value)
  const slider = box.appendChild(document.createElement("input"))
  slider.type = "range"
  slider.min = "0"
  slider.max = String(Math.min(PLACES, param.range[1] - param.range[0]))
  slider.value = String(placeOf(param, knob.value))
  slider.setAttribute("aria-label", `${wordsOf(name)}, slider`)
  slider.setAttribute("aria-describedby", `${id}w`)
  number.setAttribute("aria-describedby", `${id}w`)
  const why = box.appendChild(document.createElement("p"))
  why.className = "why"
  why.id = `${id}w`
  const unit = why.appendChild(document.createElement("b"))
  unit.textContent = `${param.unit}, ${whole(param.range[0])} to ${whole(param.range[1])}. `
  why.append(`${param.because} `)
  if (param.side === "world") why.append("No rule reads it: people and the world are like this. ")
  const source = why.appendChild(document.createElement("cite"))
  source.textContent = `Source: ${param.source}.${param.atStart === true ? " Mostly set when a run begins." : ""}`
  const say = (): void => slider.setAttribute("aria-valuetext", `${number.value} ${param.unit}`)
  say()
  const moved = (value: number, isFinal: boolean): void => {
    box.classList.toggle("changed", value !== knob.standard)
    back.hidden = value === knob.standard
    say()
    listener.move(knob, value, isFinal)
  }
  const take = (value: number, isFinal: boolean): void => {
    number.value = String(value)
    slider.value = String(placeOf(param, value))
    moved(value, isFinal)
  }
  slider.addEventListener("input", () => {
    number.value = String(valueAt(param, slider.valueAsNumber))
    moved(number.valueAsNumber, false)
  })
  slider.addEventListener("change", () => moved(number.valueAsNumber, true))
  number.addEventListener("change", () => {
    // What does not fit is refused by the core, in its own sentence.
    const value = number.value === "" ? knob.standard : number.valueAsNumber
    slider.value = String(placeOf(param, Math.min(param.range[1], Math.max(param.range[0], value))))
    moved(value, true)
  })
  const back = box.appendChild(document.createElement("button"))
  back.type = "button"
  back.textContent = `Back to ${whole(knob.standard)}`
  back.hidden = knob.value === knob.standard
  back.addEventListener("click", () => {
    take(knob.standard, true)
    number.focus()
  })
  return box
}

/** Does a parameter answer a search? Every word must be found somewhere in what is said of it. */
export function answers(name: string, param: Param, search: string): boolean {
  const text = `${name} ${wordsOf(name)} ${param.because} ${param.source} ${param.unit}`.toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/u)
    .every((word) => text.includes(word))
}
