/** Helium's own chain ends, and a day later the network settles on Solana, in another token and by other rules. */
import { adopt, always, at, days, hinder, keeps, reads, minutes, percent, permille, repair, scenario } from "../vocabulary.ts"

export default scenario({
  name: "helium-migration-2023-04-18",
  question: "When a network changes its ledger under way, what do its users notice, and what do its owners?",
  sources: [
    "HIP-77 (helium/HIP@6f6d0ba0): halt at 16:00 UTC on 2023-04-18 and launch on Solana",
    "helium/docs@4002775c devblog 2023-04-28, off-chain data transfer post-mortem",
  ],
  choices: [
    "The halt lasted about 24 hours (UNVERIFIED): the record's 2023-04-19T16:00Z is taken.",
    "The post-mortem says that data transfer was down twice after the move, for want of a matching protobuf; how long was not read. One outage of an hour on the 19th at 18:00 is an assumption, half of uplinks lost.",
    "Rules change when the old chain stops. The day that ends in the halt is the first of Solana's epochs, and is paid late; whether it was, or from when it counted, was not read (UNVERIFIED).",
    "Proof of coverage ran on oracles since 2 February and is taken to have gone on through the halt.",
  ],
  begins: "2023-04-16T00:00:00Z",
  lasts: days(6),
  seed: 20230418,
  epoch: minutes(60),
  networks: { helium: { nodes: 10_000, preset: "L1-2020/2023-02-02" } },
  incident: {
    onset: "2023-04-18T16:00:00Z",
    mainRecovery: "2023-04-19T19:00:00Z",
  },
  timeline: [
    at("2023-04-18T16:00:00Z", "the old chain stops", hinder("helium", "ledger", { serves: percent(0) })),
    at("2023-04-18T16:00:00Z", "Solana's rules", adopt("helium", "SOL-DNT")),
    at("2023-04-19T16:00:00Z", "Solana settles", repair("helium", "ledger")),
    at(
      "2023-04-19T18:00:00Z",
      "packets of the wrong shape",
      hinder("helium", "packet-router", { serves: percent(50), for: minutes(60) }),
    ),
  ],
  watch: ["helium.reward.paid", "helium.iot.supply", "helium.treasury.held", "helium.epoch.waiting", "helium.emission.lost"],
  expect: [
    always("chain_epochs_are_accounted"),
    always("waiting_epochs_keep_their_shares"),
    keeps("helium", permille(970), "window"),
    reads("helium.epoch.late", "total", { atLeast: 1 }, "run"),
    reads("helium.epoch.waiting", "last", { atMost: 0 }, "run"),
    reads("helium.iot.supply", "last", { atLeast: 1 }, "run"),
  ],
})
