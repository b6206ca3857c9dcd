/**
 * Which deadline a new sector goes to: the one whose partitions it disturbs least, so that no deadline's proof grows before it
 * must.
 * Source: filecoin-project/builtin-actors@b0a3bdd6 actors/miner/src/deadline_assignment.rs.
 */

/** Sectors of a deadline; dead ones (terminated, not yet compacted away) still fill its partitions. */
export interface DeadlineLoad {
  readonly live: number
  readonly dead: number
}

/** Partitions that a deadline may hold, and sectors that one holds (32 GiB sectors: 2349; 64 GiB: 2300). */
export const PARTITIONS_PER_DEADLINE_MAX = 3000

interface Candidate {
  readonly index: number
  live: number
  total: number
}

/**
 * The deadline of each of `newSectors` sectors, in order, by index into `deadlines`; null marks a deadline that is closed to
 * changes. Each sector goes to the first deadline in the order of: fewest partitions after compaction, fewest partitions, one
 * with a partition to fill (the fullest of these), fewest live sectors, lowest index. Throws a RangeError when every deadline
 * is closed, or when the first in that order has no room, as the chain does even if another had.
 */
export const assignDeadlines = (
  deadlines: readonly (DeadlineLoad | null)[],
  newSectors: number,
  partitionSize: number,
  partitionsMax: number = PARTITIONS_PER_DEADLINE_MAX,
): Uint16Array => {
  const candidates: Candidate[] = deadlines.flatMap((d, index) =>
    d === null ? [] : [{ index, live: d.live, total: d.live + d.dead }],
  )
  if (candidates.length === 0) throw new RangeError("no deadline is open to new sectors")
  const assigned = new Uint16Array(newSectors)
  for (let sector = 0; sector < newSectors; sector++) {
    let best = candidates[0]
    for (let i = 1; i < candidates.length; i++) if (compare(candidates[i], best, partitionSize) < 0) best = candidates[i]
    if (best.total >= partitionSize * partitionsMax)
      throw new RangeError(`every deadline has reached its limit of ${partitionsMax} partitions of ${partitionSize} sectors`)
    assigned[sector] = best.index
    best.live++
    best.total++
  }
  return assigned
}

/** Negative when a goes before b. Total: the index decides last. */
const compare = (a: Candidate, b: Candidate, size: number): number => {
  const compacted = partitionsWithOneMore(a.live, size) - partitionsWithOneMore(b.live, size)
  if (compacted !== 0) return compacted
  const partitions = partitionsWithOneMore(a.total, size) - partitionsWithOneMore(b.total, size)
  if (partitions !== 0) return partitions
  // An empty deadline counts as full too: it has no partition to fill.
  const isFullA = a.total % size === 0
  const isFullB = b.total % size === 0
  if (isFullA !== isFullB) return isFullA ? 1 : -1
  // The fullest open partition first, so that runs of sectors share one.
  if (!isFullA && a.total !== b.total) return b.total - a.total
  return a.live - b.live || a.index - b.index
}

const partitionsWithOneMore = (sectors: number, size: number): number => Math.ceil((sectors + 1) / size)
