/** What has happened to warm storage: data sets proven by possession (PDP) and paid by rails in USDFC (1e-18). */
import { event } from "../../kernel/row-type.ts"
import { amount, nodeIndex, unit } from "../../kernel/unit.ts"
import { epochUnit } from "./units.ts"

export const dataSetIndex = unit("data set", "u32")
export const dataSetGib = unit("GiB", "u32")
export const periodCount = unit("proving periods", "u32")

export const possessionEvents = {
  PaymentDeposited: event("A client put USDFC into Filecoin Pay.", { node: nodeIndex, amountUsdfc: amount }),
  PaymentWithdrawn: event("A client took out USDFC that no rail locks.", { node: nodeIndex, amountUsdfc: amount }),
  DataSetCreated: event("A provider keeps a client's data set warm: 30 days of its price are locked.", {
    client: nodeIndex,
    node: nodeIndex,
    gib: dataSetGib,
    epoch: epochUnit,
    /** Proving periods are counted from here. */
    activationEpoch: epochUnit,
    /** Per epoch. */
    rateUsdfc: amount,
  }),
  PossessionProven: event("A data set was proven for its period, and the proof fee burnt.", {
    dataSet: dataSetIndex,
    feeAtto: amount,
  }),
  PeriodsFaulted: event("Proving periods went by without a proof: they are not paid, and nothing else happens.", {
    dataSet: dataSetIndex,
    periods: periodCount,
  }),
  RailSettled: event("A rail came this far: proven periods are paid, faulted ones passed over.", {
    dataSet: dataSetIndex,
    epoch: epochUnit,
    settledEpoch: epochUnit,
    paidUsdfc: amount,
  }),
  DataSetTerminated: event("A rail ends 30 days after what the client's account had covered; its lockup pays them.", {
    dataSet: dataSetIndex,
    epoch: epochUnit,
    endEpoch: epochUnit,
  }),
} as const
