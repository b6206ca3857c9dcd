/**
 * npm run golden: plays every scenario that comes with blackstart at its seed and checks that it ends as it did before;
 * npm run golden -- --update rewrites scenarios/golden.json. Exit status 1 when something ended otherwise.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { spanSeconds } from "../protocol/boundary/instant.ts"
import { DAY } from "../protocol/kernel/clock.ts"
import { toHex } from "../protocol/kernel/hash.ts"
import { resolve } from "../simulation/engine/resolve.ts"
import { Simulation } from "../simulation/engine/simulation.ts"
import { environment } from "../simulation/record/environment.ts"
import { loadScenario } from "../simulation/record/load.ts"
import { ROOT } from "./version.ts"

const FILE = join(ROOT, "scenarios", "golden.json")
export const UPDATE = "npm run golden -- --update"
/** A scenario longer than this is stopped early: its first days go through the same code. */
const LONG_S = 30 * DAY
const SHORTENED = "7d"

/** How one scenario ends, at its own seed and sizes. */
export interface Golden {
  readonly seed: number
  /** Where it is stopped sooner than it ends. */
  readonly until?: string
  readonly events: number
  readonly epochs: number
  readonly logHash: string
  readonly stateHash: string
}
export type Goldens = Readonly<Record<string, Golden>>

/** Scenario files in the folders of scenarios/, as paths from the root, in order. */
export function scenarioFiles(): readonly string[] {
  const scenarios = join(ROOT, "scenarios")
  return readdirSync(scenarios, { withFileTypes: true, recursive: true })
    .filter(
      (f) =>
        f.isFile() && f.parentPath !== scenarios && /\.(ts|json)$/u.test(f.name) && !/\.(test|properties)\.ts$/u.test(f.name),
    )
    .map((f) => relative(ROOT, join(f.parentPath, f.name)).replaceAll("\\", "/"))
    .filter((file) => !isStudy(file))
    .sort()
}

/** A study is no scenario: `blackstart supply` runs it, and it has errors against the chain instead of a golden. */
const isStudy = (file: string): boolean =>
  file.endsWith(".json") && Object.hasOwn(JSON.parse(readFileSync(join(ROOT, file), "utf8")) as object, "study")

/** What golden.json says. */
export const readGoldens = (): Goldens => (JSON.parse(readFileSync(FILE, "utf8")) as { readonly scenarios: Goldens }).scenarios

/** Plays one scenario to its golden end. No twin, no sweep, no report: only what the hashes are made of. */
export async function play(file: string): Promise<Golden> {
  const scenario = await loadScenario(join(ROOT, file))
  const until = spanSeconds(scenario.lasts)! > LONG_S ? SHORTENED : undefined
  const sim = new Simulation(resolve(scenario, until === undefined ? {} : { until }), environment())
  let stateHash = ""
  while (!sim.done) stateHash = sim.tick().header!.state
  return {
    seed: scenario.seed,
    ...(until === undefined ? {} : { until }),
    events: sim.log.rows,
    epochs: sim.epoch,
    logHash: toHex(sim.log.hash),
    stateHash,
  }
}

async function main(args: readonly string[]): Promise<void> {
  const wrong = args.find((arg) => arg !== "--update")
  if (wrong !== undefined) {
    process.stderr.write(
      `npm run golden knows no ${wrong}: give it nothing to check, or --update to rewrite scenarios/golden.json\n`,
    )
    process.exitCode = 1
    return
  }
  const before: Goldens = args.length === 0 ? readGoldens() : {}
  const now: Record<string, Golden> = {}
  let differ = 0
  for (const file of scenarioFiles()) {
    const began = performance.now()
    // One after the other, so that each says how long it takes.
    // oxlint-disable-next-line no-await-in-loop
    now[file] = await play(file)
    const { events, epochs, logHash, stateHash, until } = now[file]
    const isSame = args.length > 0 || JSON.stringify(before[file]) === JSON.stringify(now[file])
    if (!isSame) differ++
    const how = `${events.toLocaleString("en-GB")} events, ${epochs} epochs${until === undefined ? "" : ` (until ${until})`}, log ${logHash.slice(0, 16)}, state ${stateHash.slice(0, 16)}, ${((performance.now() - began) / 1000).toFixed(1)} s`
    process.stdout.write(`${isSame ? "" : "DIFFERS "}${file}: ${how}\n`)
    if (!isSame) process.stdout.write(`  was ${before[file] === undefined ? "never recorded" : JSON.stringify(before[file])}\n`)
  }
  for (const gone of Object.keys(before).filter((file) => now[file] === undefined)) {
    differ++
    process.stdout.write(`DIFFERS ${gone}: there is no such scenario any more\n`)
  }
  if (args.length > 0) {
    const about = `How each scenario ends at its seed: npm run golden checks it, ${UPDATE} rewrites it. A scenario longer than ${LONG_S / DAY} days is stopped after ${SHORTENED}.`
    writeFileSync(FILE, `${JSON.stringify({ format: 1, about, scenarios: now }, null, 2)}\n`)
    process.stdout.write("scenarios/golden.json is rewritten: say in CHANGELOG.md which results changed, and why\n")
  } else if (differ > 0) {
    process.stdout.write(
      `${differ} differ. If that is meant, ${UPDATE} records it; say in CHANGELOG.md which results changed, and why\n`,
    )
    process.exitCode = 1
  } else process.stdout.write("every scenario ends as it did\n")
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2))
