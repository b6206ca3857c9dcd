/** Units and marks that Render's events, commands and state share. */
import { nodeIndex, unit } from "../../kernel/unit.ts"

/** Free video memory that a job needs or a node has, in classes; a node of a class takes jobs of its class and below. */
export const VRAM_CLASSES_GB = [8, 12, 16, 24, 32, 48, 80] as const
export const CLASSES = VRAM_CLASSES_GB.length
export const vramClass = unit("VRAM class: 8, 12, 16, 24, 32, 48, 80 GB", "u8", 0, CLASSES - 1)

/** T1 is for trusted partners and was never released; T2 is priority, T3 economy. */
export const tierUnit = unit("tier 1, 2 or 3", "u8", 1, 3)
export const T1 = 1
export const T2 = 2
export const T3 = 3

/** What a machine does: render, the compute subnet of RNP-019, or its enterprise terms (RNP-021). */
export const kindUnit = unit("0 render, 1 compute, 2 enterprise", "u8", 0, 2)
export const RENDERING = 0
export const COMPUTE = 1
export const ENTERPRISE = 2

/** Why a node's session ended. */
export const LEFT = 1
export const SILENT = 2
export const dropCause = unit("1 its operator's wish, 2 silence", "u8", 1, 2)

/** Who rejected frames. */
export const BY_CHECK = 1
export const BY_ARTIST = 2
export const rejectCause = unit("1 a check of the network, 2 the artist", "u8", 1, 2)

/** Who approved frames. */
export const BY_HAND = 1
export const BY_SILENCE = 2
export const approveCause = unit("1 the artist, 2 silence", "u8", 1, 2)

/** RNP-023: what a customer of Salad bought. */
export const CONTAINERS = 1
export const GATEWAY = 2
export const productUnit = unit("1 containers, 2 gateway", "u8", 1, 2)

export const creatorIndex = nodeIndex
export const jobIndex = unit("job", "u32")
export const deliveryIndex = unit("delivery", "u32")
export const frameCount = unit("frames", "u16", 0, 10_000)
/** Frames of all time. */
export const framesSum = unit("frames", "safe", 0)
/** Rejections that frames have behind them. */
export const levelUnit = unit("rejections", "u8")
export const milliObh = unit("OBh/1000", "u32", 1, 10_000_000)
export const obScore = unit("OctaneBench score", "u16", 1, 20_000)
export const microCredit = unit("microcredit", "safe", 0)
export const microUsd = unit("microUSD", "safe", 0)
/** Below a thousand billion dollars, so that a sum of payments stays exact. */
export const microUsdPaid = unit("microUSD", "safe", 0, 1_000_000_000_000)
export const priceMicroUsd = unit("microUSD per RENDER", "safe", 1, 1_000_000_000_000)
export const eurUsd = unit("USD per EUR, millionths", "u32", 100_000, 10_000_000)
export const render8 = unit("1e-8 RENDER", "wide")
export const reputationE6 = unit("reputation, millionths", "u32", 0, 1_000_000)
/** Index + 1; 0 is none. */
export const link = unit("row + 1, or 0", "u32")
