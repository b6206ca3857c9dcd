/** Where the loss fell: every node on an equal-earth map, red by what it lost, ringed where the incident's own domain lies. */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import * as Plot from "@observablehq/plot"
import type { FeatureCollection } from "geojson"
import { feature } from "topojson-client"
import type { GeometryCollection, Topology } from "topojson-specification"
import { draw, type Canvas } from "../canvas.ts"
import type { Data } from "../data.ts"
import { escape, table } from "../layout.ts"
import { label, nodeWordOf, unitsOf, windowOf, type Manifest } from "../manifest.ts"
import { percent, plural, some, whole } from "../number.ts"
import { colourOf } from "../palette.ts"

interface Place {
  readonly network: string
  readonly lat: number
  readonly lng: number
  /** Fraction lost; null when nothing was asked of the node. */
  readonly lost: number | null
  readonly [domain: string]: unknown
}

/** Beyond this many nodes dots must be small and lie on each other. */
const DENSE = 2000
const SLICES = 24

/** Up to this fraction a loss is noise. */
const SLIGHT = 0.005

/** Steps of loss: told by colour, by size and by a count. */
const STEPS = [
  { over: 0.9, words: "lost over 90%", fill: "var(--loss-4)", size: 1.5 },
  { over: 0.5, words: "lost 50–90%", fill: "var(--loss-3)", size: 1.35 },
  { over: 0.1, words: "lost 10–50%", fill: "var(--loss-2)", size: 1.2 },
  { over: SLIGHT, words: "lost 0.5–10%", fill: "var(--loss-1)", size: 1.05 },
] as const

/** The failure domains a node is recorded with, and those of them that are places. */
const GEOGRAPHIC: ReadonlySet<string> = new Set(["grid", "country"])
const DOMAINS = ["provider", "asn", "grid", "country", "region", "client", "operator"] as const

/** One map with what it found, to stand beside others of the same section. */
export interface Card {
  readonly network: string
  /** `321 of 330 PoPs`. */
  readonly hit: string
  /** A sparse map takes half a page and leaves the other half to its table. */
  readonly half: boolean
  readonly picture: string
  readonly below: string
}

/** The map of one network, or one sentence that says why there is none. */
export async function map(data: Data, network: string): Promise<Card | { readonly absent: string }> {
  const m = data.manifest
  const places = (await data.view<Place>("place")).filter((p) => p.network === network)
  const node = nodeWordOf(m, network)
  if (places.length === 0) return { absent: `${label(network)} recorded no ${plural(node)}` }
  const classes = classify(places, network)
  const count = places.filter((p) => (p.lost ?? 0) > SLIGHT).length
  const hit = `${count === 0 ? "none" : whole(count)} of ${some(places.length, node)}`
  const struck = inDomain(m, places)
  const half = places.length <= DENSE
  const said = `Map of ${label(network)}: ${hit} lost more than 0.5%`
  const picture = draw((canvas) => plot(canvas, classes, struck, places.length), said, half)
  const below = `${legend(classes)}${struck === null ? "" : share(struck, places, node)}`
  return { network, hit, half, picture, below }
}

/** What a section of maps draws. */
export const mapSubtitle = (m: Manifest): string =>
  `Each dot is a node, coloured by what was lost of the demand it was asked for ${windowOf(m) === null ? "over the run" : "in the incident window"}; red is loss. Equal-earth projection. Seed ${m.seed}.`

/** How the nodes in the struck domain fared against the others. */
function share({ kind, value, places: inside }: Struck, all: readonly Place[], node: string): string {
  const mean = (some: readonly Place[]) => {
    const asked = some.filter((p) => p.lost !== null)
    return asked.length === 0 ? 0 : asked.reduce((sum, p) => sum + p.lost!, 0) / asked.length
  }
  const members = new Set(inside)
  const rest = all.filter((p) => !members.has(p))
  return `<p class="under">${whole(inside.length)} of ${escape(some(all.length, node))} are in the struck domain (${escape(kind)} ${escape(value)}): they lost ${percent(mean(inside))} on average, the others ${percent(mean(rest))}.</p>`
}

interface Class {
  readonly words: string
  readonly fill: string
  readonly size: number
  readonly opacity: number
  readonly places: readonly Place[]
}

/** From the least to the most hit, so that loss is drawn on top. */
function classify(places: readonly Place[], network: string): Class[] {
  const kept = places.filter((p) => p.lost !== null && p.lost <= SLIGHT)
  const idle = places.filter((p) => p.lost === null)
  const hit = STEPS.map((step, i) => ({
    ...step,
    opacity: 0.95,
    places: places.filter((p) => p.lost !== null && p.lost > step.over && p.lost <= (STEPS[i - 1]?.over ?? Infinity)),
  }))
  return [
    { words: "were asked for nothing", fill: "var(--soft)", size: 0.7, opacity: 0.4, places: idle },
    { words: "lost at most 0.5%", fill: colourOf(network), size: 1, opacity: 0.6, places: kept },
    ...hit.toReversed(),
  ].filter((c) => c.places.length > 0)
}

const legend = (classes: readonly Class[]) =>
  `<ul class="legend">${classes.map((c) => `<li><span class="dot" style="background:${c.fill};opacity:${c.opacity}"></span><b>${whole(c.places.length)}</b> ${escape(c.words)}</li>`).join("")}</ul>`

function plot(canvas: Canvas, classes: readonly Class[], struck: Struck | null, count: number): Plot.PlotOptions {
  // Ten thousand dots must stay dots; three hundred may be seen one by one.
  const size = (count > DENSE ? 1.7 : count > 500 ? 2.6 : 4.4) * (canvas.width > 600 ? 1.35 : canvas.narrow ? 0.85 : 1)
  return {
    height: Math.round(canvas.width * 0.487),
    margin: 1,
    projection: { type: "equal-earth", domain: { type: "Sphere" } },
    marks: [
      Plot.sphere({ fill: "var(--sea)", stroke: "var(--line)" }),
      Plot.geo(ground(canvas), { fill: "var(--land)", stroke: "var(--paper)", strokeWidth: 0.5 }),
      ...inSlices(classes, count).map((c) => dots(c.places, c.fill, count > DENSE ? size : size * c.size, c.opacity)),
      // A struck place is outlined, a few struck nodes are ringed; hundreds of rings would hide what they circle.
      struck !== null && GEOGRAPHIC.has(struck.kind)
        ? Plot.hull(struck.places, {
            x: "lng",
            y: "lat",
            stroke: "var(--ink)",
            strokeWidth: 1.2,
            strokeDasharray: "4,3",
            fill: "none",
          })
        : struck !== null && struck.places.length <= 60
          ? dots(struck.places, "var(--ink)", 1, 0.9, size * 2)
          : null,
    ],
  }
}

/**
 * Where dots lie on dots, whatever is drawn last seems to be everything. So a dense map is drawn in slices of a few nodes
 * of every class each, and its colours mix in the proportion of the nodes.
 */
function inSlices(classes: readonly Class[], count: number): readonly Class[] {
  if (count <= DENSE) return classes
  return Array.from({ length: SLICES }, (_, k) =>
    classes.map((c) => ({ ...c, places: c.places.filter((_, i) => i % SLICES === k) })),
  ).flat()
}

/**
 * Dots of one colour as one path of round-capped points, which is a tenth of the page that ten thousand circles would take.
 * With `ring`, open circles of that diameter.
 */
const dots = (places: readonly Place[], stroke: string, width: number, opacity: number, ring?: number) =>
  Plot.dot(places, {
    x: "lng",
    y: "lat",
    render: (index, _scales, values, _dimensions, context) => {
      const path = context.document.createElementNS("http://www.w3.org/2000/svg", "path")
      const [xs, ys] = [values.x as ArrayLike<number>, values.y as ArrayLike<number>]
      const seen = new Set<string>()
      for (const i of index) {
        const [x, y] = [xs[i].toFixed(1), ys[i].toFixed(1)]
        const r = (ring ?? 0) / 2
        seen.add(
          ring === undefined
            ? `M${x},${y}h0`
            : `M${(xs[i] - r).toFixed(1)},${y}a${r.toFixed(1)},${r.toFixed(1)} 0 1 0 ${ring.toFixed(1)},0a${r.toFixed(1)},${r.toFixed(1)} 0 1 0 ${(-ring).toFixed(1)},0`,
        )
      }
      path.setAttribute("d", [...seen].join(""))
      path.setAttribute("fill", "none")
      path.setAttribute("stroke", stroke)
      path.setAttribute("stroke-width", width.toFixed(2))
      path.setAttribute("stroke-linecap", "round")
      path.setAttribute("opacity", String(opacity))
      return path
    },
  })

interface Struck {
  readonly kind: string
  readonly value: string
  readonly places: readonly Place[]
}

/**
 * The nodes of the failure domain the scenario names: a string in its timeline that is a value of one of the recorded domains.
 * Null when it names none, or when every node is in it.
 */
function inDomain(m: Manifest, places: readonly Place[]): Struck | null {
  const named = stringsIn((m.timeline ?? []).map((x) => x.do))
  for (const value of named)
    for (const kind of DOMAINS) {
      const inside = places.filter((p) => p[kind] === value)
      if (inside.length > 0 && inside.length < places.length) return { kind, value, places: inside }
    }
  return null
}

const stringsIn = (value: unknown): string[] =>
  typeof value === "string" ? [value] : typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : []

const atlases = new Map<string, FeatureCollection>()
/** The countries; on a phone, where borders would be specks, the land alone. */
function ground(canvas: Canvas): FeatureCollection {
  const part = canvas.narrow ? "land" : "countries"
  const known = atlases.get(part)
  if (known !== undefined) return known
  const path = createRequire(import.meta.url).resolve(`world-atlas/${part}-110m.json`)
  const world = JSON.parse(readFileSync(path, "utf8")) as Topology<Record<string, GeometryCollection>>
  const shapes = feature(world, world.objects[part]) as FeatureCollection
  atlases.set(part, shapes)
  return shapes
}

interface CountryRow {
  readonly network: string
  readonly country: string
  readonly nodes: number
  readonly asked_milli: number | bigint
  readonly lost_milli: number | bigint
  readonly all_lost_milli: number | bigint
}

/** The countries whose users lost most, or nothing when nobody lost anything. */
export async function countryTable(data: Data, network: string): Promise<string> {
  const rows = (await data.view<CountryRow>("country")).filter((r) => r.network === network && Number(r.lost_milli) > 0)
  if (rows.length === 0) return ""
  const part = (a: number | bigint, b: number | bigint) => (Number(b) === 0 ? null : ((Number(a) / Number(b)) * 100).toFixed(1))
  return table(
    [
      { text: "Country" },
      { text: plural(nodeWordOf(data.manifest, network)), number: true },
      { text: "lost there", unit: `% of ${unitsOf(data.manifest, network)}`, number: true },
      { text: "share of loss", unit: "% of all lost", number: true },
    ],
    rows.map((r) => [r.country, whole(r.nodes), part(r.lost_milli, r.asked_milli), part(r.lost_milli, r.all_lost_milli)]),
    `${label(network)}: where most was lost`,
  )
}
