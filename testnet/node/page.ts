/** The node's own page, on this computer only: what it does, what it earns and why. It follows the node without being loaded anew. */
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { escape, STYLE } from "../gateway/page.ts"
import { networkOf } from "../../protocol/networks/index.ts"
import type { Standing } from "./agent.ts"
import { earnings } from "./coins.ts"

export interface Page {
  readonly url: string
  readonly close: () => void
}

const SCRIPT = readFileSync(new URL("./follow.js", import.meta.url), "utf8")
/** Lines of what it did that are shown. */
const STORY_SHOWN = 40
const HEADERS = {
  // The page's one script, and no other.
  "content-security-policy": `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${createHash("sha256").update(SCRIPT).digest("base64")}'; connect-src 'self'; frame-ancestors 'none'`,
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
} as const

/** Serves the page on the loopback; undefined where the port is taken, because a page is not worth a proof. */
export function servePage(port: number, standing: () => Standing): Promise<Page | undefined> {
  const server: Server = createServer((request, response) => answer(request, response, standing))
  return new Promise((done) => {
    server.once("error", () => done(undefined))
    server.listen(port, "127.0.0.1", () => {
      const address = server.address() as { readonly port: number }
      done({ url: `http://127.0.0.1:${address.port}`, close: () => void (server.closeAllConnections(), server.close()) })
    })
  })
}

function answer({ headers, method, url = "/" }: IncomingMessage, response: ServerResponse, standing: () => Standing): void {
  const say = (status: number, type: string, body: string, more: Readonly<Record<string, string>> = {}): void => {
    const length = String(Buffer.byteLength(body))
    response.writeHead(status, { ...HEADERS, "content-type": `${type}; charset=utf-8`, "content-length": length, ...more })
    response.end(method === "HEAD" ? undefined : body)
  }
  // A page of another site may not read it through a name that points here.
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/u.test(headers.host ?? ""))
    return say(421, "text/plain", "this is another computer's page\n")
  if (method !== "GET" && method !== "HEAD")
    return say(405, "text/plain", "this page is for looking at\n", { allow: "GET, HEAD" })
  const path = url.split("?")[0]
  if (path === "/") return say(200, "text/html", html(standing()))
  if (path === "/main") return say(200, "text/html", main(standing()))
  if (path === "/standing.json") return say(200, "application/json", JSON.stringify(standing()))
  return say(404, "text/plain", "there is no such page: the node's is at /\n")
}

const html = (standing: Standing): string => `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><noscript><meta http-equiv="refresh" content="10"></noscript>
<title>your node</title><style>${STYLE}body{max-width:40rem}ol{list-style:none;padding:0;margin:0}li{padding:.15rem 0;border-bottom:1px solid var(--line)}time{color:var(--soft);font-variant-numeric:tabular-nums;margin-right:.4rem}</style></head>
<body><main>${main(standing)}</main>
<script>${SCRIPT}</script></body></html>`

/** A moment by this computer's clock, which is the reader's. */
const time = (atMs: number): string =>
  `<time datetime="${new Date(atMs).toISOString()}">${new Date(atMs).toLocaleTimeString("en-GB")}</time>`

/** What changes, and is asked for again and again: every place of it has its element whether it has something to say or not. */
function main({ key, gateway, status, account, trouble, story, figures }: Standing): string {
  const live = networkOf(status?.network ?? "")?.live
  const income = account?.measures[live?.income ?? ""] ?? 0
  const earned = status === undefined || income === 0 ? "nothing yet" : earnings(status, income)
  const row = (label: string, value: string): string =>
    `<tr><th scope="row">${escape(label)}</th><td class="n">${escape(value)}</td></tr>`
  const why = story.find(({ line }) => line.startsWith("earned "))?.line
  return `<h1>${account === undefined || status === undefined ? "Your node is joining" : `Your ${escape(status.nodeWord)} ${account.node} of ${escape(status.chain)} has earned ${escape(earned)}`}</h1>
<p id="state" role="status" class="${trouble === undefined ? "quiet" : "bad"}">${escape(trouble ?? `All is well. The gateway is ${gateway}.`)}</p>
<p>${escape(why === undefined ? "It has earned nothing yet: the list below says what it waits for." : `Last, it ${why}.`)}</p>
<table><tbody>${figures.map(([a, b]) => row(a, b)).join("")}${row("key", `${key.slice(0, 16)}…`)}${row("block", String(status?.height ?? 0))}</tbody></table>
<h2>What it did, newest first</h2>
<ol>${story
    .slice(0, STORY_SHOWN)
    .map(({ atMs, line }) => `<li>${time(atMs)} ${escape(line)}</li>`)
    .join("")}</ol>`
}
