/** Figures of a ledger in Prometheus' text format. Metric names of the network become blackstart_NETWORK_NAME. */
import type { GatewayLedger } from "./server.ts"

export function prometheus(ledger: GatewayLedger): string {
  const { application: app } = ledger
  const { gate, network, machine } = app
  const { height, time } = app.info()
  const lines: string[] = []
  const put = (name: string, kind: string, help: string, value: number): void =>
    void lines.push(`# HELP blackstart_${name} ${help}`, `# TYPE blackstart_${name} ${kind}`, `blackstart_${name} ${value}`)
  put("height", "counter", "Blocks committed.", height)
  put("chain_time_seconds", "gauge", "Chain time of the last block, Unix seconds.", time)
  put("commands_total", "counter", "Commands taken up in blocks.", gate.control.commands[0])
  put("commands_refused_total", "counter", "Of them, refused by the door or the network's rules.", gate.control.refused[0])
  put("accounts", "gauge", "Keys that joined.", gate.account.length - 1)
  put("waiting", "gauge", "Commands waiting for a block.", ledger.waiting)
  put("writable", "gauge", "1 while the ledger can write.", ledger.trouble === undefined ? 1 : 0)
  const quorum = ledger.validators?.()
  if (quorum !== undefined) {
    put("validator_power_here", "gauge", "Power of the validators that are here.", quorum.powerHere)
    put("validator_power_needed", "gauge", "Power that a block takes.", quorum.powerNeeded)
    put("halted", "gauge", "1 while no blocks come.", quorum.halted ? 1 : 0)
  }
  for (const [name, metric] of Object.entries(network.metrics))
    put(
      `${network.name}_${name.replaceAll(/[^a-zA-Z0-9]/gu, "_")}`,
      metric.kind,
      `${metric.because} [${metric.unit}]`.replaceAll("\n", " "),
      metric.of(machine.state),
    )
  return `${lines.join("\n")}\n`
}
