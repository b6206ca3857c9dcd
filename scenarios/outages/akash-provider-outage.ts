/** A hosting company fails under Akash's providers: watchdogs, tenants who notice, new auctions. */
import {
  always,
  asn,
  at,
  days,
  keeps,
  kill,
  loses,
  minutes,
  parameter,
  percent,
  recovers,
  restart,
  scenario,
} from "../vocabulary.ts"

export default scenario({
  name: "akash-provider-outage",
  question:
    "When the largest host under 60 Akash providers is gone for six hours, how long are tenants without service, and what is it worth to notice sooner?",
  sources: [
    "akash-network/provider@afc4dd7c (watchdog: 10 s + U(0, 5 s), then 40 retries of 4 s + U(0, 15 s))",
    "akash-network/node@3efe26bf x/market (CloseBid pauses the group; CloseLease orders anew)",
    "akash-network/support #245 and #488 (a control plane that closed all its leases; silent bid outages of 1 to 7.5 h)",
  ],
  choices: [
    "No such outage is on record: place, length and depth are made up.",
    "Where providers stand is the world's profile of cloud nodes, whose largest host is an assumption for Akash.",
    "Half of the watchdogs outlive their machines; tenants notice after 7.5 to 22.5 minutes and act by themselves. Both are assumptions.",
    "A tenant's data is not modelled: a workload that runs elsewhere counts as served, though it may have begun from nothing.",
  ],

  begins: "2026-07-01T00:00:00Z",
  lasts: days(3),
  seed: 20260702,
  epoch: minutes(30),
  fine: [{ from: "2026-07-02T08:50:00Z", to: "2026-07-02T10:30:00Z", every: minutes(1) }],

  networks: { akash: { nodes: 60, preset: "v2.1-2026-06-11" } },

  incident: {
    onset: "2026-07-02T09:00:00Z",
    mainRecovery: "2026-07-02T15:00:00Z",
    fullRecovery: "2026-07-02T15:00:00Z",
  },

  timeline: [
    at("2026-07-02T09:00:00Z", "the host fails", kill("akash", asn("AS16509"))),
    at("2026-07-02T15:00:00Z", "the host is back", restart("akash", asn("AS16509"))),
  ],

  sweep: [parameter("akash", "noticeSeconds", "seconds until a tenant notices, on average", [60, 900, 3600, 14_400])],
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

  expect: [
    always("no_lease_without_escrow"),
    loses("akash", percent(1)),
    keeps("akash", percent(95)),
    recovers("akash", minutes(60), "the host fails"),
  ],
})
