/** What is noticed of a dark country, and how it is told from nodes that fail by themselves: the confusion matrix of detection. */
import { at, hours, kill, largest, minutes, percent, reads, scenario, share } from "../vocabulary.ts"

export default scenario({
  name: "resilience-detection",
  question: "What does Helium notice of a dark country, and how well does it tell it from single failures?",
  sources: ["Akka's phi-accrual detector, SWIM, memberlist; adversaries F1 and F3"],
  choices: [
    "Helium watches nobody today: heartbeats, observers and witnesses are our mechanisms, at their defaults.",
    "No such outage is on record: place and length are made up. Observers and witnesses are honest.",
  ],
  begins: "2025-11-15T00:00:00Z",
  lasts: hours(14),
  seed: 5,
  epoch: minutes(30),
  networks: { helium: { nodes: 1000, preset: "SOL-HNT+resilience", change: { blackStart: 0 } } },
  incident: { onset: hours(4), mainRecovery: hours(9) },
  timeline: [
    at(hours(1), "some fail by themselves", kill("helium", share(percent(2)), { for: hours(2) })),
    at(hours(4), "a country goes dark", kill("helium", largest(1, "country"), { for: hours(5) })),
    at(hours(6), "others fail by themselves", kill("helium", share(percent(2)), { for: hours(2) })),
  ],
  watch: [
    "helium.resilience.liveness.down",
    "helium.resilience.outages.declared",
    "helium.resilience.watch.correlated.as.well",
    "helium.resilience.watch.individual.as.well",
  ],
  expect: [
    reads("helium.resilience.outages.declared", "total", { atLeast: 1, atMost: 1 }, "run"),
    reads("helium.resilience.watch.falseSuspicions", "last", { atMost: 0 }, "run"),
    reads("helium.resilience.watch.individual.as.correlated", "last", { atMost: 0 }, "run"),
    reads("helium.resilience.watch.correlated.as.individual", "last", { atMost: 0 }, "run"),
    // Five hundred nodes unnoticed for five minutes at most.
    reads("helium.resilience.watch.correlated.as.well", "last", { atLeast: 1, atMost: 2600 }, "run"),
    reads("helium.resilience.watch.correlated.as.correlated", "last", { atLeast: 145_000 }, "run"),
  ],
})
