/**
 * Filecoin's time: the lengths that its rules count in, in epochs of 30 seconds.
 * Sources: filecoin-project/builtin-actors@b0a3bdd6 runtime/src/builtin/network.rs and runtime/src/runtime/policy.rs;
 * filecoin-project/lotus@b835fab7 build/buildconstants/params_mainnet.go.
 */

export const EPOCH_SECONDS = 30
export const EPOCHS_PER_HOUR = (60 * 60) / EPOCH_SECONDS
export const EPOCHS_PER_DAY = 24 * EPOCHS_PER_HOUR
/** The year of the reward curves and of FIP-0081's ramp: 365 days. */
export const EPOCHS_PER_YEAR = 365 * EPOCHS_PER_DAY
/** The actors' other year, of 31,556,925 seconds; only the longest sector life and allocation term count in it. */
export const EPOCHS_PER_TROPICAL_YEAR = Math.floor(31_556_925 / EPOCH_SECONDS)
/** Epochs after which expected consensus holds a block for final, and the lookback of elections. */
export const CHAIN_FINALITY_EPOCHS = 900
/** An epoch that has not been: the actors' `EPOCH_UNDEFINED`. */
export const EPOCH_UNDEFINED = -1

/** Wins that all miners together may expect in an epoch (`EXPECTED_LEADERS_PER_EPOCH`). */
export const EXPECTED_WINS_PER_EPOCH = 5n
