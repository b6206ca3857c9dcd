/** Everything that has a name and a reason, as the registry declares it. */
import { networks } from "../protocol/networks/index.ts"
import type { AnyNetwork } from "../protocol/kernel/network.ts"
import type { Params } from "../protocol/kernel/param.ts"

export type Kind =
  | "network"
  | "parameter"
  | "preset"
  | "metric"
  | "node measure"
  | "event"
  | "command"
  | "refusal"
  | "invariant"
  | "facility"

export interface Entry {
  readonly kind: Kind
  /** "helium.witnessesMax" */
  readonly name: string
  /** "witnessesMax" */
  readonly short: string
  /** Label and text, in the order they are read. */
  readonly facts: readonly (readonly [label: string, text: string])[]
}

type Described = Readonly<Record<string, { readonly because: string }>>

export function catalogue(): readonly Entry[] {
  return Object.values(networks as unknown as Record<string, AnyNetwork>).flatMap(entriesOf)
}

function entriesOf(n: AnyNetwork): readonly Entry[] {
  const entry = (kind: Kind, short: string, facts: Entry["facts"]): Entry => ({
    kind,
    name: kind === "network" ? short : `${n.name}.${short}`,
    short,
    facts,
  })
  const of = (kind: Kind, all: Described, more: (name: string) => Entry["facts"] = () => []): readonly Entry[] =>
    Object.entries(all).map(([name, { because }]) => entry(kind, name, [...more(name), ["because", because]]))
  const commands = n.commands as Readonly<
    Record<string, { readonly shape: Readonly<Record<string, unknown>>; readonly emits: readonly string[] }>
  >
  const events = n.events as Readonly<Record<string, { readonly shape: Readonly<Record<string, unknown>> }>>
  return [
    entry("network", n.name, [
      ["is", n.because],
      ["serves", `${n.service.unit}: ${n.service.because}`],
      ["node", n.nodeWord],
      [
        "presets",
        Object.keys(n.presets)
          .map((p) => (p === n.defaultPreset ? `${p} (default)` : p))
          .join(", "),
      ],
      ["parameters", Object.keys(n.params).join(", ")],
      ["metrics", Object.keys(n.metrics).join(", ")],
      ["facilities", n.inhabit.facilities.map((f) => f.name).join(", ")],
    ]),
    ...Object.entries(n.params as Params).map(([name, p]) =>
      entry("parameter", name, [
        ["default", `${p.default}${unitOf(p.unit)}`],
        ["range", `${p.range[0]} to ${p.range[1]}${unitOf(p.unit)}`],
        ["source", p.source],
        ["because", p.because],
        ...(p.topic === undefined ? [] : [["about", p.topic] as const]),
        ["read by", p.side === "world" ? "the world: people and machines" : "the protocol: a rule"],
        ...presetFacts(n, name),
        ["set it", `--set ${n.name}.${name}=${p.default}`],
      ]),
    ),
    ...Object.entries(n.presets).map(([name, p]) =>
      entry("preset", name, [
        ["in force", p.from === undefined ? "never: a what-if" : `${p.from} to ${p.to ?? "now"}`],
        [
          "changes",
          Object.entries(p.values)
            .map(([k, v]) => `${k} = ${v}`)
            .join(", ") || "nothing: the defaults are this regime",
        ],
        ["because", p.because],
      ]),
    ),
    ...of("metric", n.metrics, (name) => [
      ["unit", `${n.metrics[name].unit} (${n.metrics[name].kind === "counter" ? "only grows" : "as it stands"})`],
    ]),
    ...of("metric", n.inhabit.observes ?? {}, (name) => [
      ["unit", `${n.inhabit.observes![name].unit} (seen by the world, not by the protocol)`],
    ]),
    ...of("node measure", n.nodeMeasures, (name) => [["unit", `${n.nodeMeasures[name].unit}, for each ${n.nodeWord}`]]),
    ...of("event", n.events as Described, (name) => [["columns", Object.keys(events[name].shape).join(", ")]]),
    ...of("command", n.commands as Described, (name) => [
      ["columns", Object.keys(commands[name].shape).join(", ")],
      ["becomes", commands[name].emits.join(", ")],
    ]),
    ...Object.entries(n.refusals as Readonly<Record<string, string>>).map(([name, why]) =>
      entry("refusal", name, [["because", why]]),
    ),
    ...of("invariant", n.invariants),
    ...n.inhabit.facilities.map((f) => entry("facility", f.name, [["because", f.because]])),
  ]
}

/** A switch says what its two values are and has no other unit. */
const unitOf = (unit: string): string => (unit === "0 or 1" ? "" : ` ${unit}`)

/** What dated regimes make of a parameter. */
function presetFacts(n: AnyNetwork, parameter: string): Entry["facts"] {
  const set = Object.entries(n.presets).filter(([, p]) => Object.hasOwn(p.values, parameter))
  return set.map(([name, p]) => [`in ${name}`, String((p.values as Readonly<Record<string, number>>)[parameter])] as const)
}
