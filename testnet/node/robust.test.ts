/** What happens to a node in real life: a laptop sleeps, an address changes, a gateway vanishes, a disk fills, a faucet runs dry. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, test } from "vitest"
import { startGateway } from "../gateway/server.ts"
import { hexOf, newKeyPair } from "../ledger/command.ts"
import { EmbeddedLedger } from "../ledger/embedded.ts"
import { holderOf } from "../ledger/lock.ts"
import { readAccount, readNodes, readSites } from "../ledger/reading.ts"
import { ask, openChain, smallChain } from "../ledger/small-chain.ts"
import { Agent } from "./agent.ts"
import { GatewayClient, Unreachable } from "./client.ts"
import { Home } from "./home.ts"
import { Tenant } from "./tenant.ts"

const CLI = fileURLToPath(new URL("../../cli/blackstart.mjs", import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), "blackstart-robust-"))
const children: ChildProcess[] = []
const dirs = [scratch]
afterAll(() => {
  for (const child of children) child.kill("SIGKILL")
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true })
})

async function until(what: () => boolean | Promise<boolean>, ms = 60_000): Promise<void> {
  const began = performance.now()
  while (!(await what())) {
    if (performance.now() - began > ms) throw new Error(`it did not happen in ${ms} ms: ${what.toString()}`)
    await new Promise((r) => setTimeout(r, 80))
  }
}
function start(name: string, urls: readonly string[], ...more: readonly string[]) {
  const child = spawn(process.execPath, [CLI, "join", ...urls, "--home", join(scratch, name), ...more])
  let text = ""
  for (const out of [child.stdout, child.stderr]) out.on("data", (chunk: Buffer) => (text += chunk.toString()))
  children.push(child)
  const key = () => hexOf(new Home(join(scratch, name)).key().publicKey)
  return { child, said: () => text, key }
}

test(
  "a laptop that sleeps longer than its lease allows, an address that changes, gateways that vanish and come back",
  { timeout: 150_000 },
  async () => {
    const chain = smallChain({ network: "akash", speed: 120 })
    dirs.push(chain.dir)
    const ledger = EmbeddedLedger.open(chain.dir, { blockMs: 80 })
    const gateways = [await startGateway(ledger, { port: 0 }), await startGateway(ledger, { port: 0 })]
    const urls = gateways.map((g) => g.url)
    const nodes = [start("a", urls), start("b", urls)]
    const account = (n: (typeof nodes)[number]) => readAccount(ledger.application, n.key())
    await until(() => nodes.every((n) => account(n)?.lease?.joined === true))
    const tenant = new Tenant(new GatewayClient(urls), newKeyPair())
    await tenant.deploy("site", [{ path: "index.html", content: new Uint8Array(Buffer.from("here")) }], 1)
    const holder = () => readSites(ledger.application)[0].groups[0].node
    const visit = async () => (await fetch(`${urls[1]}/sites/site/`)).status
    await until(async () => holder() >= 0 && (await visit()) === 200)

    // Asleep: its socket still takes connections and nothing answers them.
    const asleep = nodes.find((n) => account(n)!.node === holder())!
    const awake = nodes.find((n) => n !== asleep)!
    asleep.child.kill("SIGSTOP")
    await until(async () => holder() === account(awake)!.node && (await visit()) === 200)
    asleep.child.kill("SIGCONT")
    await until(() => asleep.said().includes("no longer its to serve"))
    expect(asleep.child.exitCode).toBeNull()

    // Another address, said on the chain; visitors follow.
    awake.child.kill("SIGTERM")
    await until(() => awake.child.exitCode !== null)
    const name = awake === nodes[0] ? "a" : "b"
    const moved = start(name, urls, "--address", "127.0.0.2")
    await until(() => account(moved)!.endpoint.ip === "127.0.0.2")
    await until(async () => (await visit()) === 200)

    // One gateway of two is gone, and then both.
    await gateways[0].close()
    const before = account(asleep)!.nonce
    await until(() => account(moved)!.nonce > before || account(moved)!.nonce > 0)
    await gateways[1].close()
    await until(() => moved.said().includes("no gateway answers") && asleep.said().includes("no gateway answers"))
    const nonce = account(moved)!.nonce
    const again = await startGateway(ledger, { port: Number(new URL(urls[1]).port) })
    await until(() => account(moved)!.nonce > nonce)
    expect(moved.child.exitCode).toBeNull()
    for (const n of [moved, asleep]) n.child.kill("SIGTERM")
    await until(() => [moved, asleep].every((n) => n.child.exitCode !== null))
    await again.close()
    await ledger.close()
  },
)

test("a client leaves a gateway that answers nothing for the next, and says so when there is none", async () => {
  const chain = smallChain()
  dirs.push(chain.dir)
  const ledger = openChain(chain)
  const gateway = await startGateway(ledger, { port: 0 })
  const client = new GatewayClient(["http://127.0.0.1:9", gateway.url])
  expect((await client.status()).chain).toBe("test-1")
  expect([client.gateway, client.failures]).toEqual([gateway.url, 0])
  await gateway.close()
  await expect(client.status()).rejects.toThrow(Unreachable)
  expect(client.failures).toBe(1)
  await ledger.close()
})

test("a gateway that refuses any more reads from here is left for the next, and a refused command is told by name", async () => {
  const reason = JSON.stringify([{ code: 1, reason: "flooding", height: 0, appHash: "" }])
  const full = createServer((request, response) =>
    response.writeHead(429).end(request.method === "POST" ? reason : '{"reason":"flooding"}'),
  )
  await new Promise<void>((up) => full.listen(0, "127.0.0.1", up))
  const url = `http://127.0.0.1:${(full.address() as { readonly port: number }).port}`
  const asked: ((client: GatewayClient) => Promise<unknown>)[] = [
    (c) => c.status(),
    (c) => c.picture(0),
    (c) => c.blob("0".repeat(64)),
  ]
  for (const asking of asked) {
    const client = new GatewayClient([url, "http://127.0.0.1:9"])
    // oxlint-disable-next-line no-await-in-loop
    await expect(asking(client)).rejects.toThrow(Unreachable)
    // Both were tried, and it is the first one's turn again.
    expect([client.gateway, client.failures]).toEqual([url, 1])
  }
  await expect(new GatewayClient([url]).status()).rejects.toThrow(/is asked too often from this address/u)
  expect(await new GatewayClient([url]).submit(new Uint8Array(3))).toMatchObject([{ reason: "flooding" }])
  await new Promise((down) => full.close(down))
})

test.each([
  ["a web page", 200, "<!doctype html><h1>It works!</h1>"],
  ["nothing there", 404, "not found"],
  ["JSON of something else", 200, '{"height":"tall"}'],
  ["an empty answer", 200, ""],
  ["null", 200, "null"],
])("what answers and is no gateway (%s) is named, and the next one is tried", async (_, status, body) => {
  const other = createServer((_request, response) => response.writeHead(status).end(body))
  await new Promise<void>((up) => other.listen(0, "127.0.0.1", up))
  const url = `http://127.0.0.1:${(other.address() as { readonly port: number }).port}`
  const asked: ((client: GatewayClient) => Promise<unknown>)[] = [
    (c) => c.status(),
    (c) => c.submit(new Uint8Array(3)),
    (c) => c.putBlob(new Uint8Array(3)),
  ]
  for (const asking of asked) {
    const client = new GatewayClient([url, "http://127.0.0.1:9"])
    // oxlint-disable-next-line no-await-in-loop
    await expect(asking(client)).rejects.toThrow(/answers, but is no gateway of a blackstart testnet: .*is its address right\?$/u)
    expect(client.gateway).toBe("http://127.0.0.1:9")
  }
  await new Promise((down) => other.close(down))
})

test("a join that is refused leaves the running node's settings alone, and an address that is none is named", () => {
  const dir = join(scratch, "two-agents")
  mkdirSync(dir)
  const home = new Home(dir)
  home.saveConfig({ gateways: ["http://127.0.0.1:9"], roles: ["storage"], sectors: 3, pagePort: 0 })
  const before = readFileSync(home.configPath, "utf8")
  writeFileSync(join(dir, "agent.lock"), String(process.pid))
  const joins = (...args: readonly string[]) =>
    spawnSync(process.execPath, [CLI, "join", ...args, "--home", dir], { encoding: "utf8" })
  const second = joins("http://127.0.0.1:8", "--role", "lease")
  expect(second.stderr).toMatch(/an agent runs in .* already/u)
  for (const odd of ["127.0.0.1:8780", "ftp://127.0.0.1", "nonsense"])
    expect(joins(odd).stderr).toMatch(/is no address of a gateway: it should be like http:\/\/127\.0\.0\.1:8780/u)
  // A flag is blamed by its name, not the file that it would have gone into.
  for (const [flag, value, words] of [
    ["--sectors", "100", "--sectors must be a whole number from 1 to 64"],
    ["--page", "70000", "--page must be a port from 0 (any) to 65535"],
    ["--address", "999.1.1.1", "--address must be an IPv4 address, such as 192.0.2.7"],
  ])
    expect(joins("http://127.0.0.1:9", flag, value).stderr).toContain(words)
  expect(readFileSync(home.configPath, "utf8")).toBe(before)
})

test.runIf(process.platform === "linux" && existsSync("/usr/bin/script"))(
  "roles are asked where they were not given: fast answers count, none is a sentence, a hotspot's place is asked",
  async () => {
    const chain = smallChain({ network: "helium" })
    dirs.push(chain.dir)
    const ledger = EmbeddedLedger.open(chain.dir, { blockMs: 40 })
    const gateway = await startGateway(ledger, { port: 0 })
    const END = "\u0004"
    const asked = async (name: string, answers: string): Promise<string> => {
      const command = [process.execPath, CLI, "join", gateway.url, "--home", join(scratch, name)].join(" ")
      const child = spawn("script", ["-qec", command, "/dev/null"])
      children.push(child)
      let text = ""
      child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()))
      if (answers === END) await until(() => text.includes("[Y/n]"))
      child.stdin.write(answers)
      await until(() => child.exitCode !== null || text.includes("is registered"), 25_000)
      child.kill()
      return text
    }
    const texts = await Promise.all([asked("fast", "y\n48.137,11.575\n"), asked("none", END)])
    expect(texts[0]).toContain("is registered")
    expect(new Home(join(scratch, "fast")).config()).toMatchObject({ roles: ["coverage"], at: { lat: 48.137, lng: 11.575 } })
    expect(texts[1]).toContain("were not answered")
    await gateway.close()
    await ledger.close()
  },
)

test.runIf(process.platform === "linux")("a lock of a process that was killed and never asked for is taken over", async () => {
  const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 30"])
  children.push(parent)
  let pid = ""
  parent.stdout.on("data", (chunk: Buffer) => (pid += chunk.toString()))
  const path = join(scratch, "zombie.lock")
  await until(() => pid.endsWith("\n"))
  writeFileSync(path, pid.trim())
  await until(() => holderOf(path) === undefined, 5000)
  expect(existsSync(`/proc/${pid.trim()}`)).toBe(true)
})

describe("a faucet", () => {
  const open = async (ledger: EmbeddedLedger, chain: ReturnType<typeof smallChain>) => {
    const { time } = ledger.info()
    const answer = ledger.submit(ask(chain, newKeyPair(), "OpenAccount", {}, { network: "gate", expiryS: time + 3600 }))
    await ledger.cut(time + 1)
    return (await answer).reason
  }
  test("gives its share of a day and no more, and gives again the next day", async () => {
    const chain = smallChain({ nodes: 20, faucet: { grantAtto: "5", grantsPerDay: 3 } })
    dirs.push(chain.dir)
    const ledger = openChain(chain)
    await ledger.cut(chain.genesis.beginS + 60)
    const reasons = []
    for (let n = 0; n < 4; n++) reasons.push(await open(ledger, chain))
    expect(reasons).toEqual(["", "", "", "faucet_is_dry"])
    await ledger.cut(chain.genesis.beginS + 86_400)
    expect(await open(ledger, chain)).toBe("")
    await ledger.close()
  })
  test("gives an address a few keys and no more", async () => {
    const chain = smallChain({ nodes: 20 })
    dirs.push(chain.dir)
    const ledger = EmbeddedLedger.open(chain.dir, { blockMs: 20 })
    const gateway = await startGateway(ledger, { port: 0, joinsPerAddressDay: 2 })
    const client = new GatewayClient([gateway.url])
    const reasons = []
    for (let n = 0; n < 3; n++) {
      const [{ reason }] = await client.submit(ask(chain, newKeyPair(), "OpenAccount", {}, { network: "gate" }))
      reasons.push(reason)
    }
    expect(reasons).toEqual(["", "", "flooding"])
    expect(readNodes(ledger.application)).toHaveLength(2)
    await gateway.close()
    await ledger.close()
  })
})

/** A file system of so many bytes, where this computer lets us have one. */
function smallDisk(bytes: number): string | undefined {
  const at = join(scratch, "disk")
  mkdirSync(at, { recursive: true })
  return spawnSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "none", at]).status === 0 ? at : undefined
}

test(
  "a disk that fills: it says so, goes on proving what it has, and grows again when there is room",
  { timeout: 90_000 },
  async (context) => {
    const disk = smallDisk(80 * 2 ** 20)
    if (disk === undefined) {
      context.skip("no small file system can be mounted here")
      return
    }
    const chain = smallChain({ speed: 2400 })
    dirs.push(chain.dir)
    const ledger = EmbeddedLedger.open(chain.dir, { blockMs: 50 })
    const gateway = await startGateway(ledger, { port: 0 })
    const home = new Home(join(disk, "node"))
    home.saveConfig({ gateways: [gateway.url], roles: ["storage"], sectors: 4, pagePort: 0 })
    const stop = new AbortController()
    const said: string[] = []
    const filler = join(disk, "filler")
    writeFileSync(filler, new Uint8Array(30 * 2 ** 20))
    const agent = new Agent({ home, config: home.config()!, say: (line) => said.push(line), signal: stop.signal, roundMs: 60 })
    const done = agent.run()
    try {
      await until(() => said.some((line) => line.includes("disk is full")))
      expect(agent.standing().trouble).toContain("disk is full")
      expect(readNodes(ledger.application)[0].sectors).toBe(0)
      rmSync(filler)
      await until(() => readNodes(ledger.application)[0].sectors > 0)
      expect(agent.standing().trouble).toBeUndefined()
    } finally {
      stop.abort()
      await done
      await gateway.close()
      await ledger.close()
      spawnSync("umount", [disk])
    }
  },
)
