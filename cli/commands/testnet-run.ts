/** blackstart testnet run and generate: one scenario on real processes and in the simulator, and scenarios drawn at random for it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { loadavg, tmpdir } from "node:os"
import { join } from "node:path"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { does } from "../does.ts"
import { mistake } from "../failure.ts"

interface Input {
  readonly scenario: string
  readonly out: string
  readonly speed: number
  readonly sectors: number
  readonly net: "auto" | "proxy"
}

export const runInTwoWorlds = Command.make(
  "run",
  {
    scenario: Argument.String("scenario").pipe(
      Argument.withDescription("A scenario of one network that real nodes can run: a .ts, .js or .json file"),
    ),
    out: Flag.String("out").pipe(
      Flag.withDescription("Folder of the report (default runs/worlds)"),
      Flag.withDefault(join("runs", "worlds")),
    ),
    speed: Flag.Int("speed").pipe(
      Flag.withDescription("Chain seconds in a second (default 600: a day takes 144 s)"),
      Flag.withDefault(600),
    ),
    sectors: Flag.Int("sectors").pipe(Flag.withDescription("Real sectors of each node (default 2)"), Flag.withDefault(2)),
    net: Flag.Literals("net", ["auto", "proxy"]).pipe(
      Flag.withDescription("How networks are cut: namespaces and nftables where this user may, or a TCP proxy (default auto)"),
      Flag.withDefault("auto" as const),
    ),
  },
  does(play),
).pipe(
  Command.withDescription("Play a scenario on real processes and in the simulator, and draw predicted against observed"),
  Command.withExamples([
    { command: "blackstart testnet run scenarios/testnet/half-die.ts", description: "Half of a dozen real nodes are killed" },
  ]),
)

async function play(input: Input): Promise<void> {
  if (input.speed < 1 || input.speed > 3600)
    mistake("--speed may be 1 to 3600: faster, and a window of the chain is over before a node can prove")
  if (input.sectors < 1 || input.sectors > 16) mistake("--sectors may be 1 to 16")
  const [{ loadScenario }, { judgeStands, predict }, { conduct }, { compare }, { renderWorlds }, { draw, stream }] =
    await Promise.all([
      import("../../simulation/record/load.ts"),
      import("../two-worlds.ts"),
      import("../../testnet/worlds/conduct.ts"),
      import("../../testnet/worlds/compare.ts"),
      import("../../testnet/worlds/report.ts"),
      import("../../protocol/kernel/random.ts"),
    ])
  const scenario = await loadScenario(input.scenario)
  const predicted = predict(scenario)
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  say(scenario.question)
  const wall = (predicted.lengthS + 1.4 * 86_400) / input.speed
  say(`${predicted.nodes} real nodes, ${predicted.orders.length} orders; about ${Math.ceil(wall / 60)} minutes`)
  const stop = new AbortController()
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort())
  const dir = mkdtempSync(join(tmpdir(), "blackstart-worlds-"))
  const dice = stream(scenario.seed, "testnet/worlds")
  let drawn = 0
  let hasEnded = false
  try {
    const { samples, ...observed } = await conduct({
      ...predicted,
      metrics: predicted.metrics.map((m) => m.name),
      sectors: input.sectors,
      speed: input.speed,
      dir,
      isolate: input.net,
      dice: () => draw(dice, drawn++) / 2 ** 32,
      tell: say,
      signal: stop.signal,
    })
    const courses = predicted.metrics.map((_, i) => samples.map((s) => ({ atS: s.atS, value: s.values[i] })))
    const comparisons = predicted.metrics.map((m, i) => compare(m.name, m.unit, m.course, courses[i], observed.sectors))
    const report = {
      name: scenario.name ?? "scenario",
      question: scenario.question,
      seed: scenario.seed,
      speed: input.speed,
      nodes: predicted.nodes,
      lengthS: predicted.lengthS,
      moments: predicted.moments,
      comparisons,
      claims: judgeStands(scenario, predicted, courses),
      orders: predicted.orders,
      observed,
      predictedLogHash: predicted.logHash,
      load: loadavg()[0],
    }
    mkdirSync(input.out, { recursive: true })
    writeFileSync(join(input.out, `${report.name}.json`), `${JSON.stringify(report, null, 1)}\n`)
    writeFileSync(join(input.out, `${report.name}.html`), renderWorlds(report))
    for (const c of comparisons) say(c.words)
    for (const c of report.claims)
      say(
        `${c.words}: ${c.predicted ? "holds" : "does not hold"} in the simulation, ${c.observed ? "holds" : "does not hold"} in reality`,
      )
    say(`Report: ${join(input.out, `${report.name}.html`)}`)
    hasEnded = true
  } finally {
    // The agents' logs are what explains a run that did not come up.
    if (hasEnded || stop.signal.aborted) rmSync(dir, { recursive: true, force: true })
  }
}

export const generate = Command.make(
  "generate",
  {
    seed: Flag.Int("seed").pipe(Flag.withDescription("All dice of the scenario: the same seed gives the same one")),
    nodes: Flag.Int("nodes").pipe(Flag.withDescription("Nodes, 4 to 40 (default: drawn, 8 to 16)"), Flag.withDefault(0)),
  },
  does(async (input: { readonly seed: number; readonly nodes: number }) => {
    const { generateScenario } = await import("../generate-scenario.ts")
    if (!Number.isSafeInteger(input.seed) || input.seed < 0) mistake("--seed must be a whole number from 0")
    if (input.nodes !== 0 && (input.nodes < 4 || input.nodes > 40)) mistake("--nodes may be 4 to 40")
    process.stdout.write(`${JSON.stringify(generateScenario(input.seed, input.nodes), null, 1)}\n`)
  }),
).pipe(Command.withDescription("Draw a scenario for two worlds, as JSON: what fails, how much of it, when and for how long"))
