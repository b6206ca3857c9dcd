/** A command's work as an effect: it fails with whatever was thrown, and main.ts says what that means. */
import * as Effect from "effect/Effect"

export const does =
  <Input>(work: (input: Input) => Promise<void>) =>
  (input: Input): Effect.Effect<void, unknown> =>
    Effect.tryPromise({ try: () => work(input), catch: (error) => error })
