/** A play as a study's job: plain data there and back, so that any engine of studies can run it. */
import type { AdversaryJob } from "../study/job.ts"
import { entryOf } from "./catalogue.ts"
import { FIGURES, outcome, type Outcome } from "./entry.ts"

/** Plays what a job says: the figures in their order, then the hours of each identity; NaN where never. */
export function playJob({ entry, setting }: AdversaryJob): readonly number[] {
  const o = entryOf(entry).play(setting)
  return [...FIGURES.map((name) => o[name]), ...o.foundHours]
}

export function readOutcome(values: readonly (number | null)[]): Outcome {
  const read = values.map((v) => v ?? NaN)
  return outcome({
    ...Object.fromEntries(FIGURES.map((name, i) => [name, read[i]])),
    foundHours: read.slice(FIGURES.length),
  })
}
