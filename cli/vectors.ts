/**
 * npm run vectors -- FILE.json... : runs numeric test vectors against the rules and prints what differs. The last line is
 * "N passed, N failed"; exit status 1 when something failed or a file could not be read.
 */

import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { runVectors, type VectorReport } from "../protocol/boundary/vectors/index.ts"

/** The networks whose rules are here; the project's own folder, wherever it is called from. */
const DEFAULT_FILES = ["helium", "filecoin", "akash", "render"].map((name) =>
  fileURLToPath(new URL(`../vectors/${name}.json`, import.meta.url)),
)

/** A parsed vector file, or one sentence that says what is wrong with it and what to do. */
const readReport = (file: string): VectorReport | string => {
  let text: string
  try {
    text = readFileSync(file, "utf8")
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT"
    return missing
      ? `${file} does not exist; name a vector file, for example: npm run vectors -- vectors/helium.json`
      : `${file} could not be read (${(error as Error).message}); check that it is a file you may read`
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return `${file} is not valid JSON (${(error as Error).message}); correct it or fetch it again`
  }
  try {
    return runVectors(json)
  } catch (error) {
    return `${file} is not a vector file: ${(error as Error).message}; its format is described in vectors/README.md`
  }
}

const show = (value: unknown): string => (value === undefined ? "(nothing)" : JSON.stringify(value))

const files = process.argv.slice(2)
const total = { passed: 0, failed: 0, unread: 0 }
const pending = new Map<string, { count: number; reason: string }>()
for (const file of files.length > 0 ? files : DEFAULT_FILES) {
  const report = readReport(file)
  if (typeof report === "string") {
    process.stderr.write(`${report}\n`)
    total.unread++
    continue
  }
  total.passed += report.passed
  total.failed += report.failed.length
  for (const { id, fn, expected, actual, message } of report.failed) {
    process.stdout.write(`FAILED ${id} (${fn}): ${message}\n  expected ${show(expected)}\n  actual   ${show(actual)}\n`)
  }
  for (const { fn, count, reason } of report.pending) {
    pending.set(fn, { count: count + (pending.get(fn)?.count ?? 0), reason })
  }
}

let pendingCount = 0
for (const [fn, { count, reason }] of pending) {
  process.stdout.write(`pending ${fn}: ${count} (${reason})\n`)
  pendingCount += count
}
if (pendingCount > 0) process.stdout.write(`(${pendingCount} pending)\n`)
process.exitCode = total.failed > 0 || total.unread > 0 ? 1 : 0
// With nothing read there is nothing to count: the sentence above stands alone.
if (total.passed + total.failed + pendingCount > 0 || total.unread === 0) {
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`)
}
