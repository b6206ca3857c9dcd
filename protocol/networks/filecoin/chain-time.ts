/**
 * Filecoin's epochs on Unix time, and its deadlines on half hours.
 *
 * On mainnet a proving period may begin at any of 2880 epochs. Here it begins on a half hour, so that every deadline opens and
 * closes on one and a settlement each half hour is exact.
 */
import { computeDeadlineAt, DEADLINES, type Deadline } from "./deadlines.ts"
import { EPOCH_SECONDS, EPOCHS_PER_YEAR } from "./epoch.ts"

/** Mainnet's epoch 0: 2020-08-24T22:00:00Z. */
export const GENESIS_S = 1_598_306_400
export const SLOT_S = 1800
export const SLOT_EPOCHS = SLOT_S / EPOCH_SECONDS
/** The curves are good for five time constants, of which 30 years are well short; no power or baseline leaves its column. */
export const EPOCH_MAX = 30 * EPOCHS_PER_YEAR

/** Epoch that holds a Unix second; negative before genesis. */
export const epochAt = (atS: number): number => Math.floor((atS - GENESIS_S) / EPOCH_SECONDS)
export const isInHistory = (atS: number): boolean => atS >= GENESIS_S && epochAt(atS) <= EPOCH_MAX

/** The half hour of Unix time that holds a second. */
export const slotAt = (atS: number): number => Math.floor(atS / SLOT_S)

/** The deadline that is open in a half hour, for a miner whose periods begin `offset` half hours after the network's. */
export const openDeadline = (slot: number, offset: number): number => (slot + DEADLINES - offset) % DEADLINES

const GENESIS_SLOT = GENESIS_S / SLOT_S
/** The miner's proving-period offset in epochs, as the rules count it. */
export const offsetEpochs = (offset: number): number =>
  ((offset + DEADLINES - (GENESIS_SLOT % DEADLINES)) % DEADLINES) * SLOT_EPOCHS

/** The instance of deadline `index` that has not closed before `epoch`. */
export const nextDeadline = (offset: number, index: number, epoch: number): Deadline => {
  const open = computeDeadlineAt(offsetEpochs(offset), epoch)
  const ahead = (index + DEADLINES - open.index) % DEADLINES
  return computeDeadlineAt(offsetEpochs(offset), epoch + ahead * SLOT_EPOCHS)
}
