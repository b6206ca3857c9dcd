/**
 * The gateway: HTTP in front of a ledger. It binds to the loopback unless told otherwise, keeps nothing secret, and refuses by name
 * whatever is too large, too often or no command.
 */
import { createServer, type Server } from "node:http"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as References from "effect/References"
import * as Scope from "effect/Scope"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { RecordProblem } from "../../protocol/boundary/durable.ts"
import type { AnyNetwork } from "../../protocol/kernel/network.ts"
import { splitBatch } from "../ledger/batch.ts"
import { BODY_BYTES_MAX, EVIDENCE_BYTES_MAX, readCommand } from "../ledger/command.ts"
import type { ChainApplication } from "../ledger/application.ts"
import type { BlockSeen, Ledger, Result } from "../ledger/ledger.ts"
import {
  readAccount,
  readMetrics,
  readNodes,
  readPictures,
  readSeed,
  readSites,
  readStatus,
  takesPart,
} from "../ledger/reading.ts"
import { codeOf, doorRefusals } from "../ledger/refusals.ts"
import { Api, NotFound, type Quorum } from "./api.ts"
import { addressOf, contentRoutes } from "./content.ts"
import { AddressLimits } from "./limits.ts"
import { observerPage, SAFE, type NodeFigure } from "./page.ts"
import { CONTENT_TYPE, prometheus } from "./prometheus.ts"

export interface GatewayOptions {
  readonly host?: string
  /** 0: any free one. */
  readonly port: number
  readonly perAddressSecond?: number
  /** Reads of an address: 1 a request, and more for sites, blobs and pictures. By default `READS_PER_SECOND`, or more with the above. */
  readonly readsPerAddressSecond?: number
  readonly joinsPerAddressDay?: number
}

/** What a gateway stands in front of, whichever engine it is. */
export interface GatewayLedger extends Ledger {
  /** The application of this process; after a state sync it is another one. */
  readonly application: ChainApplication
  /** The folder of this process, for what is not the chain's own. */
  readonly dir: string
  readonly waiting: number
  /** Why nothing is taken up now, or undefined. */
  readonly trouble: string | undefined
  /** Who orders blocks and who is away, where several do. */
  readonly validators?: () => typeof Quorum.Type
}

export interface Gateway {
  readonly url: string
  readonly close: () => Promise<void>
}

const ROLES = ["storage", "coverage", "render", "lease"] as const
/** Bytes of one post: a batch of small commands, or one with a seal. */
const POST_BYTES_MAX = 2 * (BODY_BYTES_MAX + EVIDENCE_BYTES_MAX)
const STREAMS_MAX = 200
const COMMANDS_PER_SECOND = 2000
const READS_PER_SECOND = 2000

/** Starts a gateway. Throws a RecordProblem when the port is taken or the address is not this computer's. */
export async function startGateway(ledger: GatewayLedger, options: GatewayOptions): Promise<Gateway> {
  const host = options.host ?? "127.0.0.1"
  const limits = new AddressLimits({
    perSecond: options.perAddressSecond ?? COMMANDS_PER_SECOND,
    readsPerSecond: options.readsPerAddressSecond ?? Math.max(READS_PER_SECOND, options.perAddressSecond ?? 0),
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

/** Every route of the gateway, with its limit of reads around all of them. What is not in the OpenAPI document fails a test. */
export function routes(ledger: GatewayLedger, limits: AddressLimits) {
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
      .handle("status", () => Effect.sync(() => readStatus(ledger.application)))
      .handle("metrics", () => Effect.sync(() => readMetrics(ledger.application)))
      .handle("nodes", () => Effect.sync(() => nodesSeen(ledger.application)))
      .handle("account", ({ params }) => {
        const found = readAccount(ledger.application, params.key)
        return found === undefined
          ? Effect.fail(new NotFound({ message: "this key has not joined the chain" }))
          : Effect.succeed(found)
      })
      .handle("seed", ({ params }) => {
        const window = Number(params.window)
        const seed = Number.isSafeInteger(window) ? readSeed(ledger.application, window) : undefined
        return seed === undefined
          ? Effect.fail(new NotFound({ message: "this window has not begun, or lies before the chain" }))
          : Effect.succeed({ window, seed })
      })
      .handle("sites", () => Effect.sync(() => readSites(ledger.application)))
      .handle("pictures", () => Effect.sync(() => readPictures(ledger.application)))
      .handle("validators", () => {
        const seen = ledger.validators?.()
        return seen === undefined
          ? Effect.fail(new NotFound({ message: "one sequencer orders this chain's blocks" }))
          : Effect.succeed(seen)
      })
      .handle("refusals", () => Effect.sync(() => ({ ...doorRefusals, ...ledger.application.network.refusals })))
      .handle("blocks", () => Effect.succeed(streams < STREAMS_MAX ? blocks : Stream.empty)),
  )
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
      // What this gateway's ledger could not bring to an end, another's may: a client goes there with the same bytes.
      return json(results, results.every((r) => r.reason === "not_final_yet") ? 503 : 200)
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
  const isRead = (method: string): boolean => method !== "POST" && method !== "PUT"
  const limited = HttpRouter.middleware(
    (answer) =>
      Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
        isRead(request.method) && !limits.allowRead(addressOf(request))
          ? Effect.succeed(json({ reason: "flooding" }, 429))
          : answer,
      ),
    { global: true },
  )
  return Layer.mergeAll(
    limited,
    contentRoutes(ledger, limits),
    HttpApiBuilder.layer(Api, { openapiPath: "/openapi.json" }).pipe(Layer.provide(chain)),
    post,
    text("/metrics", CONTENT_TYPE, () => prometheus(ledger)),
    text("/", "text/html; charset=utf-8", () => {
      const { network } = ledger.application
      return observerPage({
        status: readStatus(ledger.application),
        role: ROLES.find((role) => network.live !== undefined && Object.hasOwn(network.live, role)),
        income: network.live?.income ?? "",
        figures: figuresOf(network),
        metrics: network.metrics,
        quorum: ledger.validators?.(),
      })
    }),
  )
}

const nodesSeen = (app: ChainApplication) => readNodes(app).map((seen) => ({ ...seen, takesPart: takesPart(app, seen.node) }))
const figuresOf = ({ nodeMeasures }: AnyNetwork): readonly NodeFigure[] =>
  Object.entries(nodeMeasures).map(([name, { unit, because }]) => ({ name, unit, because }))
