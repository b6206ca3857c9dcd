/** The machines of a chain in the order of their streams in its log: the network's, the gate's, and the quorum's where it has validators. */
import { h3Geometry } from "../../protocol/boundary/geometry.ts"
import { Machine } from "../../protocol/kernel/machine.ts"
import type { AnyNetwork } from "../../protocol/kernel/network.ts"
import type { AnyTable } from "../../protocol/kernel/table.ts"
import { gate } from "./gate.ts"
import { machineOf, type Genesis } from "./genesis.ts"
import { Quorum } from "./quorum-door.ts"
import { quorum as quorumNetwork } from "./quorum.ts"

export interface ChainMachines {
  readonly network: AnyNetwork
  readonly machine: Machine
  readonly gateMachine: Machine
  readonly quorum: Quorum | undefined
  readonly all: readonly Machine[]
}

export function chainMachines(genesis: Genesis): ChainMachines {
  const { machine, network } = machineOf(genesis)
  const gateMachine = new Machine(gate, 1, {}, { geometry: h3Geometry })
  const quorum = genesis.validators === undefined ? undefined : new Quorum(genesis)
  return { network, machine, gateMachine, quorum, all: [machine, gateMachine, ...(quorum === undefined ? [] : [quorum.machine])] }
}

/** The same machines with nothing in them yet, for folding a log from its first row. */
export const emptyMachines = (genesis: Genesis): Machine[] => [
  machineOf(genesis).machine,
  ...[gate, ...(genesis.validators === undefined ? [] : [quorumNetwork])].map(
    (n) => new Machine(n, 1, {}, { geometry: h3Geometry }),
  ),
]

/** Every state table, by the stream's name and its own. */
export const tablesOf = (machines: readonly Machine[]): Record<string, AnyTable> =>
  Object.fromEntries(
    machines.flatMap((m, k) =>
      Object.entries(m.stateTables()).map(([name, t]) => [`${["network", "gate", "quorum"][k]}.${name}`, t]),
    ),
  )
