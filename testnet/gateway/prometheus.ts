/**
 * Figures of a ledger in Prometheus' text format (0.0.4). Metric `proof.accepted` of the network filecoin is
 * `blackstart_filecoin_proof_accepted_total`: words in snake case, and `_total` behind what only grows.
 */
import type { GatewayLedger } from "./server.ts"

/** Figures of one name: written once, with every set of labels they have. */
export interface Family {
  /** Without `blackstart_` in front and, for a counter, `_total` behind. */
  readonly name: string
  readonly kind: "counter" | "gauge"
  readonly help: string
  readonly samples: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[]
}

export const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

export const prometheus = (ledger: GatewayLedger): string => families(ledger).map(written).join("")

/** A family's lines: HELP, TYPE, then its samples; nothing for a family without any. */
export function written({ name, kind, help, samples }: Family): string {
  if (samples.length === 0) return ""
  const full = `blackstart_${snake(name)}${kind === "counter" ? "_total" : ""}`
  const lines = samples.map(({ labels = {}, value }) => {
    const pairs = Object.entries(labels).map(([label, of]) => `${snake(label)}="${escapeLabel(of)}"`)
    return `${full}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${number(value)}\n`
  })
  return `# HELP ${full} ${escapeHelp(help)}\n# TYPE ${full} ${kind}\n${lines.join("")}`
}

/** `gas.baseFee` → `gas_base_fee`: letters, digits and `_` only. */
const snake = (name: string): string =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/gu, "$1_$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, "_")
const escapeHelp = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")
const escapeLabel = (text: string): string => escapeHelp(text).replaceAll('"', '\\"')
const number = (value: number): string =>
  value === Infinity ? "+Inf" : value === -Infinity ? "-Inf" : Number.isNaN(value) ? "NaN" : String(value)

function families(ledger: GatewayLedger): readonly Family[] {
  const { application: app } = ledger
  const { genesis, gate, network, machine } = app
  const { height, time } = app.info()
  const one = (name: string, kind: Family["kind"], help: string, value: number): Family => ({
    name,
    kind,
    help,
    samples: [{ value }],
  })
  const quorum = ledger.validators?.()
  return [
    {
      name: "chain_info",
      kind: "gauge",
      help: "Always 1: which chain this is.",
      samples: [{ labels: { chain: genesis.chain, network: network.name }, value: 1 }],
    },
    // Where the chain stands, not what this process counted: a repair or another snapshot may set it back.
    one("height", "gauge", "Height of the last block committed.", height),
    one("chain_time_seconds", "gauge", "Chain time of the last block, Unix seconds.", time),
    one("commands", "counter", "Commands taken up in blocks.", gate.control.commands[0]),
    one("commands_refused", "counter", "Of them, refused by the door or the network's rules.", gate.control.refused[0]),
    {
      name: "rule_refusals",
      kind: "counter",
      help: "Refusals of the network's own rules, by reason: those of simulated nodes and of the chain's own commands too.",
      samples: machine.reasons.map((reason, i) => ({ labels: { reason }, value: machine.refused[i] })),
    },
    one("accounts", "gauge", "Keys that joined.", gate.account.length - 1),
    one("waiting", "gauge", "Commands waiting for a block.", ledger.waiting),
    one("writable", "gauge", "1 while the ledger can write.", ledger.trouble === undefined ? 1 : 0),
    ...(quorum === undefined
      ? []
      : [
          one("validator_power_here", "gauge", "Power of the validators that are here.", quorum.powerHere),
          one("validator_power_needed", "gauge", "Power that a block takes.", quorum.powerNeeded),
          one("halted", "gauge", "1 while no blocks come.", quorum.halted ? 1 : 0),
        ]),
    ...Object.entries(network.metrics).map(([name, metric]) =>
      one(`${network.name}_${name}`, metric.kind, `${metric.because} [${metric.unit}]`, metric.of(machine.state)),
    ),
  ]
}
