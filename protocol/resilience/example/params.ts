/** Parameters of the example network: every mechanism's, and the few numbers of its own economy. */
import { params as declare } from "../../kernel/param.ts"
import {
  admissionParams,
  diversityParams,
  graceParams,
  livenessParams,
  outageParams,
  placementParams,
  receiptParams,
  releaseParams,
  repairParams,
  restartParams,
} from "../params.ts"

const source = "assumption: an example, so that mechanisms can be tried where no real network's rules interfere"

export const params = {
  ...livenessParams,
  ...outageParams,
  ...graceParams,
  ...placementParams,
  ...repairParams,
  ...admissionParams,
  ...releaseParams,
  ...receiptParams,
  ...restartParams,
  ...diversityParams,
  ...declare({
    rewardPerHour: {
      default: 1_000_000,
      unit: "smallest unit/h",
      range: [0, 1_000_000_000],
      source,
      because: "the pool that is split each hour",
    },
    penaltyPerHour: {
      default: 100,
      unit: "smallest unit/h",
      range: [0, 1_000_000],
      source,
      because: "what a silent node loses each hour",
    },
    unitsPerNode: { default: 10, unit: "units/min", range: [0, 100_000], source, because: "work one node can do in a minute" },
    keepersPermille: {
      default: 100,
      unit: "‰",
      range: [0, 1000],
      source,
      because: "share of nodes that keep the ledger; fixed at genesis",
    },
  }),
} as const
export type ExampleParams = typeof params
