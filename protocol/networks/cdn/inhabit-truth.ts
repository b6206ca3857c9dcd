/** What is true of the centralised network in a simulated world: which of its parts work, and what that does to requests. */
import type { Facility, Habitat } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { FAILED, LOADED, REJECTED } from "./events.ts"
import type { CdnParams } from "./params.ts"

export const BUILDER = "config-builder"
export const CONTROL_PLANE = "control-plane"
export const DASHBOARD = "dashboard"
export const LOGIN = "login"
export const EDGE = "edge"
export const KV_THROUGH_PROXY = "kv-through-proxy"
export const LATE_SERVICES = "late-services"

export const facilities: readonly Facility[] = [
  {
    name: BUILDER,
    because:
      "Generates the configuration. Corrupt: the chance in permille that a build is bad. Served 0: generation is stopped. " +
      "Sound again (served 1000, corrupt 0) while an incident is open: people return the fleet to the last known good file.",
  },
  {
    name: CONTROL_PLANE,
    because: "Pushes configurations and hears reports. Served 0: PoPs run on what they have, and nobody notices anything.",
  },
  { name: DASHBOARD, because: "Where customers log in. Served: share of logins it can take, whatever the proxy does." },
  {
    name: LOGIN,
    because: "The dashboard's login path. Served 0: a backlog of retries fails secondWaveFailingPermille of the logins.",
  },
  { name: EDGE, because: "Every PoP's own software. Served: share of requests that succeed, on top of everything else." },
  {
    name: KV_THROUGH_PROXY,
    because:
      "Workers KV and Access go through the core proxy. Served 0: they go round it, which relieves a failing fleet and frees the dashboard.",
  },
  {
    name: LATE_SERVICES,
    because: "Services that people must restart by hand after a fault. Served 0: tailFailingPermille of all requests fail.",
  },
]

export const observes = {
  "pops.running": {
    unit: "PoPs",
    because: "Points of presence with power and a running process, whatever the control plane believes.",
  },
  "pops.broken": { unit: "PoPs", because: "Those of them whose configuration breaks the module that loads it." },
  "edge.ok": { unit: "‰ of requests", because: "Requests that succeed at a running PoP, on average." },
  "dashboard.ok": {
    unit: "‰ of logins",
    because: "Logins and calls of the control plane that succeed: the other plane of such a network.",
  },
} as const

export interface Quality {
  /** Requests that succeed, in permille. */
  readonly ok: number
  /** Those of the successful ones that were answered worse than promised, in permille of the successful. */
  readonly degradedOfOk: number
}

/** What becomes of a PoP's requests while its configuration works, or breaks the module that loads it. */
export function computeQuality(habitat: Habitat, params: Values<CdnParams>, broken: boolean): Quality {
  const relief = Math.floor((params.bypassReliefPermille * (1000 - habitat.served(KV_THROUGH_PROXY))) / 1000)
  const failing = broken ? params.failingSharePermille - Math.floor((params.failingSharePermille * relief) / 1000) : 0
  const tail = Math.floor((params.tailFailingPermille * (1000 - habitat.served(LATE_SERVICES))) / 1000)
  const passed = 1000 - failing
  const ok = Math.floor((Math.floor((passed * (1000 - tail)) / 1000) * habitat.served(EDGE)) / 1000)
  const degraded = broken ? Math.min(params.degradedSharePermille, passed) : 0
  return { ok, degradedOfOk: passed === 0 ? 0 : Math.floor((degraded * 1000) / passed) }
}

/** Share of dashboard logins that succeed, in permille, when `ok` permille of all requests do. */
export function computeDashboard(habitat: Habitat, params: Values<CdnParams>, ok: number): number {
  // A login reads Workers KV, and so fails with the core proxy for as long as Workers KV goes through it.
  const throughProxy = habitat.served(KV_THROUGH_PROXY)
  const proxy = 1000 - Math.floor(((1000 - ok) * throughProxy) / 1000)
  const backlog = 1000 - Math.floor((params.secondWaveFailingPermille * (1000 - habitat.served(LOGIN))) / 1000)
  return Math.floor((Math.floor((proxy * backlog) / 1000) * habitat.served(DASHBOARD)) / 1000)
}

/** What a PoP's software does with a file of `features` features. */
export function computeOutcome(params: Values<CdnParams>, features: number): number {
  if (features <= params.featureLimit) return LOADED
  return params.validateBeforeLoad === 1 ? REJECTED : FAILED
}

/** Can the control plane and this PoP talk to each other? Retries get through anything that lets something through. */
export const isReachable = (habitat: Habitat, node: number): boolean =>
  habitat.running[node] === 1 && habitat.throughPermille[node] > 0
