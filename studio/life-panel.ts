/** A node's life, newest first: what happened, what the network says it means, and the rule that wrote it. */
import type { LifeEvent, LifePart } from "../browser/messages.ts"
import { instant } from "../reports/number.ts"
import { element, find } from "./dom.ts"
import { whole, withUnit } from "./figures.ts"
import type { Side } from "./side.ts"
import { eventWords } from "./feed-panel.ts"
import { wordsOf } from "./sliders.ts"

export type Kind = "reward" | "penalty" | "proof" | "other"
const KINDS: readonly Kind[] = ["reward", "penalty", "proof", "other"]
const WORDS: Readonly<Record<Kind, string>> = {
  reward: "rewards",
  penalty: "penalties and refusals",
  proof: "proofs and reports",
  other: "everything else",
}

/** What an event is to the node, by the words of its name: penalties first, as a missed proof is one. */
export function kindOf({ type, side, row }: Pick<LifeEvent, "type" | "side" | "row">): Kind {
  if (side === "refusal") return "penalty"
  if (side === "world") return "other"
  if (
    /Fault|Fee|Slash|Terminat|Refused|Reject|Jail|Denied|Denylist|Banned|Disput|Missed|Silent|Quarantin|GivenUp|TimedOut|Unstable/u.test(
      type,
    )
  )
    return "penalty"
  // A payout of nothing is no reward.
  if (/Rewarded|Paid|Earned|Rewards|Tips|Vested|Claimed|Withdrawn|Settled/u.test(type))
    return Object.entries(row).some(([k, v]) => !/node|day|epoch|at/iu.test(k) && Number(v) > 0) ? "reward" : "other"
  if (
    /Prov|Proof|PoSt|Beacon|Witness|Poc|Report|Heartbeat|Speedtest|Challenge|Approved|Rendered|Answered|Ticket|Block/u.test(type)
  )
    return "proof"
  return "other"
}

const SHOWN = 150

export class LifePanel {
  readonly #box = find("any", "life")
  #events: LifeEvent[] = []
  #leftOut = 0
  #limit = SHOWN
  #isDone = false
  #fromEpoch = 0
  #title = ""
  #domains = ""
  readonly #kinds = new Set<Kind>(KINDS)
  readonly #onClose: () => void

  constructor(onClose: () => void) {
    this.#onClose = onClose
  }

  open(side: Side, network: string, node: number, isOneOfTwo: boolean): void {
    const n = side.network(network)
    this.#events = []
    this.#leftOut = 0
    this.#limit = SHOWN
    this.#isDone = false
    this.#fromEpoch = side.epoch
    this.#title = `The life of ${n?.nodeWord ?? "node"} ${whole(node)}${isOneOfTwo ? ` in ${side.name.toUpperCase()}` : ""}`
    this.#domains = Object.entries(n?.domains ?? {})
      .filter(([domain]) => ["city", "country", "asn", "provider", "operator", "client"].includes(domain))
      .map(([domain, { of, names }]) => [domain, names[of[node]]] as const)
      .filter(([, name]) => name !== undefined && name !== "none" && name !== "")
      .map(([domain, name]) => (name.startsWith(domain) ? name : `${domain} ${name}`))
      .join(" · ")
    this.#box.hidden = false
    this.#draw()
  }

  close(): void {
    this.#box.hidden = true
    this.#onClose()
  }

  take(part: LifePart): void {
    if (this.#box.hidden) return
    this.#events.push(...part.events.toReversed())
    this.#leftOut += part.leftOut
    this.#isDone = part.done
    this.#fromEpoch = part.fromEpoch
    this.#draw()
  }

  #draw(): void {
    const counts = new Map(KINDS.map((k) => [k, 0]))
    for (const e of this.#events) counts.set(kindOf(e), counts.get(kindOf(e))! + 1)
    const wanted = this.#events.filter((e) => this.#kinds.has(kindOf(e)))
    const isFocused = this.#box.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset.key : undefined
    const close = element("button", "", "Close")
    close.type = "button"
    close.dataset.key = "close"
    close.addEventListener("click", () => this.close())
    const head = element("div", "head", element("h2", "", this.#title), close)
    head.querySelector("h2")!.id = "life-head"
    const said = this.#isDone
      ? `${whole(this.#events.length)} events in all${this.#leftOut > 0 ? `, ${whole(this.#leftOut)} more left out of very busy stretches` : ""}.`
      : `${whole(this.#events.length)} events so far; folded back to epoch ${whole(this.#fromEpoch)} …`
    const filters = element("div", "filters", ...KINDS.map((kind) => this.#filter(kind, counts.get(kind)!)))
    filters.setAttribute("role", "group")
    filters.setAttribute("aria-label", "Kinds of events shown")
    const status = element("p", "why", said)
    status.setAttribute("role", "status")
    const list = element("ol", "", ...wanted.slice(0, this.#limit).map(eventElement))
    list.tabIndex = 0
    list.setAttribute("aria-label", "Events of the node, newest first")
    const more = element("button", "", `Show ${whole(Math.min(SHOWN, wanted.length - this.#limit))} more`)
    more.type = "button"
    more.dataset.key = "more"
    more.hidden = wanted.length <= this.#limit
    more.addEventListener("click", () => {
      this.#limit += SHOWN
      this.#draw()
    })
    this.#box.replaceChildren(head, element("p", "why", this.#domains), status, filters, list, more)
    if (isFocused !== undefined) (this.#box.querySelector(`[data-key="${isFocused}"]`) as HTMLElement | null)?.focus()
  }

  #filter(kind: Kind, count: number): HTMLElement {
    const box = element("input", "")
    box.type = "checkbox"
    box.checked = this.#kinds.has(kind)
    box.dataset.key = kind
    box.addEventListener("change", () => {
      if (box.checked) this.#kinds.add(kind)
      else this.#kinds.delete(kind)
      this.#draw()
    })
    return element("label", "", box, ` ${WORDS[kind]} (${whole(count)})`)
  }
}

function eventElement(event: LifeEvent): HTMLElement {
  const kind = kindOf(event)
  const tag =
    kind === "other"
      ? event.side === "world"
        ? element("span", "tag", "world")
        : ""
      : element("span", `tag ${kind}`, event.side === "refusal" ? "refused" : kind)
  const fields = Object.entries(event.row)
    .filter(([name]) => !["node", "atS", "at"].includes(name))
    .map(([name, value]) => `${wordsOf(name)} ${sayField(value, event.units[name])}`)
    .join(", ")
  const rule =
    event.cause === undefined
      ? event.side === "world"
        ? "A fact of the world; the network is not told."
        : ""
      : event.cause.kind === "settlement"
        ? `Rule: line ${event.cause.name} of the settlement. ${event.cause.because}`
        : `Rule: ${event.side === "refusal" ? "refused" : "decided"} on ${event.cause.name}. ${event.cause.because}`
  return element(
    "li",
    "event",
    element("time", "", instant(event.atS)),
    " ",
    element("b", "", eventWords(event.type)),
    tag,
    element("span", "", fields === "" ? "" : ` ${fields}`),
    element("small", "", [event.because, rule].filter((t) => t !== "").join(" ")),
  )
}

function sayField(value: number | string, unit = ""): string {
  if (typeof value === "string") return `${value} ${unit}`
  if (/^(count|0 or 1|node|epoch)/u.test(unit) || /H3|index/u.test(unit)) return String(value)
  if (unit.startsWith("s (Unix")) return instant(value)
  return withUnit(value, unit)
}
