/** Durable writing, which the testnet's ledger needs too: it lives at the boundary. */
export * from "../../protocol/boundary/durable.ts"
