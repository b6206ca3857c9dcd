/** A run as something to hand on: a small manifest, as a file or as a link's fragment, that anyone opens to the same hashes. */
import { refuse, ScenarioProblem } from "../protocol/boundary/problem.ts"
import { readScenario, type Scenario } from "../protocol/boundary/scenario.ts"

export const SHARED_FORMAT = 1

/** What a run came to, so that whoever opens it sees whether it comes to the same. */
export interface Came {
  readonly epoch: number
  readonly log: string
}
export interface Shared {
  readonly blackstart: number
  readonly a: Scenario
  /** The second setting, where two are compared. */
  readonly b?: Scenario
  readonly came?: { readonly a: Came; readonly b?: Came }
}

/** A manifest read from JSON. Throws a ScenarioProblem with one sentence. */
export function readShared(data: unknown): Shared {
  if (typeof data !== "object" || data === null || Array.isArray(data))
    return refuse("this is no run: a run is an object with a scenario in it, as the studio saves one")
  const { blackstart, a, b, came, ...rest } = data as Record<string, unknown>
  // A plain scenario, as `blackstart run` takes it, is a run too.
  if (blackstart === undefined) return { blackstart: SHARED_FORMAT, a: readScenario(data) }
  if (blackstart !== SHARED_FORMAT)
    refuse(
      `this run has format ${JSON.stringify(blackstart)}, and this studio reads ${SHARED_FORMAT}: open it with the version that saved it`,
    )
  const odd = Object.keys(rest)[0]
  if (odd !== undefined) refuse(`this run says ${odd}, which the studio does not know: it has a, b and came`)
  return {
    blackstart: SHARED_FORMAT,
    a: within("a", () => readScenario(a)),
    ...(b === undefined ? {} : { b: within("b", () => readScenario(b)) }),
    ...(came === undefined ? {} : { came: readCame(came) }),
  }
}

function within<T>(place: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof ScenarioProblem ? new ScenarioProblem(`setting ${place.toUpperCase()}: ${error.message}`) : error
  }
}

function readCame(data: unknown): NonNullable<Shared["came"]> {
  const { a, b } = data as { a?: Came; b?: Came }
  const isCame = (c: Came | undefined): c is Came =>
    c !== undefined && Number.isInteger(c.epoch) && c.epoch > 0 && /^[0-9a-f]{64}$/u.test(c.log)
  if (!isCame(a) || (b !== undefined && !isCame(b)))
    return refuse('what the run came to is damaged: it is {"a": {"epoch": a number, "log": 64 hexadecimal digits}}')
  return { a: { epoch: a.epoch, log: a.log }, ...(b === undefined ? {} : { b: { epoch: b.epoch, log: b.log } }) }
}

/** The fragment of a link, without its #: JSON, deflated, in base64url. */
export async function toFragment(shared: Shared): Promise<string> {
  const bytes = await through(new TextEncoder().encode(JSON.stringify(shared)), new CompressionStream("deflate-raw"))
  let text = ""
  for (const b of bytes) text += String.fromCharCode(b)
  return `run=${btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`
}

/** Throws a ScenarioProblem with one sentence. */
export async function fromFragment(fragment: string): Promise<Shared> {
  const found = /^#?run=([\w-]+)$/u.exec(fragment)
  if (found === null) return refuse("this link holds no run: ask for it again, or open the saved file")
  let data: unknown
  try {
    const text = atob(found[1].replaceAll("-", "+").replaceAll("_", "/"))
    const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0))
    data = JSON.parse(new TextDecoder().decode(await through(bytes, new DecompressionStream("deflate-raw"))))
  } catch {
    return refuse("this link was cut or changed on its way: ask for it again, or open the saved file")
  }
  return readShared(data)
}

async function through(
  bytes: Uint8Array,
  transform: { readonly readable: ReadableStream; readonly writable: WritableStream },
): Promise<Uint8Array> {
  const whole = new Response(new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(transform))
  return new Uint8Array(await whole.arrayBuffer())
}
