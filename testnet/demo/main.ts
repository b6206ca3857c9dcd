/** `npm run demo`: starts the demonstration and says where its page is. `--port N` and `--nodes N` may be given. */
import { parseArgs } from "node:util"
import { Demo } from "./demo.ts"
import { serveDemo } from "./serve.ts"

const OPTIONS = { port: { type: "string", default: "8790" }, nodes: { type: "string", default: "24" } } as const
const values = (() => {
  try {
    return parseArgs({ options: OPTIONS }).values
  } catch (error) {
    process.stderr.write(`${(error as Error).message.split(".")[0]}: npm run demo -- [--port N] [--nodes N]\n`)
    return process.exit(1)
  }
})()
const whole = (name: "port" | "nodes", min: number, max: number): number => {
  const n = Number(values[name])
  if (Number.isInteger(n) && n >= min && n <= max) return n
  process.stderr.write(`--${name} must be a whole number from ${min} to ${max}\n`)
  process.exit(1)
}
const [port, nodes] = [whole("port", 0, 65_535), whole("nodes", 8, 100)]
process.stdout.write(`starting one proxy and ${nodes} nodes, each a process of its own\n`)
const demo = new Demo({ nodes })
try {
  await demo.start()
  const { url, close } = await serveDemo(demo, port)
  process.stdout.write(`open ${url} in a browser; Ctrl-C ends it and every process it started\n`)
  await new Promise<void>((stop) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop())
  })
  await close()
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 1
} finally {
  await demo.close()
}
