/** What may be asked of the market, and why it may be refused. Amounts are attoFIL of a single deal, unless a whole sum moves. */
import { command } from "../../kernel/row-type.ts"
import { amount, flag, nodeIndex, seconds, unit } from "../../kernel/unit.ts"
import { bundleMask, bundleSize, dealIndex, marketSide, pieceMib } from "./events-deals.ts"
import { deadlineIndex } from "./units.ts"

export const dealCommands = {
  AddMarketBalance: command(
    "Somebody puts FIL into the market's escrow, for a client or a provider.",
    { node: nodeIndex, side: marketSide, amountAtto: amount },
    ["MarketFunded"],
  ),
  WithdrawMarketBalance: command("It takes out what no deal locks.", { node: nodeIndex, side: marketSide, amountAtto: amount }, [
    "MarketWithdrawn",
  ]),
  PublishDeals: command(
    "A provider publishes deals that a client signed. `kept`: the bundles are the client's objects of the same numbers (ours).",
    {
      client: nodeIndex,
      node: nodeIndex,
      deals: bundleMask,
      each: bundleSize,
      pieceMib,
      verified: flag,
      kept: flag,
      startS: seconds,
      days: unit("days", "u16"),
      priceAtto: amount,
      providerCollateralAtto: amount,
      clientCollateralAtto: amount,
      atS: seconds,
    },
    ["DealsPublished"],
  ),
  ActivateDeals: command(
    "A provider proves that published deals lie in sectors of a deadline.",
    { node: nodeIndex, deal: dealIndex, deadline: deadlineIndex, atS: seconds },
    ["DealsActivated"],
  ),
  SettleDealPayments: command("Somebody asks the market to pay what is due.", { deal: dealIndex, atS: seconds }, [
    "DealsSettled",
    "DealsCompleted",
    "DealsTimedOut",
  ]),
} as const

export const dealRefusals = {
  escrow_locked: "Only what no deal locks is taken out of the market.",
  no_deals: "There are no deals to speak of.",
  piece_size_invalid: "A piece is a power of two MiB, up to a sector.",
  too_many_deals: "A sector holds at most 256 deals, and no more bytes than it has.",
  start_in_past: "A deal starts when it is published, or later.",
  duration_out_of_range: "A deal lasts from 180 to 1278 days.",
  price_below_zero: "Nobody is paid for storing, or locks less than nothing.",
  provider_collateral_too_small: "The provider's collateral is its share of power of 1% of the supply, at least.",
  client_escrow_too_small: "The client's free escrow does not cover price and collateral.",
  provider_escrow_too_small: "The provider's free escrow does not cover its collateral.",
  unknown_deal: "There is no such deal of this provider.",
  already_active: "The deal lies in a sector.",
  start_passed: "A deal is in a sector by its start, or never.",
  sector_ends_before_deal: "A deal ends with its sector, at the latest.",
  allocation_expired: "An allocation is claimed within 60 days.",
  claim_term_out_of_range: "A sector that claims an allocation outlives the deal by 90 days at most.",
  no_room: "The deadline's sectors have no room for that many deals, or that many bytes.",
  deal_not_active: "The deal is not active, and its start has not passed.",
  nothing_to_settle: "Nothing is due since the start, or the last settlement.",
} as const
