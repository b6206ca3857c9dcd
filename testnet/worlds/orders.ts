/** What is done to real nodes, as data: the facts that a timeline brings about in a simulated world, each with the way to bring it about here. */

/** One thing done to one node, `atS` seconds after the scenario begins. */
export interface Order {
  readonly atS: number
  readonly node: number
  readonly act: Act
  /** slow: share of packets that pass [‰]. lose: share of the stored bytes that is lost [‰]. */
  readonly permille?: number
}
export type Act = "kill" | "push" | "pause" | "start" | "cut" | "mend" | "slow" | "lose"

/** How each is done to a process, for the report. */
export const DOING: Readonly<Record<Act, string>> = {
  kill: "SIGKILL to the node's process",
  push: "a version is installed that ends at its start, and is started again and again",
  pause: "SIGSTOP to the node's process",
  start: "SIGCONT, or the good version's process is started again on the same folder",
  cut: "every packet between node and gateway is dropped",
  mend: "packets pass again",
  slow: "a share of the packets from the node is dropped, drawn one by one",
  lose: "replicas on the node's disk are overwritten with random bytes",
}

/** A world fact of the simulator: its type, its row, and the verb of the timeline that caused it. */
export interface Fact {
  readonly atS: number
  readonly type: string
  readonly row: Readonly<Record<string, number>>
  readonly cause?: string
}

/** Verbs whose end of a node is a signal, not a version. */
const KILLS = ["kill", "blackout", "restorePower", "upgrade", "seize", "leave"]
const PUSHES = ["push", "restart"]

/** The orders that do to processes what the facts say, or the sentence that says which of them cannot be done to any. */
export function ordersOf(facts: readonly Fact[], beginS: number): readonly Order[] | string {
  const orders: Order[] = []
  for (const { atS, type, row, cause = "" } of facts) {
    // A version's name means nothing to a process here: what installing it does comes as a stop and a start.
    if (type === "Install") continue
    const act = actOf(type, cause)
    if (act === undefined)
      return `${cause === "" ? type : cause} cannot be done to real processes: kill, pause, restart, disconnect, reconnect, degrade, blackout, restorePower, upgrade, push, loseData, seize and leave can`
    const permille = act === "slow" ? row.passes : act === "lose" ? row.lost : undefined
    orders.push({ atS: atS - beginS, node: row.node, act, ...(permille === undefined ? {} : { permille }) })
  }
  return orders
}

function actOf(type: string, cause: string): Act | undefined {
  if (type === "Stop")
    return cause === "pause" ? "pause" : KILLS.includes(cause) ? "kill" : PUSHES.includes(cause) ? "push" : undefined
  if (type === "Start") return "start"
  if (type === "Cut") return "cut"
  if (type === "Mend") return "mend"
  if (type === "Slow") return "slow"
  return type === "LoseData" ? "lose" : undefined
}
