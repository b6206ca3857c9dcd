/**
 * A node as one small process, for many of them on one computer: the agent of `blackstart join` without its page, its questions and the
 * command line. `node light.ts HOME SECTORS ROUND_MS GATEWAY…`; says on its standard output what the agent says.
 */
import { writeSync } from "node:fs"
import { flushCompileCache } from "node:module"
import { RecordProblem } from "../../protocol/boundary/durable.ts"
import { Agent } from "./agent.ts"
import { Home } from "./home.ts"
import { StorageRole } from "./role-storage.ts"

const [dir, sectors, roundMs, ...gateways] = process.argv.slice(2)
const home = new Home(dir)
const before = home.config()
home.saveConfig({ ...before, gateways, roles: ["storage"], sectors: Number(sectors), pagePort: 0 })
const stop = new AbortController()
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort())
const unlock = home.lock()
try {
  const agent = new Agent({
    home,
    config: home.config()!,
    // One write a line, so that a kill leaves whole lines.
    say: (line) => void writeSync(1, `${line}\n`),
    signal: stop.signal,
    roundMs: Number(roundMs),
    work: new StorageRole(1),
    // For trials that count: what was answered, where the one who started it asked for it.
    ...(process.env.BLACKSTART_ANSWERS === undefined
      ? {}
      : { onAnswer: (told) => void writeSync(1, `${JSON.stringify(told)}\n`) }),
  })
  // A kill leaves no time for it: what this process compiled, the next one need not.
  flushCompileCache()
  await agent.run()
} catch (error) {
  if (!(error instanceof RecordProblem)) throw error
  writeSync(2, `${error.message}\n`)
  process.exitCode = 1
} finally {
  unlock()
}
