/** The CometBFT that this adapter was written and tested against, and the numbers that the engine sends in Info. */

export const COMETBFT_VERSION = "v0.38.25"
/** The program, for `go install`. */
export const COMETBFT_PACKAGE = "github.com/cometbft/cometbft/cmd/cometbft"
export const ABCI_VERSION = "2.0.0"
export const BLOCK_PROTOCOL = 11n
export const P2P_PROTOCOL = 8n
