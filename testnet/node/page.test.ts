/** The node's page: what it answers and refuses, that a name from elsewhere cannot read it, and that it follows without losing its reader. */
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { request, type IncomingHttpHeaders } from "node:http"
import { parseHTML } from "linkedom"
import { afterEach, expect, test } from "vitest"
import type { Standing } from "./agent.ts"
import { servePage, type Page } from "./page.ts"

const AT = Date.UTC(2026, 10, 22, 12)
const told = (...lines: readonly string[]): Standing["story"] => lines.map((line) => ({ atMs: AT, line }))
let standing: Standing = {
  key: "ab".repeat(32),
  gateway: "http://127.0.0.1:8780",
  status: undefined,
  account: undefined,
  trouble: undefined,
  story: told("joined <at last>", "started"),
  figures: [["sectors", "3"]],
  firstRewardMs: undefined,
}
let page: Page | undefined
const open = async (): Promise<Page> => (page = (await servePage(0, () => standing))!)
afterEach(() => page?.close())

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}
/** Asked as any program may: with any Host, which `fetch` does not let one say. */
const ask = ({ url }: Page, path: string, method = "GET", host = new URL(url).host): Promise<Answer> =>
  new Promise((done, fail) => {
    const one = request(url, { method, path, headers: { host }, agent: false }, (answer) => {
      const parts: Buffer[] = []
      answer.on("data", (part: Buffer) => parts.push(part))
      answer.on("end", () =>
        done({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts).toString() }),
      )
    })
    one.on("error", fail)
    one.end()
  })

test("its three paths answer, any other is not found, and nothing but looking is allowed", async () => {
  const at = await open()
  for (const path of ["/", "/?a=b", "/main", "/standing.json"]) expect([path, (await ask(at, path)).status]).toEqual([path, 200])
  for (const path of ["/x", "/main/", "/index.html", "//", "/standing.json/..", "/%2e%2e/etc/passwd", "/favicon.ico"])
    expect([path, (await ask(at, path)).status]).toEqual([path, 404])
  for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
    const { status, headers } = await ask(at, "/", method)
    expect([method, status, headers.allow]).toEqual([method, 405, "GET, HEAD"])
  }
  const head = await ask(at, "/", "HEAD")
  const { body } = await ask(at, "/")
  expect([head.status, head.body, Number(head.headers["content-length"])]).toEqual([200, "", Buffer.byteLength(body)])
  expect(JSON.parse((await ask(at, "/standing.json")).body)).toMatchObject({ gateway: standing.gateway, story: standing.story })
})

test("a page of another site cannot read it through a name of its own that points here", async () => {
  const at = await open()
  const { port } = new URL(at.url)
  for (const host of [
    "evil.example",
    `evil.example:${port}`,
    `127.0.0.1.evil.example:${port}`,
    "localhost.evil.example",
    "localhost:",
    "0.0.0.0",
  ])
    for (const path of ["/", "/main", "/standing.json"]) {
      const { status, body } = await ask(at, path, "GET", host)
      expect([host, path, status, body.includes("joined")]).toEqual([host, path, 421, false])
    }
  for (const host of [`127.0.0.1:${port}`, "localhost", `[::1]:${port}`])
    expect((await ask(at, "/main", "GET", host)).status).toBe(200)
  const { headers } = await ask(at, "/")
  expect(headers["content-security-policy"]).toMatch(/^default-src 'none';.*frame-ancestors 'none'$/u)
  expect([headers["x-content-type-options"], headers["cross-origin-resource-policy"]]).toEqual(["nosniff", "same-origin"])
})

test("without scripts it is loaded anew now and then; with them never, and only its own script runs", async () => {
  const { body, headers } = await ask(await open(), "/")
  expect(body.replaceAll(/<noscript>.*?<\/noscript>/gu, "")).not.toMatch(/http-equiv/u)
  expect(body).toContain('<noscript><meta http-equiv="refresh" content="10"></noscript>')
  const script = /<script>([^]*)<\/script>/u.exec(body)![1]
  expect(headers["content-security-policy"]).toContain(
    `script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'`,
  )
  expect(body).toMatch(/<li><time datetime="2026-11-22T12:00:00.000Z">[\d:]{8}<\/time> joined &lt;at last&gt;<\/li>/u)
})

test("it follows: what did not change is the same element as before, new lines come in front, and silence is told", async () => {
  const at = await open()
  const { document } = parseHTML((await ask(at, "/")).body)
  let look: (() => Promise<void>) | undefined
  let isThere = true
  const fetchMain = async () => {
    if (!isThere) throw new TypeError("fetch failed")
    const { status, body } = await ask(at, "/main")
    return { ok: status === 200, text: async () => body }
  }
  const source = readFileSync(new URL("./follow.js", import.meta.url), "utf8")
  // oxlint-disable-next-line typescript/no-implied-eval -- the script that the page carries, against a page
  new Function("document", "fetch", "setInterval", source)(document, fetchMain, (fn: () => Promise<void>) => (look = fn))
  const texts = () => [...document.querySelectorAll("li")].map((li) => li.textContent!.slice(8).trim())
  const heading = document.querySelector("h1")
  const cell = document.querySelector("td")
  const [first, second] = document.querySelectorAll("li")
  standing = {
    ...standing,
    trouble: "the gateway is away",
    figures: [["sectors", "4"]],
    story: [...told("sealed", "waits"), ...standing.story],
  }
  await look!()
  expect(texts()).toEqual(["sealed", "waits", "joined <at last>", "started"])
  expect([...document.querySelectorAll("li")].slice(2)).toEqual([first, second])
  expect([document.querySelector("h1") === heading, document.querySelector("td") === cell, cell!.textContent]).toEqual([
    true,
    true,
    "4",
  ])
  expect(document.getElementById("state")!.className).toBe("bad")
  // The same line again, a figure more, and more lines than are shown.
  standing = {
    ...standing,
    trouble: undefined,
    figures: [
      ["sectors", "4"],
      ["proofs", "1"],
    ],
    story: [...told("sealed"), ...standing.story],
  }
  await look!()
  expect(texts()).toEqual(["sealed", "sealed", "waits", "joined <at last>", "started"])
  expect([...document.querySelectorAll("th")].map((th) => th.textContent)).toEqual(["sectors", "proofs", "key", "block"])
  standing = { ...standing, story: [...told(...Array.from({ length: 60 }, (_, i) => `line ${i}`)), ...standing.story] }
  await look!()
  expect([texts().length, texts()[0], texts()[39]]).toEqual([40, "line 0", "line 39"])
  isThere = false
  await look!()
  expect(document.getElementById("state")!.textContent).toMatch(/^Your node does not answer/u)
  isThere = true
  await look!()
  expect(document.getElementById("state")!.textContent).toMatch(/^All is well/u)
})
