/** What a network believed of its nodes against what was true of them: the confusion matrix, in node minutes, and what follows from it. */
import type { ChartDeclaration } from "../../protocol/kernel/chart.ts"
import type { Drawn } from "../canvas.ts"
import { columnOf, type Point } from "../course.ts"
import type { Data } from "../data.ts"
import { table } from "../layout.ts"
import { speak } from "../manifest.ts"
import { percent, sentence, whole } from "../number.ts"

type Declared = Extract<ChartDeclaration, { kind: "confusion" }>

/** The last value of each cell; those of a run that did not record them are 0. */
async function cellsOf(data: Data, network: string, { cells }: Declared): Promise<readonly number[]> {
  const course = (await data.view<Point>("course")).filter((p) => p.network === network)
  return cells.map((metric) => course.findLast((p) => p.metric === columnOf(metric))?.value ?? 0)
}

/** Did the network watch at all. */
export const hasWatched = async (data: Data, network: string, declared: Declared): Promise<boolean> =>
  (await cellsOf(data, network, declared)).some((v) => v > 0)

export async function confusion(data: Data, network: string, declared: Declared): Promise<Drawn> {
  const m = data.manifest
  const { classes } = declared
  const n = classes.length
  const counts = await cellsOf(data, network, declared)
  const at = (truth: number, belief: number): number => counts[truth * n + belief]
  const sum = (of: (k: number) => number): number => classes.reduce((all, _, k) => all + of(k), 0)
  const share = (part: number, all: number): string => (all === 0 ? "\u2013" : percent(part / all))
  const detect = m.results?.find((r) => r.network === network)?.detectS ?? null
  const found = classes.slice(1).flatMap((name, k) => {
    const real = sum((b) => at(k + 1, b))
    return real === 0 ? [] : [`${percent(at(k + 1, k + 1) / real)} of what had failed ${name} was believed to have failed so`]
  })
  const noticed = detect === null ? "no outage was declared" : `the outage was noticed after ${whole(detect / 60)} min`
  return {
    title: sentence([noticed, ...found].join("; ")),
    subtitle: `${sentence(speak(network))}: ${declared.word}, in node minutes since the beginning. A row is what was true, a column what the network believed. Recall is the share of a row that is on the diagonal, precision the share of a column. Seed ${m.seed}.`,
    picture: table(
      [
        { text: "truth" },
        ...classes.map((name) => ({ text: `believed ${name}`, unit: "node min", number: true })),
        { text: "recall", number: true },
        { text: "precision", number: true },
      ],
      classes.map((name, truth) => [
        name,
        ...classes.map((_, belief) => whole(at(truth, belief))),
        share(
          at(truth, truth),
          sum((b) => at(truth, b)),
        ),
        share(
          at(truth, truth),
          sum((t) => at(t, truth)),
        ),
      ]),
    ),
    view: "course",
  }
}
