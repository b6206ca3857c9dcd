/**
 * A study as the bench times it: ten-day outages of a hotspot network, many seeds, on threads. In a process of its own, so that its
 * memory is its own: `node bench/study.ts NODES RUNS WORKERS` prints one JSON line.
 */
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { readStudy } from "../protocol/boundary/study.ts"
import { beginStudy } from "../simulation/study/conduct.ts"
import { threadEngine } from "../simulation/study/engine-threads.ts"
import { peakMB } from "./long-run.ts"

export interface StudyTiming {
  readonly nodes: number
  readonly runs: number
  readonly workers: number
  readonly seconds: number
  /** User CPU of all threads. */
  readonly userSeconds: number
  /** Wall seconds inside jobs, over workers times wall seconds: what the workers had to wait for is missing from 1. */
  readonly busy: number
  readonly peakMB: number
}

const POINTS = 4

/** Ten days in epochs of three hours, five minutes around an outage of three hours. */
const study = (nodes: number, runs: number) =>
  readStudy({
    study: "runs",
    name: "bench",
    question: "What does an outage cost?",
    bases: {
      outage: {
        scenario: {
          question: "What does an outage cost?",
          begins: "2025-11-12T00:00:00Z",
          lasts: { days: 10 },
          seed: 1,
          epoch: { hours: 3 },
          fine: [{ from: "2025-11-18T11:00:00Z", to: "2025-11-18T15:00:00Z", every: { minutes: 5 } }],
          networks: { cdn: { nodes: 330 }, helium: { nodes } },
          dependsOn: { helium: { on: "cdn", nodes: { percent: 10 }, users: { percent: 5 }, because: "a bench" } },
          incident: { onset: "2025-11-18T11:30:00Z", mainRecovery: "2025-11-18T14:30:00Z" },
          timeline: [
            {
              at: "2025-11-18T11:30:00Z",
              label: "a bad file",
              do: { verb: "corrupt", network: "cdn", facility: "config-builder", to: { percent: 100 } },
            },
            {
              at: "2025-11-18T14:30:00Z",
              label: "the right file",
              do: { verb: "repair", network: "cdn", facility: "config-builder" },
            },
          ],
        },
      },
    },
    vary: [{ by: "grid", of: { "cdn.failingSharePermille": { from: 400, to: 1000, steps: POINTS } } }],
    seeds: { from: 1, count: Math.ceil(runs / POINTS) },
    measure: {
      lost: { of: "service", network: "cdn", figure: "lost", during: "window" },
      kept: { of: "service", network: "helium", figure: "served", during: "window" },
      gini: { of: "nodes", measure: "helium.earnedBones", figure: "gini" },
    },
  })

async function timeHere(nodes: number, runs: number, workers: number): Promise<StudyTiming> {
  const dir = mkdtempSync(join(tmpdir(), "blackstart-bench-"))
  try {
    const cpu = process.cpuUsage()
    const began = performance.now()
    const { manifest } = await beginStudy(study(nodes, runs), {
      outDir: join(dir, "study"),
      engine: (pastDir) => threadEngine(workers, pastDir),
      cacheDir: join(dir, "cache"),
      commit: "bench",
      version: "bench",
      command: "",
    })
    const seconds = (performance.now() - began) / 1000
    const userSeconds = process.cpuUsage(cpu).user / 1e6
    return {
      nodes,
      runs: manifest.runs,
      workers,
      seconds,
      userSeconds,
      busy: manifest.spent!.work / (workers * seconds),
      peakMB: peakMB(),
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

const SELF = fileURLToPath(import.meta.url)

/** Runs in a child process; throws with its last words when it fails. */
export function studyTiming(nodes: number, runs: number, workers: number): StudyTiming {
  const child = spawnSync(process.execPath, [SELF, String(nodes), String(runs), String(workers)], { encoding: "utf8" })
  if (child.status !== 0) throw new Error(`a study of ${runs} runs failed: ${child.stderr || child.signal}`)
  return JSON.parse(child.stdout) as StudyTiming
}

if (process.argv[1] === SELF) {
  const [nodes, runs, workers] = process.argv.slice(2).map(Number)
  process.stdout.write(`${JSON.stringify(await timeHere(nodes, runs, workers))}\n`)
}
