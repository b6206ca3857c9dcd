/** A power grid goes dark. Not a provider's fault but a place's: homes stop at once, data centres run on their own fuel. */
import {
  at,
  blackout,
  days,
  grid,
  keeps,
  minutes,
  parameter,
  percent,
  restorePower,
  scenario,
  seconds,
  servesMoreThan,
} from "../vocabulary.ts"

const portugal = { grid: "iberia", country: "PT" }
const spain = { grid: "iberia", country: "ES" }

export default scenario({
  name: "iberia-2025-04-28",
  question:
    "When the power grid of a whole peninsula goes dark, what do users lose on a network of homes, and what on one of data centres?",
  sources: [
    "ENTSO-E, blackout page, 2025-05-09 (excerpt)",
    "Portugal Pulse on the factual report (excerpt)",
    "Cloudflare on the outage's effect on traffic, by copies (excerpts)",
  ],
  choices: [
    "Onset is 10:33:21 UTC, when Iberia left the continental grid; the first plant tripped at 10:32:57.",
    "Spain's transmission grid is back at 02:00 UTC on the 29th, as in sources that rest on ENTSO-E; one digest says 16:00 the same day.",
    "Portugal's grid is back at 22:22 UTC (00:22 read as Central European summer time); read as Portuguese time it would be 23:22.",
    "How power came back in between was not published: homes get it evenly, one by one, from 15:34, when traffic was lowest, until their grid is whole. An assumption.",
    "Who has batteries or diesel, and for how long, are assumptions of the world's node profiles.",
  ],

  begins: "2025-04-27T00:00:00Z",
  lasts: days(4),
  seed: 20250428,
  epoch: minutes(60),
  fine: [
    { from: "2025-04-28T10:00:00Z", to: "2025-04-28T20:00:00Z", every: seconds(60) },
    { from: "2025-04-28T20:00:00Z", to: "2025-04-29T03:00:00Z", every: seconds(300) },
  ],

  networks: {
    cdn: { nodes: 330 },
    helium: { nodes: 10_000, preset: "SOL-HNT" },
  },

  incident: {
    record: "iberia-2025-04-28",
    onset: "2025-04-28T10:33:21Z",
    mainRecovery: "2025-04-29T02:00:00Z",
    fullRecovery: "2025-04-29T02:00:00Z",
  },

  timeline: [
    at("2025-04-28T10:33:21Z", "hotspots lose the grid", blackout("helium", grid("iberia"))),
    at("2025-04-28T10:33:21Z", "points of presence lose the grid", blackout("cdn", grid("iberia"))),
    at(
      "2025-04-28T15:34:00Z",
      "power returns to Portugal's hotspots until 22:22",
      restorePower("helium", portugal, { over: minutes(408) }),
    ),
    at(
      "2025-04-28T15:34:00Z",
      "power returns to Spain's hotspots until 02:00",
      restorePower("helium", spain, { over: minutes(626) }),
    ),
    at(
      "2025-04-28T15:34:00Z",
      "power returns to Portugal's points of presence until 22:22",
      restorePower("cdn", portugal, { over: minutes(408) }),
    ),
    at(
      "2025-04-28T15:34:00Z",
      "power returns to Spain's points of presence until 02:00",
      restorePower("cdn", spain, { over: minutes(626) }),
    ),
  ],

  sweep: [parameter("cdn", "failoverCapacityPermille", "spare room of the other points of presence", [0, 10, 100, 500])],
  watch: ["helium.coverage.proved", "helium.reward.paid", "cdn.pops.running"],

  expect: [keeps("helium", percent(90)), keeps("cdn", percent(99)), servesMoreThan("cdn", "helium")],
})
