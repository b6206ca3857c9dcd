/** A small server of built pages for this computer only: a browser starts no module from a file. */
import { readFile } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { extname, join, normalize } from "node:path"
import { fileURLToPath } from "node:url"

export const OUT: string = fileURLToPath(new URL("../dist/notebooks/", import.meta.url))
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
}

export interface Served {
  readonly address: string
  readonly close: () => void
}

/** Serves `folder` on 127.0.0.1; port 0 takes any that is free. */
export async function serve(folder: string, port = 0): Promise<Served> {
  const server = createServer((request, response) => {
    const pathname = pathOf(request.url ?? "/")
    // Normalised from the root, so that no path leads out of the folder.
    const path = join(folder, normalize(join("/", pathname === "/" ? "/index.html" : pathname)))
    readFile(path).then(
      (body) => response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" }).end(body),
      () => response.writeHead(404, { "content-type": "text/plain" }).end("There is no such page."),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, "127.0.0.1", resolve)
  })
  const { port: taken } = server.address() as AddressInfo
  return { address: `http://127.0.0.1:${taken}/`, close: () => server.close() }
}

/** Decoded; what cannot be decoded names no page. */
function pathOf(url: string): string {
  try {
    return decodeURIComponent(new URL(url, "http://127.0.0.1").pathname)
  } catch {
    return "/no-such-page"
  }
}
