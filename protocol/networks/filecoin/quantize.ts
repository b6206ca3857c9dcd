/**
 * Grids of epochs, so that queues hold few entries: an epoch is rounded up to the grid before it becomes a key.
 * Source: filecoin-project/builtin-actors@b0a3bdd6 actors/miner/src/quantize.rs.
 */

/** The epochs `unit * k + offset` for whole k. `unit` is at least 1; an offset beyond the unit wraps. */
export interface Grid {
  readonly unit: number
  readonly offset: number
}

/** Every epoch is on this grid. */
export const EVERY_EPOCH: Grid = { unit: 1, offset: 0 }

/**
 * The first epoch of the grid at or after `epoch`, negative epochs included. Throws a RangeError when the unit is not positive.
 */
export const quantizeUp = (grid: Grid, epoch: number): number => {
  if (!(grid.unit >= 1)) throw new RangeError(`a grid needs a unit of at least 1 epoch, got ${grid.unit}`)
  // The source truncates: its offset and remainder take the sign of what they divide.
  const offset = grid.offset % grid.unit
  const beyond = epoch - offset
  const remainder = beyond % grid.unit
  // Truncating a negative quotient already rounds up.
  const down = beyond - remainder + offset
  return remainder > 0 ? down + grid.unit : down
}

/** The last epoch of the grid at or before `epoch`. Throws as `quantizeUp` does. */
export const quantizeDown = (grid: Grid, epoch: number): number => {
  const up = quantizeUp(grid, epoch)
  return up === epoch ? up : up - grid.unit
}
