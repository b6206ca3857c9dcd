/** The same fall of the price, with nodes paid a part of what is burnt: their pay follows euros, and they stay. */
import { always, at, change, days, keeps, parameter, percent, scenario } from "../vocabulary.ts"

export default scenario({
  name: "render-death-spiral-stopped",
  question:
    "If nodes were paid 56 % of what is burnt, as RNP-023 pays its chefs, would the service outlive the same loss of hope?",
  sources: [
    "scenarios/economics/render-death-spiral.ts: everything but one parameter",
    "RNP-023 (rewards of 56 % of revenue, burn of 60 %)",
  ],
  choices: [
    "As in render-death-spiral; remintPermille is 560 from the start instead of 0.",
    "Tokens minted so are bought by somebody at the day's price: the equation of exchange has no other side.",
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
        remintPermille: 560,
      },
    },
  },

  incident: { onset: days(84), mainRecovery: days(345), fullRecovery: days(345) },

  timeline: [at(days(84), "holders stop hoping", change("render", "velocityPpm", 70_000))],

  sweep: [
    parameter("render", "velocityPpm", "spending per capitalisation and year, millionths", [1400, 14_000, 300_000, 4_000_000]),
  ],
  watch: ["render.price.posted", "render.node.connected", "render.frame.late", "render.supply.minted", "render.supply.burnt"],

  expect: [always("supply_is_minted_less_burnt"), keeps("render", percent(99))],
})
