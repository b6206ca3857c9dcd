/** What a user got wrong, in one sentence that names the thing, the place and the way out. Never a bug of ours. */
export class ScenarioProblem extends Error {
  readonly _tag = "ScenarioProblem"
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.name = "ScenarioProblem"
  }
}

/** Throws the sentence. An expression, so that it can stand on the right of `??`. */
export function refuse(sentence: string): never {
  throw new ScenarioProblem(sentence)
}

/** "; did you mean x?", or the list when it is short, or nothing. */
export function didYouMean(near: string | undefined, all: readonly string[] = []): string {
  if (near === undefined) return ""
  if (all.length === 0) return `; did you mean ${near}?`
  return all.length <= 8 ? `; did you mean ${near}? There are ${all.join(", ")}` : `; did you mean ${near}?`
}
