/** What a claim's experiment is given and what it gives back, before its verdict is worked out by the one rule of all. */
import type { Estimate } from "../study/maths/estimate.ts"
import type { Arena } from "./arena.ts"
import { answerOf, verdictOf, type ClaimResult, type Judged, type Threshold } from "./claim.ts"
import { sayFigure } from "./say.ts"
import type { Trials } from "./trials.ts"

export interface Context {
  readonly arenas: readonly Arena[]
  readonly trials: Trials
}

export type Asked = Omit<ClaimResult, "verdict" | "sentence" | "provenance">
export type Ask = (context: Context) => Promise<Asked>

export const judged = (
  arena: Pick<Arena, "id" | "isReference">,
  label: string,
  estimate: Estimate,
  threshold: Threshold,
  group?: string,
  unit?: ClaimResult["unit"],
): Judged => ({
  label,
  network: arena.id,
  estimate,
  threshold,
  answer: answerOf(estimate, threshold),
  isReference: arena.isReference,
  ...(group === undefined ? {} : { group }),
  ...(unit === undefined ? {} : { unit }),
})

/** The verdict and its sentence, from the cases alone. */
export function concluded(asked: Asked, provenance: ClaimResult["provenance"]): ClaimResult {
  const { word, yes, no, open } = verdictOf(asked.cases)
  return { ...asked, verdict: word, sentence: sentenceOf(asked.cases, word, { yes, no, open }, asked.unit), provenance }
}

const SHOWN = 6

/** What decided, in words and with its figures: the cases against, or those for it where it mostly fails. `unit` is that of a case without one. */
export function sentenceOf(
  cases: readonly Judged[],
  word: ClaimResult["verdict"],
  { yes, no, open }: { readonly yes: number; readonly no: number; readonly open: number },
  unit: ClaimResult["unit"],
): string {
  const own = cases.filter((c) => !c.isReference)
  const named = (answer: Judged["answer"]): string => {
    const all = own.filter((c) => c.answer === answer)
    const shown = all
      .slice(0, SHOWN)
      .map((c) =>
        c.estimate.mean === c.estimate.mean
          ? `${c.network}: ${c.label} (${sayFigure(c.estimate.mean, c.unit ?? unit)})`
          : `${c.network}: ${c.label}`,
      )
    return all.length > SHOWN ? `${shown.join("; ")}; and ${all.length - SHOWN} more` : shown.join("; ")
  }
  const counts = `${yes} of ${own.length} cases for it, ${no} against, ${open} undecided`
  switch (word) {
    case "not measured":
      return "Nothing was measured."
    case "undecided":
      return `No interval lies wholly on one side (${counts}).`
    case "holds":
      return `In all ${own.length} cases the whole interval is on the claim's side.`
    case "fails":
      return `In all ${own.length} cases the whole interval is against the claim.`
    case "holds when":
      return no === 0
        ? `${yes <= SHOWN ? `It holds for ${named("yes")}` : "No case is against it"}; undecided: ${named("open")} (${counts}).`
        : `It holds only for ${named("yes") || "no case"} (${counts}).`
    case "fails when":
      return `It fails for ${named("no")} (${counts}).`
  }
}
