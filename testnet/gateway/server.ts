/**
 * The gateway: HTTP in front of a ledger. It binds to the loopback unless told otherwise, keeps nothing secret, and refuses by name
 * whatever is too large, too often or no command.
 */
import { createServer, type Server } from "node:http"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as References from "effect/References"
import * as Scope from "effect/Scope"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { RecordProblem } from "../../protocol/boundary/durable.ts"
import type { AnyNetwork } from "../../protocol/kernel/network.ts"
import { BODY_BYTES_MAX, EVIDENCE_BYTES_MAX, readCommand } from "../ledger/command.ts"
import type { EmbeddedLedger } from "../ledger/embedded.ts"
import type { BlockSeen, Result } from "../ledger/ledger.ts"
import { readAccount, readMetrics, readNodes, readPictures, readSeed, readSites, readStatus } from "../ledger/reading.ts"
import { codeOf, doorRefusals } from "../ledger/refusals.ts"
import { Api, NotFound } from "./api.ts"
import { contentRoutes } from "./content.ts"
import { AddressLimits } from "./limits.ts"
import { observerPage, type NodeFigure } from "./page.ts"
import { prometheus } from "./prometheus.ts"

export interface GatewayOptions {
  readonly host?: string
  /** 0: any free one. */
  readonly port: number
  readonly perAddressSecond?: number
  readonly joinsPerAddressDay?: number
}

export interface Gateway {
  readonly url: string
  readonly close: () => Promise<void>
}

/** Bytes of one post: a batch of small commands, or one with a seal. */
const POST_BYTES_MAX = 2 * (BODY_BYTES_MAX + EVIDENCE_BYTES_MAX)
export const BATCH_MAX = 2000
const STREAMS_MAX = 200

/** Cuts a post into commands; undefined where it is not {length u32, bytes} to the end. */
export function splitBatch(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const commands: Uint8Array[] = []
  for (let at = 0; at < bytes.length;) {
    if (at + 4 > bytes.length || commands.length === BATCH_MAX) return undefined
    const length = view.getUint32(at, true)
    if (length > bytes.length - at - 4) return undefined
    commands.push(bytes.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return commands.length === 0 ? undefined : commands
}

/** Starts a gateway. Throws a RecordProblem when the port is taken or the address is not this computer's. */
export async function startGateway(ledger: EmbeddedLedger, options: GatewayOptions): Promise<Gateway> {
  const host = options.host ?? "127.0.0.1"
  const limits = new AddressLimits({
    perSecond: options.perAddressSecond ?? 2000,
    joinsPerDay: options.joinsPerAddressDay ?? 100,
  })
  let server: Server | undefined
  const make = (): Server => {
    server = createServer({ requestTimeout: 20_000, headersTimeout: 10_000, maxHeaderSize: 16 * 1024, keepAliveTimeout: 30_000 })
    server.maxConnections = 2000
    return server
  }
  await isFree(host, options.port)
  const layer = HttpRouter.serve(routes(ledger, limits), { disableLogger: true, disableListenLog: true }).pipe(
    Layer.provide(NodeHttpServer.layer(make, { port: options.port, host })),
  )
  const scope = Effect.runSync(Scope.make())
  await Effect.runPromise(
    Layer.buildWithScope(layer as Layer.Layer<never>, scope).pipe(Effect.provideService(References.MinimumLogLevel, "None")),
  ).catch((cause: unknown) => {
    throw new RecordProblem(
      `the gateway cannot listen on ${host}:${options.port} (${(cause as Error).message}): choose another with --port`,
    )
  })
  const address = server!.address() as { readonly port: number }
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    close: async () => {
      server!.closeAllConnections()
      await Effect.runPromise(Scope.close(scope, Exit.void))
    },
  }
}

/** A port that is taken is told in one sentence, before the server's own machinery sees it. */
const isFree = (host: string, port: number): Promise<void> =>
  new Promise((done, fail) => {
    const probe = createServer()
    probe.once("error", (error: NodeJS.ErrnoException) =>
      fail(
        new RecordProblem(
          error.code === "EADDRINUSE"
            ? `port ${port} is taken on ${host}: choose another with --port, or 0 for any`
            : `the gateway cannot listen on ${host}:${port} (${error.message})`,
        ),
      ),
    )
    probe.listen(port, host, () => probe.close(() => done()))
  })

function routes(ledger: EmbeddedLedger, limits: AddressLimits) {
  const app = ledger.application
  let streams = 0
  // A reader that is too slow loses the oldest blocks, not the gateway's memory: it can see the gap in the heights.
  const blocks = Stream.callback<BlockSeen>(
    (queue) =>
      Effect.acquireRelease(
        Effect.sync(() => {
          streams++
          return ledger.onBlock((block) => void Queue.offerUnsafe(queue, block))
        }),
        (stop) =>
          Effect.sync(() => {
            streams--
            stop()
          }),
      ),
    { bufferSize: 64, strategy: "sliding" },
  )
  const chain = HttpApiBuilder.group(Api, "chain", (handlers) =>
    handlers
      .handle("status", () => Effect.sync(() => readStatus(app)))
      .handle("metrics", () => Effect.sync(() => readMetrics(app)))
      .handle("nodes", () => Effect.sync(() => readNodes(app)))
      .handle("account", ({ params }) => {
        const found = readAccount(app, params.key)
        return found === undefined
          ? Effect.fail(new NotFound({ message: "this key has not joined the chain" }))
          : Effect.succeed(found)
      })
      .handle("seed", ({ params }) => {
        const window = Number(params.window)
        const seed = Number.isSafeInteger(window) ? readSeed(app, window) : undefined
        return seed === undefined
          ? Effect.fail(new NotFound({ message: "this window has not begun, or lies before the chain" }))
          : Effect.succeed({ window, seed })
      })
      .handle("sites", () => Effect.sync(() => readSites(app)))
      .handle("pictures", () => Effect.sync(() => readPictures(app)))
      .handle("refusals", () => Effect.sync(() => ({ ...doorRefusals, ...app.network.refusals })))
      .handle("blocks", () => Effect.succeed(streams < STREAMS_MAX ? blocks : Stream.empty)),
  )
  const addressOf = (request: HttpServerRequest.HttpServerRequest): string =>
    Option.getOrElse(request.remoteAddress, () => "unknown")
  const json = (body: unknown, status = 200) => HttpServerResponse.jsonUnsafe(body, { status })
  const refusal = (reason: keyof typeof doorRefusals, status: number) =>
    json([{ code: codeOf(reason, []), reason, height: 0, appHash: "" } satisfies Result], status)

  const post = HttpRouter.add(
    "POST",
    "/v1/commands",
    Effect.gen(function* () {
      const request = yield* HttpServerRequest.HttpServerRequest
      const address = addressOf(request)
      const declared = Number(request.headers["content-length"] ?? Number.NaN)
      if (!Number.isSafeInteger(declared)) return refusal("malformed", 411)
      if (declared > POST_BYTES_MAX) return refusal("oversize", 413)
      if (!limits.allow(address)) return refusal("flooding", 429)
      const bytes = new Uint8Array(yield* request.arrayBuffer)
      const commands = splitBatch(bytes)
      if (commands === undefined) return refusal("malformed", 400)
      if (!limits.allow(address, commands.length - 1)) return refusal("flooding", 429)
      const results = yield* Effect.promise(() => Promise.all(commands.map((one) => submit(one, address))))
      return json(results)
    }).pipe(Effect.catchCause(() => Effect.succeed(refusal("malformed", 400)))),
  )
  /** Joins are counted per address too: a faucet's limit per key is none against somebody with many keys. */
  const submit = async (bytes: Uint8Array, address: string): Promise<Result> => {
    const command = readCommand(bytes)
    if (typeof command !== "string" && command.body.type === "OpenAccount" && !limits.allowJoin(address))
      return { code: codeOf("flooding", []), reason: "flooding", height: 0, appHash: "" }
    return ledger.submit(bytes)
  }
  const text = (path: `/${string}`, type: string, body: () => string) =>
    HttpRouter.add("GET", path, () => Effect.sync(() => HttpServerResponse.text(body(), { contentType: type, headers: SAFE })))
  return Layer.mergeAll(
    contentRoutes(ledger, limits),
    HttpApiBuilder.layer(Api, { openapiPath: "/openapi.json" }).pipe(Layer.provide(chain)),
    post,
    text("/metrics", "text/plain; version=0.0.4", () => prometheus(ledger)),
    text("/", "text/html; charset=utf-8", () => observerPage(readStatus(app), figuresOf(app.network))),
  )
}

const figuresOf = ({ nodeMeasures }: AnyNetwork): readonly NodeFigure[] =>
  Object.entries(nodeMeasures).map(([name, { unit, because }]) => ({ name, unit, because }))

/** Pages take nothing from elsewhere and are framed by nobody. */
const SAFE = {
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
} as const
