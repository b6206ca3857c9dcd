/** One logical clock in whole seconds of Unix time. Many cadences run on it; nothing here knows what time it is. */

export const MINUTE = 60
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** The first multiple of `every` strictly after `at`. */
export const nextMultiple = (at: number, every: number): number => (Math.floor(at / every) + 1) * every

/** A window in which ticks are `every` seconds long. */
export interface Resolution {
  readonly fromS: number
  readonly toS: number
  readonly everySeconds: number
}

/**
 * The end of the tick that begins at `at`: the nearest of the finest window's grid, a window's edge, a cadence, a
 * scheduled moment and the end. Everything that changes the world changes it between ticks.
 */
export function tickEnd(
  at: number,
  endS: number,
  fallbackSeconds: number,
  windows: readonly Resolution[],
  cadences: readonly number[],
  moments: readonly number[],
): number {
  let every = fallbackSeconds
  let next = endS
  for (const w of windows) {
    if (at >= w.fromS && at < w.toS) {
      every = Math.min(every, w.everySeconds)
      next = Math.min(next, w.toS)
    } else if (w.fromS > at) next = Math.min(next, w.fromS)
  }
  next = Math.min(next, nextMultiple(at, every))
  for (const cadence of cadences) next = Math.min(next, nextMultiple(at, cadence))
  for (const moment of moments) if (moment > at) next = Math.min(next, moment)
  return next
}
