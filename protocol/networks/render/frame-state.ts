/** What becomes of a delivered frame (facts/render.md §A3; review-and-approve pages of know.rendernetwork.com). */

export const SILENT_HOURS_MAX = 72
export const RERENDERS_MAX = 3

export type FrameState = "pending" | "approved" | "rerender" | "quarantined"

/** Three failed re-renders quarantine whatever else is said; a rejection asks for a re-render; 72 h of silence approve. */
export function computeFrameState(
  silentHours: number,
  isRejected: boolean,
  failedRerenders: number,
  silentHoursMax = SILENT_HOURS_MAX,
  rerendersMax = RERENDERS_MAX,
): FrameState {
  if (failedRerenders >= rerendersMax) return "quarantined"
  if (isRejected) return "rerender"
  return silentHours >= silentHoursMax ? "approved" : "pending"
}
