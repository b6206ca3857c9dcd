/** Units that several files of events share. */
import { unit } from "../../kernel/unit.ts"
import { DEADLINES } from "./deadlines.ts"

export const epochUnit = unit("epoch", "u32")
export const deadlineIndex = unit("deadline", "u8", 0, DEADLINES - 1)
/** Half hours by which a miner's proving period begins after the network's. */
export const offsetUnit = unit("deadline offset", "u8", 0, DEADLINES - 1)
export const sectorCount = unit("sectors", "u32")
export const cohortIndex = unit("cohort", "u32")
/** Quality-adjusted GiB of a sector of 32: from 32 (nothing verified) to 320 (all of it). */
export const sectorQaGib = unit("GiB a sector", "u16", 32, 320)
