/** How far a run is: a bar with rate and time left on a terminal, a plain line now and then elsewhere, on stderr. */
import { SingleBar } from "cli-progress"

export interface Progress {
  readonly atS: number
  readonly beginS: number
  readonly endS: number
  readonly events: number
  readonly seconds: number
  readonly stage: string
  /** Instead of a rate of events, where something else is counted. */
  readonly said?: string
}

export interface Meter {
  readonly show: (p: Progress) => void
  readonly stop: () => void
}

const SECONDS_BETWEEN_LINES = 5

export const silent: Meter = { show: () => {}, stop: () => {} }

export const meter = (): Meter => (process.stderr.isTTY ? bar() : lines())

function bar(): Meter {
  const drawn = new SingleBar({
    format: "{stage} [{bar}] {percentage}% · {rate} · {left}",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 30,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    fps: 8,
  })
  let isStarted = false
  return {
    show(p) {
      const said = { stage: p.stage, rate: rateOf(p), left: leftOf(p) }
      const part = Math.floor(1000 * partOf(p))
      if (!isStarted) drawn.start(1000, part, said)
      else drawn.update(part, said)
      isStarted = true
    },
    stop: () => isStarted && drawn.stop(),
  }
}

function lines(): Meter {
  let [last, stage] = [0, ""]
  return {
    show(p) {
      // A new stage is news; within one, a line every few seconds of work is enough for a log.
      if (p.stage === stage && p.seconds - last < SECONDS_BETWEEN_LINES) return
      last = p.seconds
      stage = p.stage
      process.stderr.write(`${p.stage}: ${Math.floor(100 * partOf(p))}%, ${rateOf(p)}, ${leftOf(p)}\n`)
    },
    stop: () => {},
  }
}

const partOf = ({ atS, beginS, endS }: Progress): number =>
  endS === beginS ? 1 : Math.min(1, Math.max(0, (atS - beginS) / (endS - beginS)))

const rateOf = ({ events, seconds, said }: Progress): string => {
  if (said !== undefined) return said
  // Twins and variants record no events of their own.
  if (events === 0) return "no events recorded"
  const rate = seconds > 0 ? events / seconds : 0
  return rate >= 1e6 ? `${(rate / 1e6).toFixed(1)} M events/s` : `${Math.round(rate).toLocaleString("en-GB")} events/s`
}

function leftOf(p: Progress): string {
  const part = partOf(p)
  if (part <= 0.01) return "time left unknown"
  const left = Math.ceil((p.seconds / part) * (1 - part))
  return left >= 60 ? `${Math.ceil(left / 60)} min left` : `${left} s left`
}
