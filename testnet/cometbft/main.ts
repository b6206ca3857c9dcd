/**
 * `npm run validators -- COMMAND`:
 *
 *     install               go install of the engine this was written for, into Go's bin folder
 *     perturb --out DIR     the perturbation suite on four real validators; DIR gets JSON, Parquet and a table
 *         --short           a kill and a lost quorum only
 *         --quick           the ones that find most, in about three minutes
 *         --older PATH      an older engine, for the upgrade
 *         --skewed DIR      where the engine with the shifted clock is built
 */
import { spawnSync } from "node:child_process"
import { parseArgs } from "node:util"
import { findEngine, HOW_TO_INSTALL, versionOf } from "./engine-program.ts"
import { perturb } from "./perturb.ts"
import { shoot } from "./shoot.ts"
import { COMETBFT_PACKAGE, COMETBFT_VERSION } from "./version.ts"

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const [command = "", ...rest] = process.argv.slice(2)
const { values } = parseArgs({
  args: rest,
  options: {
    out: { type: "string" },
    short: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    older: { type: "string" },
    skewed: { type: "string" },
  },
})

if (command === "install") {
  const ran = spawnSync("go", ["install", `${COMETBFT_PACKAGE}@${COMETBFT_VERSION}`], { stdio: "inherit" })
  const engine = findEngine()
  if (ran.status !== 0 || engine === undefined) {
    say(`Go could not install it. ${HOW_TO_INSTALL}`)
    process.exitCode = 1
  } else say(`${engine} is CometBFT ${versionOf(engine)}`)
} else if (command === "perturb") {
  const engine = findEngine()
  if (engine === undefined) {
    say(HOW_TO_INSTALL)
    process.exitCode = 1
  } else {
    const { out, short, quick, older, skewed } = values
    const extent = short ? "short" : quick ? "quick" : "full"
    const report = await perturb({ engine, out, extent, older, skewedFolder: skewed, say, shoot })
    say(
      `${report.perturbations.filter((r) => r.ok).length} of ${report.perturbations.length} perturbations and ${report.invariants.filter((i) => i.ok).length} of ${report.invariants.length} invariants hold; ${report.acknowledged} commands acknowledged, ${(report.paidMicroFil / 1e6).toFixed(1)} FIL paid, finality ${report.finalityMs.p50} ms (median), load ${report.loadAverage.join(" ")}`,
    )
    process.exitCode = report.ok ? 0 : 1
  }
  // A socket that fetch keeps open must not hold the process.
  process.exit()
} else {
  say("npm run validators -- install | perturb [--out DIR] [--short | --quick] [--older PATH] [--skewed DIR]")
  process.exitCode = 1
}
