/** Elements of the page, by id: a missing one is our mistake and says so at once. */
const kinds = () => ({
  button: HTMLButtonElement,
  canvas: HTMLCanvasElement,
  input: HTMLInputElement,
  select: HTMLSelectElement,
  any: HTMLElement,
})
type Kinds = { [K in keyof ReturnType<typeof kinds>]: InstanceType<ReturnType<typeof kinds>[K]> }

export function find<K extends keyof Kinds>(kind: K, id: string): Kinds[K] {
  const found = document.getElementById(id)
  if (found instanceof kinds()[kind]) return found as Kinds[K]
  throw new Error(`the page has no ${kind} called ${id}`)
}

/** Fills a select; keeps what was chosen where it is still there. */
export function choices(
  select: HTMLSelectElement,
  all: readonly { readonly value: string; readonly words: string }[],
  chosen?: string,
): void {
  const before = chosen ?? select.value
  select.replaceChildren(
    ...all.map(({ value, words }) => {
      const option = document.createElement("option")
      option.value = value
      option.textContent = words
      return option
    }),
  )
  if (all.some((o) => o.value === before)) select.value = before
}

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...content: readonly (string | Node)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  if (className !== "") made.className = className
  made.append(...content)
  return made
}
