/** The demonstration's own page: HTML, a stream of samples, and the buttons' orders. On the loopback, for its own page only. */
import { readFileSync } from "node:fs"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { RecordProblem } from "../../protocol/boundary/durable.ts"
import { ACTS, type Act, type Demo } from "./demo.ts"
import { inlined } from "./site.ts"

const PAGE = new URL("./page.html", import.meta.url)
const HEADERS = {
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; frame-src 'self'; img-src data:; frame-ancestors 'self'",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
} as const

export interface Served {
  readonly url: string
  readonly close: () => Promise<void>
}

/** Serves the page on the loopback. Throws a RecordProblem when the port is taken. */
export async function serveDemo(demo: Demo, port: number): Promise<Served> {
  const server = createServer((request, response) => {
    handle(demo, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(400, { ...HEADERS, "content-type": "text/plain" })
      response.end("this cannot be read")
    })
  })
  await new Promise<void>((done, fail) => {
    server.once("error", (error) =>
      fail(new RecordProblem(`port ${port} cannot be used (${error.message}): choose another with --port`)),
    )
    server.listen(port, "127.0.0.1", done)
  })
  const { port: got } = server.address() as { readonly port: number }
  return {
    url: `http://127.0.0.1:${got}`,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

async function handle(demo: Demo, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const say = (status: number, type: string, text: string): void =>
    void response.writeHead(status, { ...HEADERS, "content-type": type }).end(text)
  // A page of another site may neither read this one through a name that points here, nor press its buttons.
  const host = request.headers.host ?? ""
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/u.test(host)) return say(421, "text/plain", "this is another computer's page")
  const path = request.url ?? "/"
  if (request.method === "POST") {
    const { origin } = request.headers
    if (origin !== undefined && origin !== `http://${host}`) return say(403, "text/plain", "buttons are for this page only")
    const act = decodeURIComponent(path.replace("/act/", ""))
    if (!ACTS.includes(act as Act)) return say(404, "text/plain", "there is no such button")
    await demo.act(act as Act)
    return say(200, "application/json", JSON.stringify(demo.show()))
  }
  if (path === "/") return say(200, "text/html; charset=utf-8", readFileSync(PAGE, "utf8"))
  if (path === "/state.json") return say(200, "application/json", JSON.stringify({ ...demo.show(), samples: demo.samples }))
  if (path === "/view/central" || path === "/view/nodes") {
    const page = await demo.look(path === "/view/central" ? "central" : "nodes")
    return page === undefined ? say(502, "text/plain", "nothing answers") : say(200, "text/html; charset=utf-8", inlined(page))
  }
  if (path === "/live") return stream(demo, request, response)
  return say(404, "text/plain", "there is no such page")
}

function stream(demo: Demo, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { ...HEADERS, "content-type": "text/event-stream" })
  const stop = demo.onSample((sample) => {
    // A reader that is too slow misses samples, not this process its memory.
    if (response.writableLength < 1_000_000) response.write(`data: ${JSON.stringify({ ...demo.show(), sample })}\n\n`)
  })
  request.on("close", stop)
}
