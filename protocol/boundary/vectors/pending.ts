/** Functions that vectors name and no code implements yet. Listed so that they are neither counted as passed nor taken for typos. */

const MOBILE_REASON = "Mobile proof of coverage is not modelled yet"

/** Function name -> why it is pending. */
export const PENDING: ReadonlyMap<string, string> = new Map(
  [
    "helium.mobile.assignmentMultiplier",
    "helium.mobile.boostedRewards",
    "helium.mobile.coverageShares",
    "helium.mobile.dataTransfer",
    "helium.mobile.epochRewards",
    "helium.mobile.mapperRewards",
    "helium.mobile.pools",
    "helium.mobile.rankOutdoor",
    "helium.mobile.serviceProvider",
    "helium.mobile.sharedCoverageShares",
    "helium.mobile.speedtestMultiplier",
    "helium.mobile.speedtestTier",
  ].map((fn) => [fn, MOBILE_REASON]),
)
