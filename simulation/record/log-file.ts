/** The log on disk, which the testnet's ledger exports too: it lives at the boundary. */
export * from "../../protocol/boundary/log-file.ts"
