/**
 * Builds the notebooks to dist/notebooks. `--check` then runs every one of them in Chromium; `--serve` shows them on this computer.
 * `--shots FOLDER` keeps the check's pictures.
 */
import { build } from "vite"
import config from "./vite.config.ts"
import { checkPages } from "./check.ts"
import { OUT, serve } from "./serve.ts"

const args = process.argv.slice(2)
const known = ["--check", "--serve", "--shots"]
const strange = args.find((arg, i) => !known.includes(arg) && args[i - 1] !== "--shots")
if (strange !== undefined) stop(`there is no ${strange}: npm run notebooks -- [--check] [--shots FOLDER] [--serve]`)
const shots = args.includes("--shots") ? args[args.indexOf("--shots") + 1] : undefined
if (args.includes("--shots") && shots === undefined) stop("--shots: name a folder for the pictures")

await build({ ...config, configFile: false })
console.log("notebooks: built to dist/notebooks")
if (args.includes("--check") || shots !== undefined) {
  const failures = await checkPages(shots)
  for (const failure of failures) console.error(`notebooks: ${failure}`)
  if (failures.length > 0) process.exitCode = 1
}
if (args.includes("--serve")) {
  const { address } = await serve(OUT, 8722)
  console.log(`notebooks: ${address} (Ctrl+C ends it)`)
}

function stop(why: string): never {
  console.error(why)
  process.exit(1)
}
