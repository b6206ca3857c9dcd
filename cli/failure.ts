/** What a failure means to a person: one sentence and exit code 1 for a mistake, the broken promise and exit code 2 for a bug. */
import { ScenarioProblem } from "../protocol/boundary/problem.ts"
import { BrokenPromise } from "../protocol/kernel/invariant.ts"

export interface Verdict {
  readonly text: string
  readonly code: 1 | 2
}

/** Names, not classes: most of them live in rooms that a command which fails early need not load. */
const MISTAKES = ["ScenarioProblem", "RecordProblem"]

/** Ends a command: a user's mistake, in one sentence. */
export function mistake(sentence: string): never {
  throw new ScenarioProblem(sentence)
}

/** Runs something whose plain errors are sentences about what a user asked: a query, a report. */
export async function asked<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    if (cause instanceof Error && cause.constructor === Error) mistake(cause.message)
    throw cause
  }
}

export function judge(error: unknown): Verdict {
  if (error instanceof BrokenPromise) return { code: 2, text: error.message }
  if (error instanceof Error && MISTAKES.includes(error.name)) return { code: 1, text: oneLine(error.message) }
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  if (code === "ENOSPC")
    return { code: 1, text: `the disk is full (${oneLine((error as Error).message)}): free some space, then resume or run again` }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {
    code: 2,
    text: `blackstart itself failed, which is a bug: please report this with the command that you gave\n${trace}`,
  }
}

const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/gu, " ")
