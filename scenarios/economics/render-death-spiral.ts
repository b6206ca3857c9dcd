/** Holders stop hoping: price down, operators leave, service falls, spending falls, price down. And what would have stopped it. */
import { always, at, change, days, loses, parameter, percent, scenario } from "../vocabulary.ts"

export default scenario({
  name: "render-death-spiral",
  question:
    "When the holders of RENDER ask for fifty times as much spending behind each dollar of its worth, does the fall of the price end before the service does?",
  sources: [
    "shared fact sheet on prices and demand: service spending per capitalisation (RENDER 0.0014 a year, 4 to 50 where nobody holds for hope), cash costs, patience",
    "RNP-001, RNP-013 (15,000 RENDER a week for work, whatever the price), RNP-023 (chefs are paid 56 % of revenue)",
  ],
  choices: [
    "The price is made by the equation of exchange and moves 5 % of its way a day; there is no other buyer and no floor. That is the harshest market, not a forecast.",
    "Operators count cash costs only and bear eight weeks of loss, give or take half; who has left comes back after four weeks of twice the cost.",
    "Artists take 5 % of what is missing on a day elsewhere, and come back at 2 % a day.",
    "600 machines at 60 % of their capacity: with spare capacity the same fall ends by itself, because the pool is shared by fewer.",
    "remintPermille pays nodes a part of what is burnt, in tokens of the day's price. RNP-001 forbids it on the render side; RNP-023 does it on another.",
  ],

  begins: "2025-10-01T00:00:00Z",
  lasts: days(350),
  seed: 20251001,
  epoch: days(1),

  networks: {
    render: {
      nodes: 600,
      preset: "rnp-019-2025-07-28",
      change: {
        framesPerNodeDay: 100,
        deadlineHours: 24,
        framesPerMatch: 50,
        pricePath: 2,
        operatorsReact: 1,
        exitAfterDays: 56,
        loyaltyLossPermille: 50,
      },
    },
  },

  incident: { onset: days(84), mainRecovery: days(345), fullRecovery: days(345) },

  timeline: [at(days(84), "holders stop hoping", change("render", "velocityPpm", 70_000))],

  sweep: [
    parameter("render", "remintPermille", "part of the burn that is paid to nodes, ‰", [0, 140, 280, 560, 800]),
    parameter("render", "jobPoolPermille", "job pool over the schedule, ‰", [1000, 2000, 5000, 10_000]),
    parameter("render", "exitAfterDays", "days of loss that operators bear", [28, 56, 112, 224]),
    parameter("render", "loyaltyLossPermille", "part of a day's missing frames whose artists leave, ‰", [0, 20, 50, 200]),
  ],
  watch: [
    "render.price.posted",
    "render.node.connected",
    "render.frame.late",
    "render.spend.render",
    "render.supply.minted",
    "render.supply.burnt",
  ],

  expect: [always("supply_is_minted_less_burnt"), loses("render", percent(15))],
})
