#!/usr/bin/env node
// The door. It must be readable by any Node, because its first task is to say so when this one is too old.
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import * as module from "node:module"
import { fileURLToPath } from "node:url"

/** The first release that runs these TypeScript files as they are, and what package.json asks for. */
const NEEDED = [22, 19]
const [major, minor] = process.versions.node.split(".").map(Number)

if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) {
  // Keeps what was compiled in the computer's temporary folder, so that the next command starts sooner.
  module.enableCompileCache()
  await import("./main.ts")
} else {
  const own = fileURLToPath(new URL("../node_modules/.bin/node", import.meta.url))
  // The variable keeps a wrong link from starting itself for ever.
  if (existsSync(own) && process.env.BLACKSTART_NODE === undefined) startWith(own)
  else {
    process.stderr.write(
      `blackstart needs Node ${NEEDED.join(".")} or later and this is ${process.version}: run npm ci, which brings one, or install a newer Node\n`,
    )
    process.exitCode = 1
  }
}

function startWith(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: "inherit", env: { ...process.env, BLACKSTART_NODE: node } })
  // The child decides when to end, and this process waits for it. A terminal sends Ctrl-C to both: the child takes two as one.
  process.on("SIGINT", () => child.kill("SIGINT"))
  process.on("SIGTERM", () => child.kill("SIGTERM"))
  child.on("error", (error) => {
    process.stderr.write(`${node} could not be started (${error.message}): run npm ci again\n`)
    process.exitCode = 1
  })
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1)
  })
}
