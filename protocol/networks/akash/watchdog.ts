/** The provider's watchdog over a lease (provider@afc4dd7c): how long it waits until it closes what does not answer. */
import { Mixer } from "../../kernel/random.ts"

const FIRST_S = 10
const FIRST_JITTER_S = 5
const RETRY_S = 4
const RETRY_JITTER_S = 15
const PARTS = 2 ** 32

const mixer = new Mixer()

/** Whole seconds from the failure to the close: a first check after 10 s + U(0, 5 s), then `retries` after 4 s + U(0, 15 s) each. */
export function computeWatchdogSeconds(words: Uint32Array, retries: number): number {
  mixer.seed(words)
  let seconds = FIRST_S + (mixer.next() / PARTS) * FIRST_JITTER_S
  for (let i = 0; i < retries; i++) seconds += RETRY_S + (mixer.next() / PARTS) * RETRY_JITTER_S
  return Math.ceil(seconds)
}
