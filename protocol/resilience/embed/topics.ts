/** What the parameters of the ten mechanisms are about, in the order of the mechanisms. */
export const topics = {
  "Resilience: liveness": ["livenessDetector", "heartbeatSeconds", "phi*", "observer*", "suspicion*"],
  "Resilience: outage declaration": ["outage*", "witness*", "claimBond"],
  "Resilience: grace": ["grace*"],
  "Resilience: placement": ["placement*", "placedItemsPermille"],
  "Resilience: repair and retries": [
    "repair*",
    "retryBudgetPermille",
    "serviceTimeoutSeconds",
    "serviceRetryPermille",
    "serviceBackoffSeconds",
  ],
  "Resilience: admission and brown-out": ["admission*", "dropExpired", "priorities", "brownOutPermille", "serviceUnitsPerNode"],
  "Resilience: roll-out": ["rollout*", "versionCapPermille", "releaseAdoptSeconds"],
  "Resilience: receipts": ["receipt*", "creditPerNode"],
  "Resilience: black start": ["restart*", "blackStart", "keepersPermille", "snapshotSeconds"],
  "Resilience: diversity bonus": ["diversity*"],
} as const
