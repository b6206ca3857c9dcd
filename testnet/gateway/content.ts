/** The gateway's content: what the chain promised, by hash, and visitors sent to whoever serves a site. */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { assemble, isTileOf } from "../picture/assemble.ts"
import { BlobStore } from "../site/blobs.ts"
import { FILE_BYTES_MAX } from "../site/manifest.ts"
import { GUEST, typeOf } from "../site/path.ts"
import { Visits } from "../site/visits.ts"
import { READ_TOKENS, type AddressLimits } from "./limits.ts"
import type { GatewayLedger } from "./server.ts"

/** What keeping a blob costs of an address' bucket: a blob is as much work as so many commands. */
const BLOB_TOKENS = 20

export const addressOf = (request: HttpServerRequest.HttpServerRequest): string =>
  Option.getOrElse(request.remoteAddress, () => "unknown")

export function contentRoutes(ledger: GatewayLedger, limits: AddressLimits) {
  const json = (body: unknown, status = 200) => HttpServerResponse.jsonUnsafe(body, { status })
  const flooding = () => json({ reason: "flooding" }, 429)
  const blobs = new BlobStore(join(ledger.dir, "blobs"))
  const visits = new Visits(() => ledger.application, blobs)
  const hashIn = (url: string): string => url.split("?")[0].split("/").at(-1) ?? ""
  return Layer.mergeAll(
    HttpRouter.add(
      "PUT",
      "/v1/blobs/:hash",
      Effect.gen(function* () {
        const request = yield* HttpServerRequest.HttpServerRequest
        const declared = Number(request.headers["content-length"] ?? Number.NaN)
        if (!Number.isSafeInteger(declared)) return json({ reason: "malformed" }, 411)
        if (declared > FILE_BYTES_MAX) return json({ reason: "oversize" }, 413)
        if (!limits.allow(addressOf(request), BLOB_TOKENS)) return flooding()
        const hash = hashIn(request.url)
        const refused = blobs.put(
          hash,
          new Uint8Array(yield* request.arrayBuffer),
          (h) => visits.isPromised(h) || isTileOf(ledger.application, h),
        )
        return refused === undefined ? json({ reason: "" }) : json({ reason: refused }, 409)
      }).pipe(Effect.catchCause(() => Effect.succeed(json({ reason: "malformed" }, 400)))),
    ),
    HttpRouter.add(
      "GET",
      "/v1/blobs/:hash",
      Effect.gen(function* () {
        const request = yield* HttpServerRequest.HttpServerRequest
        if (!limits.allowRead(addressOf(request), READ_TOKENS.blob)) return flooding()
        const bytes = blobs.get(hashIn(request.url))
        if (bytes === undefined) return json({ reason: "unknown" }, 404)
        return HttpServerResponse.uint8Array(bytes, { contentType: "application/octet-stream", headers: GUEST })
      }).pipe(Effect.catchCause(() => Effect.succeed(json({ reason: "malformed" }, 400)))),
    ),
    HttpRouter.add(
      "GET",
      "/pictures/:file",
      Effect.gen(function* () {
        const request = yield* HttpServerRequest.HttpServerRequest
        if (!limits.allowRead(addressOf(request), READ_TOKENS.picture)) return flooding()
        const number = /^(\d{1,9})\.png$/u.exec(hashIn(request.url))?.[1]
        const made = number === undefined ? undefined : assemble(ledger.application, blobs, Number(number))
        if (made === undefined) return json({ reason: "unknown" }, 404)
        const headers = { ...GUEST, "x-missing-tiles": String(made.missing) }
        return HttpServerResponse.uint8Array(made.png, { contentType: "image/png", headers })
      }).pipe(Effect.catchCause(() => Effect.succeed(json({ reason: "malformed" }, 400)))),
    ),
    HttpRouter.add(
      "GET",
      "/sites/*",
      Effect.gen(function* () {
        const request = yield* HttpServerRequest.HttpServerRequest
        const [, name = "", ...rest] = new URL(request.url, "http://x").pathname
          .split("/")
          .filter((part, i) => i > 0 || part !== "")
        if (name === "") return json({ reason: "unknown" }, 404)
        if (rest.length === 0) return HttpServerResponse.redirect(`/sites/${encodeURIComponent(name)}/`)
        if (!limits.allowRead(addressOf(request), READ_TOKENS.site)) return flooding()
        const { status, body, path, node } = yield* Effect.promise(() => visits.visit(name, rest.join("/")))
        const headers = { ...GUEST, ...(node < 0 ? {} : { "x-served-by": `node ${node}` }) }
        const bytes = typeof body === "string" ? new Uint8Array(Buffer.from(body)) : body
        return HttpServerResponse.uint8Array(bytes, { status, contentType: typeOf(path), headers })
      }).pipe(Effect.catchCause(() => Effect.succeed(json({ reason: "malformed" }, 400)))),
    ),
  )
}
