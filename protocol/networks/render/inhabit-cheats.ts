/** Nodes that do not render what they deliver, and what it earns them: what they were paid, less the electricity of the work they did. */
import type { Values } from "../../kernel/param.ts"
import { below, stream, type Stream } from "../../kernel/random.ts"
import { unit } from "../../kernel/unit.ts"
import type { RenderParams } from "./params.ts"
import type { State } from "./state.ts"

export const SOUND = 0
/** Delivers wrong frames: noise, blanks, old pictures. */
export const FAKER = 1
/** Delivers copies of frames that others rendered for the same job, where there are any; renders the others. */
export const THIEF = 2

export const cheatShape = {
  /** Seconds of rendering that a machine really did. */
  workS: unit("s", "safe", 0),
  /** Row 0: frames that were not what they should be and passed the checks; those of them that were copies. */
  wrongAll: unit("frames", "safe", 0),
  stolenAll: unit("frames", "safe", 0),
} as const

export const cheatObserves = {
  "cheater.incomePermille": {
    unit: "‰ of a sound node's",
    because:
      "A cheating node's mean pay since the beginning less the electricity of its work, for a thousand of a sound node's; 0 without either.",
  },
  "frame.wrong": { unit: "frames", because: "Wrong or stolen frames that passed the network's checks, since the beginning." },
  "frame.stolen": { unit: "frames", because: "Of those, copies of other nodes' frames." },
} as const

const WATT_SECONDS_OF_KWH = 3_600_000

export class Cheats {
  readonly #dice: Stream

  /** Fakers keep the dice they always had: thieves are drawn above them. */
  constructor(seed: number) {
    this.#dice = stream(seed, "render/faker")
  }

  roleOf(v: Values<RenderParams>, n: number): number {
    const d = below(this.#dice, 1000, n)
    return d < v.fakerPermille ? FAKER : d < v.fakerPermille + v.thiefPermille ? THIEF : SOUND
  }

  /** Of `frames` that node `n` delivers of job row `j`, those it did not render. */
  fakes(v: Values<RenderParams>, { job }: State, n: number, j: number, frames: number): number {
    const role = this.roleOf(v, n)
    if (role === SOUND) return 0
    return role === FAKER ? frames : Math.min(frames, job.rendered[j] + job.approved[j])
  }

  /** Share of its fakes that the network's own checks find, in permille; `checked`: those made of all that should be. */
  checkPermille(v: Values<RenderParams>, n: number, checked: number): number {
    return this.roleOf(v, n) === THIEF
      ? Math.floor((v.stolenCheckPermille * checked) / 1000)
      : Math.floor((v.checkPermille * checked) / 1000)
  }

  /** Share of what a node delivered that an artist who looks rejects, in permille. */
  noticePermille(v: Values<RenderParams>, n: number): number {
    const role = this.roleOf(v, n)
    return role === FAKER ? v.noticePermille : role === THIEF ? v.stolenNoticePermille : 0
  }

  /** `microUsdPerKwh` by node; watts above idle by node. */
  observe(
    v: Values<RenderParams>,
    { node, service }: State,
    memory: { readonly workS: Float64Array; readonly wrongAll: Float64Array; readonly stolenAll: Float64Array },
    microUsdPerKwh: (n: number) => number,
    wattsOf: (n: number) => number,
  ): Readonly<Record<keyof typeof cheatObserves, number>> {
    const income = [0, 0]
    const count = [0, 0]
    for (let n = 0; n < node.length; n++) {
      const cheats = this.roleOf(v, n) === SOUND ? 0 : 1
      const paid = (node.paid8.toNumber(n) * service.priceMicroUsd[0]) / 1e8
      income[cheats] += paid - (memory.workS[n] * wattsOf(n) * microUsdPerKwh(n)) / WATT_SECONDS_OF_KWH
      count[cheats]++
    }
    return {
      "cheater.incomePermille":
        count[0] === 0 || count[1] === 0 || income[0] <= 0
          ? 0
          : Math.round((income[1] / count[1] / (income[0] / count[0])) * 1000),
      "frame.wrong": memory.wrongAll[0],
      "frame.stolen": memory.stolenAll[0],
    }
  }
}
