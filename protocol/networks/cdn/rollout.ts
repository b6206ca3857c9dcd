/** Who receives a configuration when: the maths of a staged roll-out, alone. */
import { multiplyHigh } from "../../kernel/random.ts"
import type { State } from "./state.ts"

/** 2^32 divided by the golden ratio: multiples of it fall evenly into [0, 2^32), whatever the number of PoPs. */
const GOLDEN_STEP = 0x9e3779b1

/** A PoP's place in the queue, 0 to 999. Node 0 is always first, so that no fleet lacks a first stage. */
export const computeSlot = (node: number): number => multiplyHigh(Math.imul(node, GOLDEN_STEP), 1000) >>> 0

/** The stage, from 1, in which a PoP is reached: a first stage of its own size, the others of equal size. */
export function computeStage(node: number, stages: number, firstStagePermille: number): number {
  if (stages <= 1) return 1
  const slot = computeSlot(node)
  if (slot < firstStagePermille) return 1
  return 2 + Math.floor(((slot - firstStagePermille) * (stages - 1)) / (1000 - firstStagePermille))
}

/** The configuration last handed out, whether to some PoPs or to all; 0 before the first. */
export const newestRevision = ({ control }: State): number => control.rolling[0] || control.current[0]

/** The configuration a PoP is meant to run now; 0 before the first. */
export function targetRevision({ control, config }: State, node: number): number {
  const rolling = control.rolling[0]
  if (rolling === 0) return control.current[0]
  const i = rolling - 1
  return computeStage(node, config.stages[i], config.firstStagePermille[i]) <= config.stage[i] ? rolling : control.current[0]
}

export interface Exposure {
  /** PoPs in service that the open roll-out has reached. */
  readonly exposed: number
  /** Those of them that answered it with anything but "loaded". */
  readonly hurt: number
}

/** How far the open roll-out has come and what it did there. */
export function computeExposure({ control, config, pop }: State): Exposure {
  const rolling = control.rolling[0]
  const i = rolling - 1
  const { registered, answered, revision, broken } = pop
  let exposed = 0
  let hurt = 0
  for (let node = 0; node < pop.length; node++) {
    if (registered[node] === 0) continue
    if (computeStage(node, config.stages[i], config.firstStagePermille[i]) > config.stage[i]) continue
    exposed++
    if (answered[node] === rolling && (revision[node] !== rolling || broken[node] === 1)) hurt++
  }
  return { exposed, hurt }
}
