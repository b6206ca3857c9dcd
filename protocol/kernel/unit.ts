/** A unit says what a number means, how wide its column is and which values it may hold. */

/** `real` holds any finite double: for workloads and measures that are floating-point by their definition, never for money. */
export type StoreName = "u8" | "u16" | "i16" | "u32" | "i32" | "safe" | "real" | "wide"

export interface Unit<N extends StoreName = StoreName> {
  readonly unit: string
  readonly store: N
  readonly min: number
  /** Largest value; a `wide` column holds up to `WIDE_MAX`, beyond what a number says exactly. */
  readonly max: number
}

const LIMITS: Readonly<Record<StoreName, readonly [number, number]>> = {
  u8: [0, 0xff],
  u16: [0, 0xffff],
  i16: [-0x8000, 0x7fff],
  u32: [0, 0xffff_ffff],
  i32: [-0x8000_0000, 0x7fff_ffff],
  safe: [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  real: [-Number.MAX_VALUE, Number.MAX_VALUE],
  wide: [-Infinity, Infinity],
}

/** Declares a unit; a narrower range than its store's may be given. */
export const unit = <const N extends StoreName>(
  name: string,
  store: N,
  min: number = LIMITS[store][0],
  max: number = LIMITS[store][1],
): Unit<N> => ({ unit: name, store, min, max })

// The units that more than one network needs. A network adds its own beside its events.
export const nodeIndex = unit("node", "u32")
export const seconds = unit("s (Unix)", "u32")
export const duration = unit("s", "u32")
export const milliseconds = unit("ms", "safe", 0)
export const flag = unit("0 or 1", "u8", 0, 1)
export const count8 = unit("count", "u8")
export const count16 = unit("count", "u16")
export const count32 = unit("count", "u32")
export const count = unit("count", "safe", 0)
export const permille = unit("‰", "u16", 0, 1000)
export const degreesE7 = unit("1e-7 degree", "i32", -1_800_000_000, 1_800_000_000)
export const metres = unit("m", "u32")
export const hexHigh = unit("H3 index, high 32 bits", "u32")
export const hexLow = unit("H3 index, low 32 bits", "u32")
/** Exact money in a token's smallest unit; up to 2^101, enough for attoFIL. */
export const amount = unit("smallest unit", "wide")
