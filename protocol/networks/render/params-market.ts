/** Prices, demand, and why operators stay or go. No rule reads these: inhabitants do. */
import { params as declare } from "../../kernel/param.ts"
import { PRICE_MODELS } from "../../markets/price-model.ts"
import { world } from "./world-param.ts"

const COSTS = "facts/prices-and-demand.md §6.2"
const JOIN = "facts/prices-and-demand.md §6.3"
const PRICES = "facts/prices-and-demand.md §6.4"
const R20 = "facts/prices-and-demand.md §4.4 (R20, 97 weeks)"

export const marketParams = declare({
  pricePath: world(
    PRICE_MODELS,
    [0, 0, 3],
    "assumption: outages are compared at one price; closes: facts/prices-and-demand.md §3.1",
    "How RENDER's price moves: not at all, by a seeded walk, by the equation of exchange, or as it closed, by calendar.",
  ),
  priceMicroUsd: world("microUSD", [1_870_000, 1000, 100_000_000], `${PRICES}: last value seen, 2026-04-05`, "Where it begins."),
  priceSigmaPermille: world("‰ a year", [1000, 0, 3000], PRICES, "The walk's volatility between jumps."),
  priceDriftPermille: world(
    "‰ a year",
    [0, -3000, 3000],
    `${PRICES}: 0; a bear market is −1.1`,
    "The walk's drift of the logarithm, jumps included.",
  ),
  velocityPpm: world(
    "‰‰ a year (millionths)",
    [1400, 1, 50_000_000],
    "facts/prices-and-demand.md §0.1: RENDER 0.0014 at the end of 2025; 4 to 50 a year where nobody holds for hope",
    "The equation of exchange: yearly spending over capitalisation.",
  ),
  exchangeSpeedPermille: world(
    "‰ a day",
    [50, 0, 1000],
    "assumption",
    "Part of the way to the price of exchange that the price goes each day.",
  ),
  supplyPressurePermille: world(
    "‰",
    [0, 0, 5000],
    "facts/prices-and-demand.md §3.3: 0 to 5 (assumption), off",
    "How far a larger supply presses on any price.",
  ),
  priceShockPermille: world(
    "‰",
    [1000, 1, 10_000],
    "scenario",
    "What the market makes of the price at the moment: a crash is less than 1000.",
  ),
  eurUsdE6: world(
    "USD per EUR, millionths",
    [1_113_300, 500_000, 2_000_000],
    "facts/prices-and-demand.md §1.4: 2026-10-28",
    "The euro.",
  ),

  demandPermille: world("‰", [1000, 0, 8000], "scenario", "Demand at the moment over its mean: a shock."),
  demandGrowthPermille: world("‰ a year", [0, -1000, 1000], "assumption", "Yearly growth of demand's logarithm."),
  lumpSdPermille: world(
    "‰",
    [0, 0, 1000],
    `${R20}: 0.60 between weeks; off so that outages stand out`,
    "Weekly lumps: standard deviation of the logarithm of demand.",
  ),
  weekendPermille: world(
    "‰",
    [1000, 0, 2000],
    "facts/prices-and-demand.md §6.1: 1.0, range .85–1.15; the sign depends on who works",
    "Demand on Saturdays and Sundays over the week's mean.",
  ),
  elasticityPermille: world(
    "‰",
    [0, -1500, 0],
    "facts/prices-and-demand.md §6.1: −.6, range 0 to −1.5 (assumption: nothing measured), off",
    "How artists answer a dearer credit, in euros, than €0.25.",
  ),
  winterPermille: world(
    "‰",
    [1000, 1000, 2000],
    "assumption: off; advertising and film peak in autumn and winter",
    "Demand in December over the year's mean.",
  ),
  loyaltyLossPermille: world(
    "‰ a day",
    [0, 0, 1000],
    "assumption, off",
    "Of the frames missing on a day, the part whose artists take their work elsewhere.",
  ),
  loyaltyReturnPermille: world(
    "‰ a day",
    [20, 0, 1000],
    "assumption",
    "Of the artists lost, the part that is back after a good day.",
  ),

  operatorsReact: world(
    "0 or 1",
    [0, 0, 1],
    "assumption: off, so that outages are measured on a steady fleet",
    "Operators look at their margin every day, leave and come.",
  ),
  exitBelowPermille: world(
    "‰ of cost",
    [0, -1000, 2000],
    `${JOIN}: leave only when revenue is below cash cost`,
    "Margin below which a day counts as lost: 0 is break-even.",
  ),
  exitAfterDays: world(
    "days",
    [84, 1, 365],
    `${JOIN}: lag 12 weeks, range 4 to 26 weeks`,
    "Lost days in a row that an operator bears.",
  ),
  exitSpreadPermille: world(
    "‰",
    [500, 0, 1000],
    "assumption",
    "How far patience differs between operators: from that much less to that much more.",
  ),
  enterAbovePermille: world(
    "‰ of cost",
    [1000, -1000, 9000],
    `${JOIN}: payback within 24 months, about twice the cash cost of an RTX 4090`,
    "Margin above which somebody outside counts a good day: 1000 is revenue twice the cost.",
  ),
  enterAfterDays: world("days", [28, 1, 365], "assumption", "Good days in a row before he comes."),
  churnPpmPerDay: world(
    "millionths a day",
    [0, 0, 100_000],
    `${JOIN}: 0.59 % a week is 843; off so that outages are measured on a steady fleet`,
    "Nodes that go whatever they earn.",
  ),
  otherCostMicroUsd: world(
    "microUSD a day",
    [330_000, 0, 10_000_000],
    `${COSTS}: half an hour a month at $20`,
    "Labour and connection of a machine, per day.",
  ),
  powerCostPermille: world("‰", [1000, 100, 10_000], COSTS, "Electricity over its usual price in each country."),
})
