/** Great-circle metres between quantised coordinates, rounded as the oracle rounds. */
import { greatCircleMetres as exact } from "../../kernel/geometry.ts"

const RADIANS_PER_E7 = Math.PI / (180 * 1e7)

/** Whole metres between two points in 1e-7 degree. */
export const greatCircleMetres = (latA: number, lngA: number, latB: number, lngB: number): number =>
  Math.round(
    exact({ lat: latA * RADIANS_PER_E7, lng: lngA * RADIANS_PER_E7 }, { lat: latB * RADIANS_PER_E7, lng: lngB * RADIANS_PER_E7 }),
  )
