/** Plays one incident of a library from beginning to end and says what it came to, beside what its record says. Nothing is kept. */
import { readScenario, type Scenario } from "../../protocol/boundary/scenario.ts"
import { override } from "../engine/override.ts"
import { resolve } from "../engine/resolve.ts"
import { Simulation } from "../engine/simulation.ts"
import { courseMeasured, detectionOf, timesMeasured, timesPublished, type Left, type Times } from "../library/measured.ts"
import { translateFully } from "../library/translate.ts"
import { judge, type ClaimResult } from "./claims.ts"
import { environment } from "./environment.ts"
import { measure } from "./measure.ts"
import { reading } from "./reading.ts"

export interface Played {
  readonly id: string
  readonly name: string
  readonly question: string
  readonly cause: string
  readonly plane: string
  /** The network it happened to, or that stands in for what it happened to. */
  readonly victim: string
  /** Levels were put in, so that their depth proves nothing; false: they follow from who stands where. */
  readonly isImposed: boolean
  readonly depthFrom: "level" | "fraction" | "assumed"
  readonly published: Times
  readonly measured: Times
  /** Share of requests that other networks lost between onset and main recovery. */
  readonly others: readonly { readonly network: string; readonly lost: number | null }[]
  readonly claims: readonly ClaimResult[]
  readonly choices: readonly string[]
  readonly sources: readonly string[]
  /** On record, and as played: a record older than the rules is moved. Course and steps are as played. */
  readonly onsetS: number
  readonly playedOnsetS: number
  readonly course: readonly Left[]
  readonly steps: NonNullable<NonNullable<Scenario["incident"]>["published"]>
  readonly nodes: number
  readonly seconds: number
}

/** Throws a ScenarioProblem where the record leaves nothing to play. */
export function playIncident(data: unknown, nodes?: number): Played {
  const began = performance.now()
  const translated = translateFully(data)
  const written = readScenario(JSON.parse(JSON.stringify(translated.scenario)))
  const { scenario } = override(written, nodes === undefined ? {} : { nodes })
  const plan = resolve(scenario)
  const sim = new Simulation(plan, environment({ chained: false }))
  const victim = sim.networks.find((n) => n.name === translated.victim)!
  // Some networks remember their last incident only; what counts here is the first since onset.
  const onset = plan.windowS!.from
  let detectedS = 0
  while (!sim.done) {
    sim.tick()
    if (detectedS > onset) continue
    detectedS = detectionOf(victim, onset)
  }
  const results = sim.networks.map((n) => measure(n, plan.windowS))
  const course = courseMeasured(scenario, plan, victim)
  const measured = timesMeasured(scenario, plan, victim, course, detectedS > onset ? detectedS : 0)
  const { incident } = scenario
  const { record } = translated
  const onsetS = record.onsetS + translated.movedS
  const published = timesPublished(scenario, record, translated.depthFrom === "assumed" ? null : translated.depthPermille / 1000)
  return {
    id: scenario.name!,
    name: record.name,
    question: scenario.question,
    cause: translated.cause,
    plane: incident!.plane!,
    victim: victim.name,
    isImposed: translated.isImposed,
    depthFrom: translated.depthFrom,
    published: {
      ...published,
      endMin: record.isOpenEnded ? null : (record.endS - record.onsetS) / 60,
    },
    measured,
    others: results
      .filter((r) => r.network !== victim.name)
      .map((r) => ({ network: r.network, lost: r.windowAvailabilityPpm === null ? null : 1 - r.windowAvailabilityPpm / 1e6 })),
    claims: judge(scenario, plan, results, reading(sim.networks)),
    choices: scenario.choices ?? [],
    sources: scenario.sources ?? [],
    onsetS: record.onsetS,
    playedOnsetS: onsetS,
    course: course.filter((c) => c.toS > onsetS - (record.endS - record.onsetS) / 4),
    steps: incident!.published ?? [],
    nodes: sim.networks.reduce((sum, n) => sum + n.lender.nodes, 0),
    seconds: (performance.now() - began) / 1000,
  }
}
