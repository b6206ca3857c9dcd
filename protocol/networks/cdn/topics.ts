/** What the CDN's parameters are about, in the order a reader looks for them. */
export const topics = {
  "How a configuration reaches the PoPs": [
    "rolloutStages",
    "rolloutBakeSeconds",
    "firstStagePermille",
    "canaryHaltErrorPermille",
    "propagationSeconds",
  ],
  "How trouble is noticed": ["detectFailingPermille", "detectProbes", "clearProbes", "silenceSeconds", "checkEverySeconds"],
  "The configuration file": [
    "configEverySeconds",
    "buildOffsetSeconds",
    "featureLimit",
    "featuresInUse",
    "badFeatures",
    "validateBeforeLoad",
  ],
  "Failures and load": [
    "failingSharePermille",
    "degradedSharePermille",
    "bypassReliefPermille",
    "tailFailingPermille",
    "secondWaveFailingPermille",
    "requestsPerPopMinute",
    "failoverCapacityPermille",
  ],
} as const
