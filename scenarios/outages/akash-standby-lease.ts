/** The outage of akash-provider-outage.ts for tenants who pay for a second lease, in another network operator. */
import { always, asn, at, days, keeps, kill, minutes, parameter, permille, restart, scenario } from "../vocabulary.ts"

export default scenario({
  name: "akash-standby-lease",
  question:
    "When the same host fails under tenants who pay for two leases in different network operators, do they notice at all, and what did it cost them?",
  sources: [
    "akash-network/provider@afc4dd7c (watchdog: 10 s + U(0, 5 s), then 40 retries of 4 s + U(0, 15 s))",
    "akash-network/node@3efe26bf x/market (CloseBid pauses the group; CloseLease orders anew)",
    "akash-network/support #245 and #488 (a control plane that closed all its leases; silent bid outages of 1 to 7.5 h)",
  ],
  choices: [
    "No such outage is on record: place, length and depth are made up.",
    "Where providers stand is the world's profile of cloud nodes, whose largest host is an assumption for Akash.",
    "Half of the watchdogs outlive their machines; tenants notice after 7.5 to 22.5 minutes and act by themselves. Both are assumptions.",
    "A tenant with two leases is served while one of them is; nothing keeps their data alike. Nobody is known to buy such a pair.",
  ],

  begins: "2026-07-01T00:00:00Z",
  lasts: days(3),
  seed: 20260702,
  epoch: minutes(30),
  fine: [{ from: "2026-07-02T08:50:00Z", to: "2026-07-02T10:30:00Z", every: minutes(1) }],

  networks: { akash: { nodes: 60, preset: "v2.1-2026-06-11", change: { standbyLeases: 1, antiAffinity: 2 } } },

  incident: {
    onset: "2026-07-02T09:00:00Z",
    mainRecovery: "2026-07-02T15:00:00Z",
    fullRecovery: "2026-07-02T15:00:00Z",
  },

  timeline: [
    at("2026-07-02T09:00:00Z", "the host fails", kill("akash", asn("AS16509"))),
    at("2026-07-02T15:00:00Z", "the host is back", restart("akash", asn("AS16509"))),
  ],

  sweep: [parameter("akash", "watchdogPermille", "watchdogs that outlive their machines, per thousand", [0, 500, 1000])],
  watch: [
    "akash.leases.open",
    "akash.groups.waiting",
    "akash.closed.unstable",
    "akash.leases.replaced",
    "akash.leases.replacedSecondsMax",
    "akash.escrow.paid",
    "akash.tenants.without",
    "akash.tenants.lostMinutes",
  ],

  expect: [always("no_lease_without_escrow"), keeps("akash", permille(999))],
})
