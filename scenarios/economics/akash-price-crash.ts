/** AKT loses four fifths of its value: the circuit breaker stops minting ACT, and leases have to live on what is in escrow, then on AKT. */
import { always, at, change, days, hours, loses, parameter, percent, scenario } from "../vocabulary.ts"

export default scenario({
  name: "akash-price-crash",
  question:
    "When AKT falls by four fifths and no ACT can be minted for two weeks, what do tenants lose: those who are there, and those who want to come?",
  sources: [
    "AEP-76 (2026-03-23): vault, collateral ratio, breaker at 0.95 and 0.90, remint credits",
    "akash-network/node@3efe26bf x/escrow/keeper (AKT beside ACT while collateral is short), x/bme/keeper",
  ],
  choices: [
    "The fall is made up: 0.75 to 0.15 USD in an hour, and back to 0.60 two weeks later.",
    "Mainnet seeded its vault with 300,000 AKT; against the ACT of this run's few tenants that would bear the fall. 5,000 are taken; with the 300,000 (--set akash.vaultSeedAkt=300000) nobody loses anything.",
    "Tenants hold ACT for two days together (floatAct 0) and deposit for two; they add AKT when the ACT are gone. All assumptions.",
    "Providers go on bidding at the same dollars; none leaves. Tenants who cannot deploy never try again (missedHours).",
  ],

  begins: "2026-07-01T00:00:00Z",
  lasts: days(28),
  seed: 20260701,
  epoch: hours(6),

  networks: { akash: { nodes: 60, preset: "v2.1-2026-06-11", change: { floatAct: 0, vaultSeedAkt: 5000 } } },

  incident: {
    onset: "2026-07-08T00:00:00Z",
    mainRecovery: "2026-07-22T00:00:00Z",
    fullRecovery: "2026-07-22T00:00:00Z",
  },

  timeline: [
    at("2026-07-08T00:00:00Z", "AKT falls", change("akash", "aktNanoUsd", 150_000_000)),
    at("2026-07-22T00:00:00Z", "AKT is back", change("akash", "aktNanoUsd", 600_000_000)),
  ],

  sweep: [parameter("akash", "haltBps", "collateral ratio below which no ACT is minted, bp", [1000, 5000, 9000])],
  watch: [
    "akash.mint.status",
    "akash.mint.outstanding",
    "akash.mint.vault",
    "akash.escrow.held",
    "akash.closed.funds",
    "akash.leases.open",
    "akash.tenants.turnedAway",
  ],

  expect: [always("burn_mint_is_backed"), always("no_token_from_nowhere"), loses("akash", percent(25))],
})
