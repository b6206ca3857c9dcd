/** Rows of deals: which sector holds a bundle, which are gone or faulty, and the lists they stand in. */
import { closeSlot, isOpen } from "../../kernel/slots.ts"
import { reserve, touch, touchRow } from "../../kernel/table.ts"
import { DEALS_PER_SECTOR } from "./events-deals.ts"
import { SECTOR_GIB, type State } from "./state.ts"

/** Bundles set in a mask. */
export function countBits(mask: number): number {
  let m = mask - ((mask >>> 1) & 0x5555_5555)
  m = (m & 0x3333_3333) + ((m >>> 2) & 0x3333_3333)
  return Math.imul((m + (m >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24
}

/**
 * Which of a cohort's sectors, counted from 0 in the order in which they will go, holds bundle `bit` of deal `row`: Knuth's
 * multiplicative hash, so that the bundles of a row lie evenly apart.
 */
export const sectorOf = (row: number, bit: number, sectors: number): number =>
  Math.floor(((Math.imul(row * 32 + bit + 1, 0x9e37_79b1) >>> 0) / 0x1_0000_0000) * sectors)

/** Bundles of `mask` in sectors [from, to) of the cohort as it was when deal `row` was activated. */
export function bundlesIn(row: number, mask: number, sectors: number, from: number, to: number): number {
  if (to <= from) return 0
  let found = 0
  for (let bit = 0; bit < 32; bit++) {
    if (((mask >>> bit) & 1) === 0) continue
    const at = sectorOf(row, bit, sectors)
    if (at >= from && at < to) found |= 1 << bit
  }
  return found >>> 0
}

/** Bundles that go when the next `sectors` of a deal's cohort do: faulty ones go first, so these are the faulty ones too. */
export function bundlesInNext({ content, deal }: State, row: number, sectors: number): number {
  if (deal.cohort[row] === 0 || sectors === 0) return 0
  const gone = content.gone[deal.cohort[row] - 1] - deal.goneBefore[row]
  return bundlesIn(row, deal.deals[row], deal.sectors[row], gone, gone + sectors)
}

/** Bundles in sectors that are faulty now. */
export const faultyBundles = (state: State, row: number): number =>
  state.deal.cohort[row] === 0 ? 0 : bundlesInNext(state, row, state.cohort.faulty[state.deal.cohort[row] - 1])

/** Single deals of a mask. */
export const dealsOf = ({ deal }: State, row: number, mask: number): number => countBits(mask) * deal.each[row]

export const isDeal = ({ deal }: State, row: number): boolean => isOpen(deal, row)

/** First deal of a client or a cohort, or -1; the `next` columns give the others. */
export const firstOfClient = ({ keeper }: State, client: number): number => keeper.deal[client] - 1
export const nextOfClient = ({ deal }: State, row: number): number => deal.nextOfClient[row] - 1
export const firstOfCohort = ({ content }: State, c: number): number => (c < content.length ? content.deal[c] - 1 : -1)
export const nextOfCohort = ({ deal }: State, row: number): number => deal.nextOfCohort[row] - 1

/** Whether a deal's bundles fit what is left of cohort `c`: 256 deals and 32 GiB a sector. */
export function hasRoom(state: State, row: number, c: number): boolean {
  const { cohort, content, deal } = state
  const n = dealsOf(state, row, deal.deals[row])
  const [deals, usedMib] = c < content.length ? [content.deals[c], content.usedMib[c]] : [0, 0]
  return (
    deals + n <= cohort.sectors[c] * DEALS_PER_SECTOR && usedMib + n * deal.pieceMib[row] <= cohort.sectors[c] * SECTOR_GIB * 1024
  )
}

/** Makes the content table reach cohort `c`. */
export function reachContent({ content }: State, c: number): void {
  if (c < content.length) return
  reserve(content, c + 1 - content.length)
  content.length = c + 1
  touchRow(content, c)
}

/** Sectors left a cohort: bundles that lay in them are told by it. Called wherever sectors are removed. */
export function countGone({ content }: State, c: number, sectors: number): void {
  if (c >= content.length || content.deal[c] === 0) return
  content.gone[c] += sectors
  touchRow(content, c)
}

/** Takes bundles out of a deal, and the deal out of the books when none is left. The caller moves the money. */
export function endBundles(state: State, row: number, mask: number): void {
  const { content, deal, dealHead, keeper } = state
  const n = dealsOf(state, row, mask)
  deal.deals[row] = (deal.deals[row] & ~mask) >>> 0
  touchRow(deal, row)
  const c = deal.cohort[row] - 1
  if (c >= 0) {
    content.deals[c] -= n
    content.usedMib[c] -= n * deal.pieceMib[row]
    touchRow(content, c)
  }
  if (deal.deals[row] !== 0) return
  if (c >= 0) unlink(state, content.deal, c, deal.nextOfCohort, row)
  else state.dealTotals.pending[0]--
  unlink(state, keeper.deal, deal.client[row], deal.nextOfClient, row)
  touch(keeper)
  closeSlot(deal, dealHead, row)
}

function unlink({ deal }: State, heads: Uint32Array, head: number, next: Uint32Array, row: number): void {
  if (heads[head] === row + 1) heads[head] = next[row]
  else
    for (let p = heads[head] - 1; p >= 0; p = next[p] - 1)
      if (next[p] === row + 1) {
        next[p] = next[row]
        touchRow(deal, p)
        break
      }
  next[row] = 0
}

/** What a client still has, after one of its deals began or ended. */
export function countKept({ deal, dealTotals, keeper }: State, client: number): void {
  let present = 0
  for (let row = keeper.deal[client] - 1; row >= 0; row = deal.nextOfClient[row] - 1)
    if (deal.kept[row] === 1 && deal.cohort[row] !== 0) present |= deal.deals[row]
  present >>>= 0
  const placed = (keeper.placed[client] | present) >>> 0
  dealTotals.placed[0] += countBits(placed) - countBits(keeper.placed[client])
  dealTotals.present[0] += countBits(present) - countBits(keeper.present[client])
  keeper.placed[client] = placed
  keeper.present[client] = present
  touch(keeper)
}
