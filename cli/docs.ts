/** docs/reference: one page per network, written from the network itself, and one of the adversaries. `node cli/docs.ts`, or `--check` to compare only. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { AnyNetwork, Cadence, Metric, NodeMeasure } from "../protocol/kernel/network.ts"
import type { Invariants } from "../protocol/kernel/invariant.ts"
import type { Params, Preset } from "../protocol/kernel/param.ts"
import type { CommandTypes, EventTypes, Unity } from "../protocol/kernel/row-type.ts"
import type { Shape } from "../protocol/kernel/table.ts"
import { networks } from "../protocol/networks/index.ts"
import { renderAdversaries } from "./docs-adversaries.ts"

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "..", "docs", "reference")

const cell = (text: string | number): string => String(text).replaceAll("|", "\\|").replaceAll("\n", " ")
const code = (text: string | number): string => `\`${cell(text)}\``
const number = (n: number): string => (Number.isFinite(n) ? String(n).replace(/\B(?=(\d{3})+$)/g, ",") : String(n))

function grid(head: readonly string[], rows: readonly (readonly string[])[], right: readonly string[] = []): string {
  if (rows.length === 0) return "None.\n"
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`
  return [line(head), line(head.map((h) => (right.includes(h) ? "---:" : "---"))), ...rows.map(line), ""].join("\n")
}

const words = (shape: Shape): string =>
  Object.keys(shape)
    .map((name) => `${code(name)} ${cell(shape[name].unit)}`)
    .join(" · ")
const unityOf = (unity: Unity): string =>
  unity === "row"
    ? "one row"
    : unity === "batch"
      ? "any rows: they are independent"
      : "ascending" in unity
        ? `one row a ${code(unity.ascending)}: they are independent`
        : `all rows of one ${code(unity.book)}`
const every = (seconds: number): string => {
  for (const [name, size] of [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
  ] as const)
    if (seconds % size === 0) return seconds === size ? `every ${name}` : `every ${seconds / size} ${name}s`
  return `every ${seconds} s`
}

/** The page of a network: a pure function of it, in the order in which it declares things. */
export function renderReference(network: AnyNetwork): string {
  const commands = network.commands as CommandTypes
  const events = network.events as EventTypes
  const params = network.params as Params
  const presets = network.presets as Readonly<Record<string, Preset>>
  const cadences = network.cadences as Readonly<Record<string, Cadence<unknown, EventTypes, Params>>>
  const metrics = network.metrics as Readonly<Record<string, Metric<unknown>>>
  const measures = network.nodeMeasures as Readonly<Record<string, NodeMeasure<unknown>>>
  const { observes = {}, facilities, profile } = network.inhabit
  const rows = <T>(all: Readonly<Record<string, T>>, row: (name: string, one: T) => readonly string[]) =>
    Object.keys(all).map((name) => row(name, all[name]))
  /** A table for every topic; one without a heading where a network names none. */
  const parameters = (side: "protocol" | "world") => {
    const mine = Object.entries(params).filter(([, p]) => (p.side ?? "protocol") === side)
    return [...Map.groupBy(mine, ([, p]) => p.topic)]
      .flatMap(([topic, group]) => [
        ...(topic === undefined ? [] : [`### ${topic}`, ""]),
        grid(
          ["Parameter", "Default", "Range", "Unit", "Why", "Source"],
          group.map(([name, p]) => [
            code(name),
            number(p.default),
            `${number(p.range[0])} to ${number(p.range[1])}`,
            cell(p.unit),
            cell(p.because),
            cell(p.source),
          ]),
          ["Default"],
        ),
      ])
      .join("\n")
  }
  const preset = (name: string, p: Preset): string => {
    const dates = p.from === undefined ? "" : `, from ${p.from}${p.to === undefined ? "" : ` to ${p.to}`}`
    const changes = Object.entries(p.values).map(
      ([param, value]) => `- ${code(`${param} = ${value}`)} (default ${params[param].default} ${cell(params[param].unit)})`,
    )
    const isDefault = name === network.defaultPreset ? " (default)" : ""
    return [
      `**${name}**${isDefault}${dates}. ${p.because}`,
      "",
      changes.length === 0 ? "- every parameter at its default" : changes.join("\n"),
      "",
    ].join("\n")
  }
  const cadence = (name: string, c: (typeof cadences)[string]): string =>
    [
      `**${name}**, ${every(c.everySeconds)}. ${c.because}`,
      "",
      ...Object.keys(c.lines).map((line, i) => `${i + 1}. ${code(line)}`),
      "",
    ].join("\n")
  return [
    `# ${network.name}`,
    "",
    `${network.because} A node is a ${network.nodeWord}; the service is counted in ${network.service.unit}s. ${network.service.because}`,
    "",
    `Generated from protocol/networks/${network.name} by \`npm run docs\`; do not edit.`,
    "",
    "## Commands",
    "",
    "What may be asked. One decision is made of the rows named under Decided.",
    "",
    grid(
      ["Command", "What", "Columns", "Decided", "Writes"],
      rows(commands, (name, c) => [code(name), cell(c.because), words(c.shape), unityOf(c.unity), c.emits.map(code).join(", ")]),
    ),
    "## Events",
    "",
    "What has happened. These names and columns are the storage format.",
    "",
    grid(
      ["Event", "What", "Columns"],
      rows(events, (name, e) => [code(name), cell(e.because), words(e.shape)]),
    ),
    "## Refusals",
    "",
    "Why a command may be refused, in order of precedence.",
    "",
    grid(
      ["Refusal", "Why"],
      rows(network.refusals as Readonly<Record<string, string>>, (name, why) => [code(name), cell(why)]),
    ),
    "## Parameters of the rules",
    "",
    parameters("protocol"),
    "## Parameters of the world",
    "",
    "Only people and machines in a simulated world read these; no rule does.",
    "",
    parameters("world"),
    "## Presets",
    "",
    ...rows(presets, (name, p) => [preset(name, p)]).flat(),
    "## Cadences",
    "",
    ...rows(cadences, (name, c) => [cadence(name, c)]).flat(),
    "## Promises",
    "",
    "Checked after every epoch of every run.",
    "",
    grid(
      ["Promise", "Why"],
      rows(network.invariants as Invariants<unknown>, (name, i) => [code(name), cell(i.because)]),
    ),
    "## Metrics",
    "",
    "One value per epoch; a counter says what the epoch added, a gauge how it stands.",
    "",
    grid(
      ["Metric", "Unit", "Kind", "What"],
      rows(metrics, (name, m) => [code(name), cell(m.unit), m.kind, cell(m.because)]),
    ),
    ...(Object.keys(observes).length === 0
      ? []
      : [
          "Seen by the actors, not by the protocol:",
          "",
          grid(
            ["Metric", "Unit", "What"],
            rows(observes, (name, o) => [code(name), cell(o.unit), cell(o.because)]),
          ),
        ]),
    `## Measures of a ${network.nodeWord}`,
    "",
    grid(
      ["Measure", "Unit", "What"],
      rows(measures, (name, m) => [code(name), cell(m.unit), cell(m.because)]),
    ),
    "## Facilities",
    "",
    `Parts that are no ${network.nodeWord} and can fail. Nodes are placed by the profile ${code(profile)}.`,
    "",
    grid(
      ["Facility", "What"],
      facilities.map((f) => [code(f.name), cell(f.because)]),
    ),
  ].join("\n")
}

/** Writes the pages, or only compares them; gives the names of those that differ. */
export function references(write: boolean): readonly string[] {
  if (write) mkdirSync(FOLDER, { recursive: true })
  const pages = [
    ...Object.values(networks as Readonly<Record<string, AnyNetwork>>).map((n) => [n.name, renderReference(n)] as const),
    ["adversaries", renderAdversaries()] as const,
  ]
  return pages.flatMap(([name, page]) => {
    const path = join(FOLDER, `${name}.md`)
    if (existsSync(path) && readFileSync(path, "utf8") === page) return []
    if (write) writeFileSync(path, page)
    return [`docs/reference/${name}.md`]
  })
}

if (import.meta.main) {
  const [, , flag, ...more] = process.argv
  if ((flag !== undefined && flag !== "--check") || more.length > 0) {
    console.error(`docs knows only --check, got ${[flag, ...more].join(" ")}`)
    process.exitCode = 2
  } else {
    const check = flag === "--check"
    const differ = references(!check)
    for (const path of differ) console.log(check ? `${path} is out of date: run npm run docs` : `wrote ${path}`)
    if (differ.length === 0) console.log("docs/reference is current")
    if (check && differ.length > 0) process.exitCode = 1
  }
}
