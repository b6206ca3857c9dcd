/** A version that cannot start is pushed to four in ten of a dozen providers, and two lose what they stored. */
import { at, hours, loseData, minutes, percent, push, scenario, share, stands } from "../vocabulary.ts"

export default scenario({
  name: "bad-push",
  question:
    "When a version that cannot start reaches four in ten of a dozen providers within two hours, and one in five loses its disk, what comes back and what never does?",
  sources: ["invented, to be played in both worlds: blackstart testnet run scenarios/testnet/bad-push.ts"],
  choices: [
    "Everybody is honest and of one size, and owners pay what is owed: a real agent is no lazier than its program.",
    "The simulator gives each provider sectors in all 48 deadlines; a real node here has two, each in one deadline.",
  ],

  begins: "2026-11-22T00:00:00Z",
  lasts: hours(42),
  seed: 5,
  epoch: minutes(5),

  networks: {
    filecoin: {
      nodes: 12,
      preset: "nv28-2026-05-27",
      change: {
        sizeSpreadPermille: 0,
        verifiedPermille: 0,
        lazyPermille: 0,
        lossyPermille: 0,
        withdrawingPermille: 0,
        toppingUpPermille: 1000,
      },
    },
  },

  incident: { onset: "2026-11-22T02:00:00Z", mainRecovery: "2026-11-22T13:00:00Z", fullRecovery: "2026-11-22T13:00:00Z" },

  timeline: [
    at(
      "2026-11-22T02:00:00Z",
      "a bad version is pushed",
      push("filecoin", share(percent(40)), { over: hours(2), for: hours(9) }),
    ),
    at("2026-11-22T08:00:00Z", "disks are lost", loseData("filecoin", share(percent(20)), percent(100))),
  ],
  watch: ["filecoin.power.qa", "filecoin.power.faulty"],

  expect: [
    // A forty-eighth of what is dead goes with each half hour, and comes back a day after it went.
    stands("filecoin.power.qa", hours(9), { atLeast: percent(50), atMost: percent(98) }),
    stands("filecoin.power.qa", hours(39), { atLeast: percent(50), atMost: percent(95) }),
  ],
})
