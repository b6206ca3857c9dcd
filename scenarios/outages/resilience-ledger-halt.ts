/** The ledger halts for six hours under Akash: workloads run on, receipts are signed and kept, and settled afterwards in order, none twice. */
import { always, at, days, halt, hours, keeps, percent, reads, scenario } from "../vocabulary.ts"

export default scenario({
  name: "resilience-ledger-halt",
  question: "When Akash's chain halts for six hours, are its providers paid for them, and is anything paid twice?",
  sources: ["issue of this project; outages: Solana 2024-02-06, Filecoin 2020-12-19"],
  choices: [
    "Receipts are our mechanism, in a credit of their own: Akash pays from escrow by the block, and its halts are not billed.",
    "One receipt in fifty is handed in a second time because its node did not hear the answer. Assumption.",
  ],
  begins: "2026-07-01T00:00:00Z",
  lasts: days(2),
  seed: 6014,
  epoch: hours(1),
  networks: { akash: { nodes: 60, preset: "v2.1-2026-06-11+resilience", change: { placedItemsPermille: 0 } } },
  incident: { onset: "2026-07-01T12:00:00Z", mainRecovery: "2026-07-01T18:00:00Z", fullRecovery: "2026-07-02T00:00:00Z" },
  timeline: [at("2026-07-01T12:00:00Z", "the chain halts", halt("akash", { for: hours(6) }))],
  watch: ["akash.resilience.receipts.paid", "akash.resilience.receipts.kept", "akash.resilience.receipts.delayMax"],
  expect: [
    always("resilience_no_receipt_is_paid_twice"),
    // Five full hours of sixty providers lie on disks before the last of the halt is over.
    reads("akash.resilience.receipts.kept", "highest", { atLeast: 300, atMost: 420 }),
    reads("akash.resilience.receipts.kept", "last", { atMost: 0 }, "run"),
    reads("akash.resilience.receipts.delayed", "total", { atLeast: 240 }, "run"),
    // An hour's receipt of each of sixty for every full hour but the first, once.
    reads("akash.resilience.receipts.paid", "total", { atLeast: 2820, atMost: 2820 }, "run"),
    reads("akash.resilience.receipts.forgone", "total", { atMost: 0 }, "run"),
    keeps("akash", percent(95)),
  ],
})
