/** The node's own page, on this computer only: what it does, what it earns and why. */
import { createServer, type Server } from "node:http"
import { escape, STYLE } from "../gateway/page.ts"
import { networkOf } from "../../protocol/networks/index.ts"
import type { Standing } from "./agent.ts"
import { earnings } from "./coins.ts"

export interface Page {
  readonly url: string
  readonly close: () => void
}

/** Serves the page on the loopback; undefined where the port is taken, because a page is not worth a proof. */
export function servePage(port: number, standing: () => Standing): Promise<Page | undefined> {
  const server: Server = createServer((request, response) => {
    // A page of another site may not read it through a name that points here.
    if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/u.test(request.headers.host ?? "")) {
      response.writeHead(421).end()
      return
    }
    const isJson = request.url === "/standing.json"
    response.writeHead(200, {
      "content-type": isJson ? "application/json" : "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    })
    response.end(isJson ? JSON.stringify(standing()) : html(standing()))
  })
  return new Promise((done) => {
    server.once("error", () => done(undefined))
    server.listen(port, "127.0.0.1", () => {
      const address = server.address() as { readonly port: number }
      done({ url: `http://127.0.0.1:${address.port}`, close: () => void (server.closeAllConnections(), server.close()) })
    })
  })
}

const html = ({ key, gateway, status, account, trouble, story, figures }: Standing): string => {
  const live = networkOf(status?.network ?? "")?.live
  const earned = status === undefined ? "" : earnings(status, account?.measures[live?.income ?? ""] ?? 0)
  const row = (label: string, value: string): string => `<tr><th>${escape(label)}</th><td class="n">${escape(value)}</td></tr>`
  const why = story.find((line) => line.startsWith("earned "))
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="3">
<title>your node</title><style>${STYLE}</style>
<h1>${account === undefined ? "Your node is joining" : `${escape(status!.nodeWord)} ${account.node} of ${escape(status!.chain)} has earned ${escape(earned)}`}</h1>
<p class="${trouble === undefined ? "quiet" : "bad"}">${escape(trouble ?? `All is well. The gateway is ${gateway}.`)}</p>
<p>${escape(why ?? "Nothing earned yet: the list below says what it waits for.")}</p>
<table><tbody>${figures.map(([a, b]) => row(a, b)).join("")}${row("key", `${key.slice(0, 16)}…`)}${row("block", String(status?.height ?? 0))}</tbody></table>
<h2>What it did, newest first</h2><ol>${story
    .slice(0, 40)
    .map((line) => `<li>${escape(line)}</li>`)
    .join("")}</ol>`
}
