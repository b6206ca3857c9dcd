/** The country with most of a dozen storage providers loses its way to the internet for eighteen hours. */
import { at, disconnect, hours, largest, minutes, percent, scenario, stands } from "../vocabulary.ts"

export default scenario({
  name: "country-cut",
  question:
    "When the country with most of a dozen storage providers is cut off the internet for eighteen hours, what power is left, and when is it back?",
  sources: ["invented, to be played in both worlds: blackstart testnet run scenarios/testnet/country-cut.ts"],
  choices: [
    "Everybody is honest and of one size, and owners pay what is owed: a real agent is no lazier than its program.",
    "The simulator gives each provider sectors in all 48 deadlines; a real node here has two, each in one deadline.",
  ],

  begins: "2026-11-22T00:00:00Z",
  lasts: hours(47),
  seed: 11,
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

  incident: { onset: "2026-11-22T02:00:00Z", mainRecovery: "2026-11-22T20:00:00Z", fullRecovery: "2026-11-22T20:00:00Z" },

  timeline: [
    at("2026-11-22T02:00:00Z", "the country is cut off", disconnect("filecoin", largest(1, "country"), { for: hours(18) })),
  ],
  watch: ["filecoin.power.qa", "filecoin.power.faulty"],

  expect: [
    // A forty-eighth of what is dead goes with each half hour, and comes back a day after it went.
    stands("filecoin.power.qa", hours(18), { atLeast: percent(30), atMost: percent(95) }),
    stands("filecoin.power.qa", hours(44), { atLeast: percent(95), atMost: percent(100) }),
  ],
})
