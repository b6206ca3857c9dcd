/**
 * Shards: a study cut into parts that know nothing of each other, for a batch system, an indexed job or three terminals. Each part is a
 * study folder of its own, killed and resumed as any other; merged they are the study, byte for byte.
 */
import { ScenarioProblem } from "../../protocol/boundary/problem.ts"
import type { Planned } from "./load.ts"

/** Shard `index` of `count`, from 1. */
export interface Shard {
  readonly index: number
  readonly count: number
}
export const SHARDS_MAX = 10_000

export const sayShard = ({ index, count }: Shard): string => `${index}/${count}`

/** Reads "3/16". Throws a ScenarioProblem. */
export function readShard(text: string): Shard {
  const match = /^(\d{1,6})\/(\d{1,6})$/u.exec(text)
  const [index, count] = match === null ? [0, 0] : [Number(match[1]), Number(match[2])]
  if (!(count >= 1 && count <= SHARDS_MAX && index >= 1 && index <= count))
    throw new ScenarioProblem(
      `--shard ${text}: it must be which of how many, such as 3/16: from 1, and at most ${SHARDS_MAX.toLocaleString("en-GB")}`,
    )
  return { index, count }
}

/** Runs [begin, end) of `runs`: neighbours, because they share their places and their past. */
export const rangeOf = ({ index, count }: Shard, runs: number): readonly [begin: number, end: number] => [
  Math.floor(((index - 1) * runs) / count),
  Math.floor((index * runs) / count),
]

/** Throws a ScenarioProblem for a study whose next runs depend on its last ones: no shard could know them. */
export function assertShards({ study, design }: Planned, shard: Shard): void {
  const why =
    design.search !== undefined
      ? "it searches, and each generation is made of the one before"
      : "count" in study.seeds
        ? undefined
        : "it goes on until it is precise enough, which only the whole can know; give a number of seeds by --seeds"
  if (why !== undefined)
    throw new ScenarioProblem(`${study.name ?? "the study"} cannot be cut into ${shard.count} shards: ${why}`)
}
