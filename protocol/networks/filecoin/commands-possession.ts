/** What may be asked of warm storage, and why it may be refused. */
import { command } from "../../kernel/row-type.ts"
import { amount, nodeIndex, seconds, unit } from "../../kernel/unit.ts"
import { marketSide } from "./events-deals.ts"
import { dataSetGib, dataSetIndex } from "./events-possession.ts"

export const possessionCommands = {
  DepositPayment: command("A client puts USDFC into Filecoin Pay.", { node: nodeIndex, amountUsdfc: amount }, [
    "PaymentDeposited",
  ]),
  WithdrawPayment: command("It takes out what no rail locks.", { node: nodeIndex, amountUsdfc: amount, atS: seconds }, [
    "PaymentWithdrawn",
  ]),
  CreateDataSet: command(
    "A client and a provider open a data set and the rail that pays it.",
    { client: nodeIndex, node: nodeIndex, gib: dataSetGib, activationS: seconds, atS: seconds },
    ["DataSetCreated"],
  ),
  ProvePossession: command(
    "A provider answers a data set's challenges.",
    { dataSet: dataSetIndex, node: nodeIndex, challenges: unit("challenges", "u8"), atS: seconds },
    ["PossessionProven"],
  ),
  SettleRail: command("Somebody asks that a rail be paid up.", { dataSet: dataSetIndex, atS: seconds }, ["RailSettled"]),
  TerminateDataSet: command(
    "A client ends a data set that it pays for, or a provider one that it is no longer paid for.",
    { dataSet: dataSetIndex, side: marketSide, atS: seconds },
    ["DataSetTerminated"],
  ),
} as const

export const possessionRefusals = {
  pdp_is_off: "There is no proof of data possession in this network version.",
  usdfc_too_small: "There is not that much USDFC outside Filecoin Pay.",
  funds_locked: "Only what no rail locks is taken out of Filecoin Pay.",
  data_set_empty: "An empty data set cannot be proven.",
  activation_out_of_range: "Proving begins within 43,200 epochs.",
  client_is_delinquent: "The client's account does not reach the present.",
  lockup_not_covered: "The client's free funds do not cover 30 days of the price.",
  unknown_data_set: "There is no such data set of this provider.",
  window_not_open: "A data set is proven in the last 60 epochs of its period, and once.",
  too_few_challenges: "A proof answers five challenges, at least.",
  rail_is_full: "The rail remembers 32 periods: it is settled before another is proven (ours).",
  already_terminated: "The data set is ending.",
  client_is_funded: "A provider ends a data set only when its client's account has run dry.",
} as const
