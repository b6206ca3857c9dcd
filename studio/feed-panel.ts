/** What happened, newest first, with its reason. */
import { instant } from "../reports/number.ts"
import { element, find } from "./dom.ts"
import { whole } from "./figures.ts"
import type { Side } from "./side.ts"

const SHOWN = 40

/** What both sides were told by `atS`. */
export function showFeed(sides: readonly Side[], atS: number): void {
  const list = find("any", "feed")
  const items = sides
    .flatMap((s) => s.feed.map((item) => ({ item, side: s.name })))
    .filter(({ item }) => item.atS <= atS)
    .sort((x, y) => y.item.atS - x.item.atS)
    .slice(0, SHOWN)
  const key = items.map(({ item, side }) => `${item.atS}${item.type}${side}`).join()
  if (list.dataset.key === key) return
  list.dataset.key = key
  list.replaceChildren(
    ...items.map(({ item, side }) => {
      const who = [sides.length === 1 ? "" : side.toUpperCase(), item.network].filter((w) => w !== "").join(" ")
      const what = item.kind === "moment" ? item.type : eventWords(item.type)
      return element(
        "li",
        "",
        `${instant(item.atS)} ${who} `,
        element("b", "", `${what}${item.count > 1 ? ` × ${whole(item.count)}` : ""}`),
        element("small", "", item.because),
      )
    }),
  )
  if (items.length === 0) list.append(element("li", "", "Nothing out of the ordinary so far."))
}

/** `SectorsFaulted` → `Sectors faulted`. */
export const eventWords = (type: string): string => {
  const text = type.replaceAll("_", " ").replaceAll(/([a-z\d])([A-Z])/gu, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
  return text.charAt(0).toUpperCase() + text.slice(1)
}
