/**
 * One server process of the demonstration, the same program for the central proxy and for every node: it keeps a copy of a site that it
 * was given, and serves it while its configuration can be loaded. A node has a key of its own, and signs its registration and its bids. Run as `node host.ts FOLDER`; prints `port N` and obeys the token in
 * BLACKSTART_DEMO_TOKEN.
 */
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type IncomingMessage } from "node:http"
import { join } from "node:path"
import { keyPairOf, newKeyPair, signCommand, type JsonRow, type KeyPair } from "../ledger/command.ts"

/** As many entries as the loader has room for: one more, and nothing is served. The mechanism of 18 November 2025. */
const FEATURES_MAX = 200
const BODY_BYTES_MAX = 256 * 1024

const folder = process.argv[2]
const token = process.env.BLACKSTART_DEMO_TOKEN ?? ""
const sitePath = join(folder, "site.json")
const configPath = join(folder, "config.json")
mkdirSync(folder, { recursive: true })

interface File {
  readonly type: string
  readonly text: string
}

/** Throws where the configuration has no room: what a server does then is answer 500 to everybody. */
function loadFeatures(): readonly string[] {
  const { features } = JSON.parse(readFileSync(configPath, "utf8")) as { readonly features: readonly string[] }
  if (features.length > FEATURES_MAX) throw new RangeError(`${features.length} features, and room for ${FEATURES_MAX}`)
  return features
}
function loadSite(): Readonly<Record<string, File>> | undefined {
  try {
    return JSON.parse(readFileSync(sitePath, "utf8")) as Readonly<Record<string, File>>
  } catch {
    return undefined
  }
}

let site = loadSite()
/** Why nothing can be served, or undefined. */
let fault: string | undefined
const reload = (): void => {
  try {
    loadFeatures()
    fault = undefined
  } catch (error) {
    fault = (error as Error).message
  }
}
reload()

const read = (request: IncomingMessage): Promise<string> =>
  new Promise((done, fail) => {
    const parts: Buffer[] = []
    let bytes = 0
    request.on("data", (part: Buffer) => {
      bytes += part.length
      if (bytes > BODY_BYTES_MAX) request.destroy()
      else parts.push(part)
    })
    request.on("end", () => done(Buffer.concat(parts).toString("utf8")))
    request.on("error", fail)
  })

/** What it asks for a lease, in micro-tokens a block: every host has its own price. */
const price = (): number => 1 + (createHash("sha256").update(folder).digest().readUInt32LE(0) % 900)

/** The chain as a host needs it to sign: told with every order, so that it keeps nothing but its key. */
interface Chain {
  readonly chain: string
  readonly network: string
  readonly expiryS: number
  readonly nonce: number
  readonly node: number
}
const keyPath = join(folder, "key.pem")
/** The host's key, made when it first signs; a host that was killed is the same one again. */
function key(): KeyPair {
  if (!existsSync(keyPath)) {
    const pem = newKeyPair().privateKey.export({ type: "pkcs8", format: "pem" }) as string
    writeFileSync(keyPath, pem, { mode: 0o600 })
  }
  return keyPairOf(readFileSync(keyPath, "utf8"))
}
const sign = ({ chain, network, expiryS, nonce }: Chain, of: string, type: string, row: JsonRow): string =>
  Buffer.from(signCommand(key(), { chain, expiryS, network: of === "gate" ? "gate" : network, nonce, type, row })).toString(
    "base64",
  )

async function obey(request: IncomingMessage): Promise<readonly [number, string]> {
  if (request.headers["x-token"] !== token) return [403, "not yours"]
  const what = `${request.method} ${request.url}`
  if (what === "PUT /_/site") {
    const text = await read(request)
    JSON.parse(text)
    writeFileSync(sitePath, text)
    site = loadSite()
    return [200, "kept"]
  }
  if (what === "DELETE /_/site") {
    rmSync(sitePath, { force: true })
    site = undefined
    return [200, "gone"]
  }
  if (what === "PUT /_/config") {
    writeFileSync(configPath, await read(request))
    reload()
    return [200, fault ?? "loaded"]
  }
  if (what === "GET /_/health") return fault === undefined ? [200, "well"] : [500, fault]
  if (what === "PUT /_/join") {
    const chain = JSON.parse(await read(request)) as Chain & { readonly fundsUakt: number }
    const { node, fundsUakt, nonce } = chain
    const opening = sign(chain, "gate", "OpenAccount", {})
    const registering = sign({ ...chain, nonce: nonce + 1 }, "", "RegisterProvider", { node, attributes: 0, fundsUakt, atS: 0 })
    return [200, JSON.stringify([opening, registering])]
  }
  if (what === "PUT /_/bid") {
    if (fault !== undefined) return [500, fault]
    const chain = JSON.parse(await read(request)) as Chain & { readonly group: number; readonly rateOne: number }
    const row = { group: chain.group, node: chain.node, rate: price() * chain.rateOne, windowS: 0, atS: 0 }
    return [200, sign(chain, "", "CreateBid", row)]
  }
  return [404, "there is no such order"]
}

const server = createServer((request, response) => {
  const answer = (status: number, type: string, text: string): void =>
    void response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(text)
  if (request.url?.startsWith("/_/") === true) {
    obey(request).then(
      ([status, text]) => answer(status, "text/plain", text),
      () => answer(400, "text/plain", "unreadable"),
    )
    return
  }
  if (fault !== undefined) return answer(500, "text/plain", `Internal server error: ${fault}`)
  if (site === undefined) return answer(503, "text/plain", "This host has no lease of a site.")
  const path = request.url ?? "/"
  if (!Object.hasOwn(site, path)) return answer(404, "text/plain", "There is no such page.")
  return answer(200, site[path].type, site[path].text)
})
server.listen(0, "127.0.0.1", () => process.stdout.write(`port ${(server.address() as { readonly port: number }).port}\n`))
// Nobody's orphan: when the demonstration goes, so does this.
process.stdin.on("end", () => process.exit(0)).resume()
