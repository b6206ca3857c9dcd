/**
 * The seam between a study and whatever runs it: threads here, processes here or elsewhere, machines later. An engine takes jobs,
 * gives results in whatever order they come, and can be told to stop. A result never says who made it.
 */
import type { Job, JobResult } from "./job.ts"

export interface Task {
  /** Number of the run in its study. */
  readonly run: number
  readonly job: Job
}

export interface Outcome {
  readonly run: number
  readonly result: JobResult
  /** Wall seconds the job took where it ran: told, never recorded beside the figures. */
  readonly seconds: number
}

export interface Engine {
  /** As it is told: "2 threads". */
  readonly name: string
  /** Jobs that run at one time. */
  readonly width: number
  /**
   * Runs tasks as they are drawn from the iterable, never many more than it can work on, and yields each outcome once. Ends early,
   * and without an error, after `cancel`.
   */
  run(tasks: Iterable<Task>): AsyncIterable<Outcome>
  /** Stops at once; jobs under way are dropped. */
  cancel(): void
  /** Lets its workers go. */
  close(): Promise<void>
}

/** What a study says to a worker, and hears from it: plain data, so that it can go through a thread's port or down a wire. */
export interface Order {
  readonly run: number
  readonly job: Job
}
export type Reply = Outcome
