/** The library's log, told as a person wants it: a warning once, not every second, and nothing below one. */
import * as Logger from "effect/Logger"

const REPEAT_MS = 30_000

/** Hands each different warning or error to `tell`, at most twice a minute. */
export function quiet(tell: (sentence: string) => void): Logger.Logger<unknown, void> {
  const told = new Map<string, number>()
  return Logger.make(({ logLevel, message, date }) => {
    if (logLevel !== "Warn" && logLevel !== "Error" && logLevel !== "Fatal") return
    const text = (Array.isArray(message) ? message : [message])
      .map((m) => (typeof m === "string" ? m : ""))
      .join(" ")
      .trim()
    if (text === "" || date.getTime() - (told.get(text) ?? -Infinity) < REPEAT_MS) return
    told.set(text, date.getTime())
    tell(text)
  })
}
