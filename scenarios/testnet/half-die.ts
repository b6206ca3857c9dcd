/** About half of a dozen storage providers die for twelve hours: small enough to be done to real processes. */
import { at, hours, kill, minutes, percent, scenario, share, stands } from "../vocabulary.ts"

export default scenario({
  name: "half-die",
  question:
    "When about half of a dozen storage providers are killed for twelve hours, how fast does their power go, and when is it back?",
  sources: ["invented, to be played in both worlds: blackstart testnet run scenarios/testnet/half-die.ts"],
  choices: [
    "Everybody is honest and of one size, and owners pay what is owed: a real agent is no lazier than its program.",
    "The simulator gives each provider sectors in all 48 deadlines; a real node here has two, each in one deadline.",
  ],

  begins: "2026-11-22T00:00:00Z",
  lasts: hours(42),
  seed: 7,
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

  incident: { onset: "2026-11-22T02:00:00Z", mainRecovery: "2026-11-22T14:00:00Z", fullRecovery: "2026-11-22T14:00:00Z" },

  timeline: [
    at("2026-11-22T02:00:00Z", "half are killed, for twelve hours", kill("filecoin", share(percent(50)), { for: hours(12) })),
  ],
  watch: ["filecoin.power.qa", "filecoin.power.faulty"],

  expect: [
    // A forty-eighth of what is dead goes with each half hour, and comes back a day after it went.
    stands("filecoin.power.qa", hours(12), { atLeast: percent(50), atMost: percent(90) }),
    stands("filecoin.power.qa", hours(39), { atLeast: percent(95), atMost: percent(100) }),
  ],
})
