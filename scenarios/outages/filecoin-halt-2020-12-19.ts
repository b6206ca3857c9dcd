/** December 2020: nodes compute different states, and no block follows another for seven hours. What do proofs, power and users lose? */
import { at, days, hinder, keeps, minutes, percent, reads, repair, scenario } from "../vocabulary.ts"

export default scenario({
  name: "filecoin-halt-2020-12-19",
  question:
    "When Filecoin's chain stands still for seven and a half hours, how much proven power is gone the day after, who pays, and do users notice?",
  sources: [
    "filecoin.io/blog/posts/resolving-the-dec-19-chain-halt-cause-impact-take-aways (read as excerpt): cause, fix within 4 h, full recovery within 7 h, no data lost, retrieval went on, miners not penalised for the downtime",
    "filecoin-project/lily#336 by facts/filecoin.md §2: halt at epoch 336,459 on 2020-12-19 17:49Z, resynced by 2020-12-20 01:13Z",
    "mytokencap.com/news/192007 (read as excerpt): stuck at height 336,558, fix released about 22:00Z, catch-up of an hour or two, stable expected by height 337,200; power down 397.31 PiB or 23.79 % in the day to 2020-12-20 02:00Z",
  ],
  choices: [
    "CONFLICT: the halt's height is 336,459 (17:49Z) in one source and 336,558 (18:39Z) in another; recovered after 7 h, at 01:13Z (7.4 h), or by height 337,200 (00:00Z). The first pair is taken: 17:49Z to 01:13Z.",
    "CONFLICT: the post-mortem says that miners were not penalised, another source that a quarter of the power fell. Both are so in the model: a missed proof costs power, and the first one no fee (FIP-0002).",
    "Nodes agree on no block in the halt, and on all after it. On the chain miners then made blocks for the epochs missed, faster than real time, and some proofs of those hours were made; here those epochs stay null, and every deadline that passed closes unproven at the restart: an upper bound.",
    "Rewards of the missed epochs are not minted here; on the chain the blocks made up for were paid.",
    "The preset is rough: 1,000 providers of equal size with 1.63 EiB in all, supply and network time are assumptions.",
  ],

  begins: "2020-12-19T00:00:00Z",
  lasts: days(3),
  seed: 20201219,
  epoch: minutes(30),

  networks: { filecoin: { nodes: 1000, preset: "nv7-2020-12-01" } },

  incident: {
    onset: "2020-12-19T17:49:00Z",
    mainRecovery: "2020-12-20T01:13:00Z",
    fullRecovery: "2020-12-20T01:13:00Z",
  },

  timeline: [
    at("2020-12-19T17:49:00Z", "nodes disagree", hinder("filecoin", "consensus", { serves: percent(0) })),
    at("2020-12-20T01:13:00Z", "all nodes run the fix", repair("filecoin", "consensus")),
  ],

  watch: ["filecoin.power.raw", "filecoin.tipset.null", "filecoin.win.paid", "filecoin.sectors.faulty", "filecoin.fee.fault"],

  expect: [
    reads("filecoin.win.drawn", "total", { atMost: 0 }),
    reads("filecoin.proof.missed", "total", { atMost: 0 }),
    reads("filecoin.chain.halted", "total", { atLeast: 13, atMost: 15 }, "run"),
    reads("filecoin.tipset.null", "total", { atLeast: 888 }, "run"),
    // 15 of 48 deadlines are 31 %; 23.8 % were seen.
    reads("filecoin.power.faulty", "highest", { atLeast: 238, atMost: 340 }, "run"),
    reads("filecoin.power.faulty", "highest", { atMost: 20 }),
    keeps("filecoin", percent(99)),
  ],
})
