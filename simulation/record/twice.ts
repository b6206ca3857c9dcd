/** Names that stand twice in one object of a JSON text: JSON keeps the last of them without a word, and what was written first is lost. */

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/gsu

/** The first name that stands twice in one object, with the line of its second, or undefined. The text must be JSON. */
export function nameTwice(text: string): { readonly name: string; readonly line: number } | undefined {
  /** Names of each object that is open; undefined for a list. */
  const open: (Set<string> | undefined)[] = []
  let last = ""
  let lastAt = 0
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === "{") open.push(new Set())
    else if (token === "[") open.push(undefined)
    else if (token === "}" || token === "]") open.pop()
    else if (token === ":") {
      const name = JSON.parse(last) as string
      const names = open.at(-1)!
      if (names.has(name)) return { name, line: text.slice(0, lastAt).split("\n").length }
      names.add(name)
    } else if (token !== ",") {
      last = token
      lastAt = index
    }
  }
  return undefined
}
