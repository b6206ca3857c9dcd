/** July 2025: a few per cent of the power leave F3, no instance decides for days, and blocks go on. */
import { always, at, change, days, hours, keeps, percent, reads, scenario } from "../vocabulary.ts"

export default scenario({
  name: "filecoin-f3-stall-2025-07",
  question:
    "When participation in fast finality falls below two thirds, how far does finality fall behind, how long after they are back does it return, and do blocks notice?",
  sources: [
    "filecoin-project/lotus#13208: instance 183760 from 2025-07-11 to 07-22; participation just below its threshold; rounds 10 and 11 began at 23:30Z and 13:30Z the next day; block production healthy throughout",
    "FIP-0086 and filecoin-project/go-f3@3bc8345e: two thirds, 20 epochs an instance, rounds that double",
  ],
  choices: [
    "The stall lasted 11 days. Here participation is away for three days, and what is asked is how long recovery waits after that.",
    "Participation before is an assumption, 75 % of equal providers; the drop of 15 points is larger than the 5 seen, because where it stood is not known.",
    "CONFLICT: by go-f3#1008 an instance far below its quorum waits in round 0 and goes on at once when it is back; in lotus#13208 rounds had doubled ten times. The latter is taken: parameter f3BackoffOn.",
    "No owner withdraws: providers without free funds owe their daily fee and win nothing, with F3 or without it, and would blur the count of blocks.",
    "A certificate stands for the ten instances of five minutes; the hour of 11 July at which it began is not in our sources: midnight.",
  ],

  begins: "2025-07-10T00:00:00Z",
  lasts: days(8),
  seed: 20250711,
  epoch: hours(1),

  networks: { filecoin: { nodes: 1500, preset: "nv25-2025-04-14", change: { withdrawingPermille: 0 } } },

  incident: {
    onset: "2025-07-11T00:00:00Z",
    mainRecovery: "2025-07-14T00:00:00Z",
    fullRecovery: "2025-07-14T00:00:00Z",
  },

  timeline: [
    at("2025-07-11T00:00:00Z", "providers drop out of F3", change("filecoin", "f3SkippingPermille", 400)),
    at("2025-07-14T00:00:00Z", "they are back", change("filecoin", "f3SkippingPermille", 250)),
  ],

  watch: ["filecoin.f3.behind", "filecoin.f3.round", "filecoin.f3.halted", "filecoin.win.paid", "filecoin.power.qa"],

  expect: [
    reads("filecoin.f3.behind", "highest", { atLeast: 8000 }),
    reads("filecoin.f3.lag", "highest", { atLeast: 900, atMost: 900 }),
    // The round under way when they are back ends 109 h after the stall began: 37 h later.
    reads("filecoin.f3.behind", "highest", { atLeast: 12_000, atMost: 14_500 }, "run"),
    reads("filecoin.f3.behind", "last", { atMost: 20 }, "run"),
    reads("filecoin.f3.round", "highest", { atLeast: 12 }, "run"),
    reads("filecoin.chain.halted", "total", { atMost: 0 }, "run"),
    // Five wins an epoch are expected, 14,400 a day.
    reads("filecoin.win.paid", "total", { atLeast: 42_000, atMost: 44_400 }),
    keeps("filecoin", percent(99)),
    always("committee_adds_up"),
  ],
})
