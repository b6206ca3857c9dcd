/** Shards put together again: the study that they are parts of, byte for byte as one computer would have made it. */
import { RecordProblem } from "../record/durable.ts"
import { beginStudy, readStudyManifest, type ConductOptions, type StudyManifest, type StudyResult } from "./conduct.ts"
import { inlineEngine } from "./engine-inline.ts"
import { sayShard, type Shard } from "./shard.ts"

/**
 * Makes the study of its shards' folders, in any order. Throws a RecordProblem when one is missing, unfinished, doubled or of another
 * study or version.
 */
export async function mergeShards(
  folders: readonly string[],
  options: Omit<ConductOptions, "engine" | "shard" | "from">,
): Promise<StudyResult> {
  const shards = folders.map((folder) => ({ folder, manifest: readStudyManifest(folder) }))
  const [first] = shards
  if (first === undefined) throw new RecordProblem("there is nothing to merge: name the folders of all shards")
  const { count } = partOf(first.folder, first.manifest)
  const found = new Map<number, string>()
  for (const { folder, manifest } of shards) {
    const shard = partOf(folder, manifest)
    if (manifest.digest !== first.manifest.digest || shard.count !== count)
      throw new RecordProblem(
        `${folder} is shard ${sayShard(shard)} of "${manifest.question}", and ${first.folder} is of another study or another number of shards: merge those of one study`,
      )
    if (manifest.code !== first.manifest.code)
      throw new RecordProblem(
        `${folder} was made by other rules (version ${manifest.version}, commit ${manifest.commit}) than ${first.folder}, and one table must not mix them: run that shard again with the same version`,
      )
    const double = found.get(shard.index)
    if (double !== undefined)
      throw new RecordProblem(`${double} and ${folder} are both shard ${sayShard(shard)}: name one of them`)
    found.set(shard.index, folder)
  }
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter((i) => !found.has(i))
  if (missing.length > 0)
    throw new RecordProblem(
      `${missing.length} of ${count} shards ${missing.length === 1 ? "is" : "are"} missing: ${missing.slice(0, 10).join(", ")}${missing.length > 10 ? ", …" : ""}; run ${missing.length === 1 ? "it" : "them"} with --shard ${missing[0]}/${count}`,
    )
  // A run that was damaged on disk is run again here.
  return beginStudy(first.manifest.study, { ...options, engine: inlineEngine, from: folders })
}

function partOf(folder: string, { shard, status }: StudyManifest): Shard {
  if (shard === undefined) throw new RecordProblem(`${folder} is a whole study, no shard of one: there is nothing to merge`)
  if (status !== "part")
    throw new RecordProblem(
      `shard ${sayShard(shard)} in ${folder} is not finished: go on with it by blackstart study --resume ${folder}`,
    )
  return shard
}
