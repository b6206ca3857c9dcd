/** The centralised comparator: points of presence under one control plane. Same contract, one operator, no token. */
import { network } from "../../kernel/network.ts"
import { commands, refusals } from "./commands.ts"
import { decide } from "./decide.ts"
import { events } from "./events.ts"
import { evolve } from "./evolve.ts"
import { inhabit } from "./inhabit.ts"
import { params, presets } from "./params.ts"
import { cadences } from "./settle.ts"
import { genesis, invariants, isIncidentOpen, sabotage, seldom, stateTables, type State } from "./state.ts"

export const cdn = network({
  name: "cdn",
  because: "What the open networks are measured against: one operator, one control plane, one configuration for every PoP.",
  service: { unit: "request", because: "A user's HTTP request, answered by the nearest point of presence." },
  nodeWord: "PoP",
  commands,
  events,
  refusals,
  params,
  presets,
  defaultPreset: "cloudflare-2025-11-18",
  genesis,
  tables: stateTables,
  seldom,
  decide,
  evolve,
  cadences,
  invariants,
  metrics: {
    "pops.registered": {
      unit: "PoPs",
      because: "Points of presence in service.",
      kind: "gauge",
      of: ({ control }: State) => control.registered[0],
    },
    "pops.reporting": {
      unit: "PoPs",
      because: "Those the control plane has heard from lately.",
      kind: "gauge",
      of: ({ control }: State) => control.reporting[0],
    },
    "pops.failing": {
      unit: "PoPs",
      because: "Those that report too many failed requests.",
      kind: "gauge",
      of: ({ control }: State) => control.failing[0],
    },
    "health.error": {
      unit: "‰",
      because: "Mean share of failed requests over the PoPs heard from, as the control plane sees it.",
      kind: "gauge",
      of: ({ control }: State) => (control.reporting[0] === 0 ? 0 : Math.floor(control.errorSum[0] / control.reporting[0])),
    },
    "health.reports": {
      unit: "reports",
      because: "Reports of PoPs on their health.",
      kind: "counter",
      of: ({ control }: State) => control.reports[0],
    },
    "config.published": {
      unit: "configurations",
      because: "Configurations that left the builder.",
      kind: "counter",
      of: ({ config }: State) => config.length,
    },
    "config.current": {
      unit: "revision",
      because: "What PoPs outside an open roll-out are meant to run.",
      kind: "gauge",
      of: ({ control }: State) => control.current[0],
    },
    "config.rolling": {
      unit: "revision",
      because: "The configuration now rolling out; 0 when none is.",
      kind: "gauge",
      of: ({ control }: State) => control.rolling[0],
    },
    "config.failures": {
      unit: "answers",
      because: "Times a PoP's module broke on a push.",
      kind: "counter",
      of: ({ control }: State) => control.failures[0],
    },
    "config.rejections": {
      unit: "answers",
      because: "Times a PoP kept what it had instead of a push.",
      kind: "counter",
      of: ({ control }: State) => control.rejections[0],
    },
    "rollouts.halted": {
      unit: "roll-outs",
      because: "Roll-outs stopped for hurting the PoPs they reached.",
      kind: "counter",
      of: ({ control }: State) => control.halts[0],
    },
    rollbacks: {
      unit: "rollbacks",
      because: "Returns to the last known good configuration, by machine or by hand.",
      kind: "counter",
      of: ({ control }: State) => control.rollbacks[0],
    },
    "incident.open": {
      unit: "0 or 1",
      because: "Whether the control plane knows that something is wrong.",
      kind: "gauge",
      of: (state: State) => (isIncidentOpen(state) ? 1 : 0),
    },
    "incidents.detected": {
      unit: "incidents",
      because: "Incidents opened by the automated test.",
      kind: "counter",
      of: ({ control }: State) => control.incidentsOpened[0],
    },
    "incidents.seconds": {
      unit: "s",
      because: "Onset to mitigation, over all incidents cleared.",
      kind: "counter",
      of: ({ control }: State) => control.incidentSeconds[0],
    },
  },
  detectedS: ({ control }) => control.detectedS[0],
  nodeMeasures: {
    failures: {
      unit: "answers",
      because: "Times this PoP's module broke on a push.",
      of: ({ pop }: State, node: number) => pop.failures[node],
    },
    rejections: {
      unit: "answers",
      because: "Times this PoP kept what it had.",
      of: ({ pop }: State, node: number) => pop.rejections[node],
    },
    brokenSeconds: {
      unit: "s",
      because: "Time on a configuration that broke it, up to the last time it was mended.",
      of: ({ pop }: State, node: number) => pop.brokenSeconds[node],
    },
    reports: {
      unit: "reports",
      because: "Reports on its health that reached the control plane.",
      of: ({ pop }: State, node: number) => pop.reports[node],
    },
  },
  inhabit,
  sabotage,
})
