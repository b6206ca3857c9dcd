/** Hotspots ask validators again and again, blocks slow down, and Helium's own chain halts twice in one night. */
import { always, at, days, hinder, keeps, reads, minutes, parameter, percent, permille, repair, scenario } from "../vocabulary.ts"

export default scenario({
  name: "helium-2022-10-19",
  question: "When Helium's own chain halts for a night, what do users lose, and what do owners never get back?",
  sources: [
    "Helium engineering blog, 2022-10-20 network disruption post-mortem (excerpt)",
    "helium/docs@4002775c devblog 2022-10-20, as read in the project's fact sheet on Helium",
  ],
  choices: [
    "The ledger halted at block 1,575,935 at 02:20 and again at 1,575,955 at 05:55; the twenty blocks between are taken as made from 05:35 on. When the first restart came was not published: an assumption.",
    "Recovery is 07:49; ports were opened again gradually after it, which is not modelled.",
    "The sources say that data was largely unaffected: here no uplink depends on the chain, so none is lost. Credits burn after the halt.",
    "Validators challenged by then, at a rate of 350 a block for some 900,000 hotspots; here each hotspot once in 950 blocks, the interval that stood before them.",
    "Emission of a halt is lost by what the postmortems of 2021 and HIP-138 say; this one's own amount was not published.",
  ],
  begins: "2022-10-18T00:00:00Z",
  lasts: days(3),
  seed: 20221019,
  epoch: minutes(30),
  networks: { helium: { nodes: 10_000, preset: "L1-2020/2022-08-01", change: { hntPriceE8Usd: 399_800_000 } } },
  incident: {
    record: "helium-2022-10-19",
    onset: "2022-10-19T02:20:00Z",
    fullRecovery: "2022-10-19T07:49:00Z",
  },
  timeline: [
    at("2022-10-19T02:20:00Z", "the chain halts", hinder("helium", "ledger", { serves: percent(0) })),
    at("2022-10-19T05:35:00Z", "twenty blocks", repair("helium", "ledger")),
    at("2022-10-19T05:55:00Z", "it halts again", hinder("helium", "ledger", { serves: percent(0) })),
    at("2022-10-19T07:49:00Z", "ports are closed, blocks come again", repair("helium", "ledger")),
  ],
  sweep: [parameter("helium", "monthlyRewardHnt", "what a month of full pace issues", [1_250_000, 2_500_000, 5_000_000])],
  watch: ["helium.emission.lost", "helium.reward.paid", "helium.credits.queued", "helium.coverage.proved"],
  expect: [
    always("chain_epochs_are_accounted"),
    always("queued_credits_are_held"),
    keeps("helium", permille(999), "window"),
    // 309 minutes without blocks, at 2.5M HNT in 43,200 minutes: 17,882 HNT.
    reads("helium.emission.lost", "total", { atLeast: 1_788_000_000_000, atMost: 1_789_000_000_000 }, "run"),
    reads("helium.epoch.late", "total", { atMost: 0 }, "run"),
  ],
})
