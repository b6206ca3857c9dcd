/** Every half hour: data sets whose proving period ended without a proof. */
import type { Settle } from "../../kernel/network.ts"
import { isOpen } from "../../kernel/slots.ts"
import { addRow } from "../../kernel/table.ts"
import { epochAt, isInHistory } from "./chain-time.ts"
import { PERIOD_EPOCHS } from "./decide-possession.ts"
import type { Events } from "./events.ts"
import type { FilecoinParams } from "./params.ts"
import { countFaultPeriods } from "./possession.ts"
import type { State } from "./state.ts"

type Line = Settle<State, Events, FilecoinParams>

/** On the chain whoever opens the next period records the fault; here the first half hour after the deadline does. */
const fault_periods: Line = ({ dataSet, dataSetHead }, at, { out }) => {
  if (dataSetHead.open[0] === 0 || !isInHistory(at)) return
  const epoch = epochAt(at)
  const to = out.PeriodsFaulted
  for (let d = 0; d < dataSet.length; d++) {
    const deadline = dataSet.deadlineEpoch[d]
    if (deadline >= epoch || !isOpen(dataSet, d)) continue
    // A rail that has ended waits to be settled and is not asked for proofs of later periods.
    if (dataSet.endEpoch[d] > 0 && deadline - PERIOD_EPOCHS >= dataSet.endEpoch[d]) continue
    const r = addRow(to)
    to.dataSet[r] = d
    to.periods[r] = countFaultPeriods(PERIOD_EPOCHS, epoch - deadline, false)
  }
}

export const possessionLines = { fault_periods } as const
