/** How a preview is told from the run that was asked for: a label over what came out, and a line behind the full run's. */
import type { Line } from "./chart.ts"
import { element, find } from "./dom.ts"
import { whole } from "./figures.ts"
import type { Runner } from "./runner.ts"

/** Shown whenever what is drawn is not the run that was asked for. */
export function sayPreview({ isPreview, seen, sides }: Runner, network: string): void {
  const box = find("any", "preview")
  const few = seen[0].network(network)
  const full = sides[0].network(network)
  box.hidden = !isPreview
  if (!isPreview || few === undefined) return
  const text = ` The same rules with ${whole(few.nodes)} of the ${whole(full?.nodes ?? 0)} ${few.nodeWord}s. Shares are a first guess; totals, and what a ${few.nodeWord} is paid, are of the few. The full run follows.`
  if (box.lastChild?.textContent !== text) box.replaceChildren(element("b", "", "Preview."), text)
}

/** The availability of previews, until the full run has come to its end: a share can be held against another size, a sum cannot. */
export function ghostsOf(runner: Runner, network: string): readonly Line[] {
  return runner.sides.flatMap(({ name }) => {
    const ghost = runner.ghost(name)
    const about = ghost?.network(network)
    if (ghost === undefined || about === undefined) return []
    return {
      values: ghost.availability(network),
      times: ghost.series(network, "endS"),
      colour: "--edge",
      isDashed: true,
      word: `preview, ${whole(about.nodes)} ${about.nodeWord}s`,
    }
  })
}
