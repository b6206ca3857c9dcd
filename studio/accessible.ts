/**
 * What of a page shuts people out, found by looking at the page itself: controls without a name, text that is hard to read, a focus
 * that jumps, pictures without words, a page wider than its window. Runs in the page; gives one line for each thing it finds.
 */

/** Self-contained: it is sent into a page as text. */
export function findBarriers(): readonly string[] {
  const found: string[] = []
  const isShown = (e: Element): boolean => e.checkVisibility({ checkVisibilityCSS: true })
  const tell = (e: Element): string => `${e.tagName.toLowerCase()}${e.id === "" ? "" : `#${e.id}`}.${e.className}`
  const all = (selector: string): readonly HTMLElement[] => [...document.querySelectorAll<HTMLElement>(selector)].filter(isShown)

  // Names.
  for (const e of all("button, input, select, summary, a[href], canvas, [tabindex='0']")) {
    const labels = "labels" in e ? [...((e as HTMLInputElement).labels ?? [])].map((l) => l.textContent) : []
    const named = (e.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent ?? "")
    const own = e.matches("button, summary, a") ? [e.textContent] : []
    const name = [e.getAttribute("aria-label") ?? "", ...labels, ...named, ...own].join("").trim()
    if (name === "") found.push(`${tell(e)} has no name for a screen reader`)
  }
  for (const e of all("canvas")) if (e.getAttribute("role") !== "img") found.push(`${tell(e)} is a picture and does not say so`)
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id)
  for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) found.push(`two things are called #${id}`)
  for (const e of document.querySelectorAll("[aria-describedby], [aria-labelledby]"))
    for (const id of `${e.getAttribute("aria-describedby") ?? ""} ${e.getAttribute("aria-labelledby") ?? ""}`.split(" "))
      if (id !== "" && !ids.includes(id)) found.push(`${tell(e)} is described by #${id}, which is not there`)
  if (document.documentElement.lang === "") found.push("the page does not say its language")
  if (document.querySelectorAll("main").length !== 1) found.push("the page has not one main part")

  // Focus: in the order of the page, and every control can have it.
  for (const e of document.querySelectorAll("[tabindex]"))
    if (Number(e.getAttribute("tabindex")) > 0) found.push(`${tell(e)} jumps the order of focus`)

  // Size for fingers, on a phone.
  if (innerWidth < 600)
    for (const e of all("button, select, .button, input[type=range], input[type=number]")) {
      const { width, height } = e.getBoundingClientRect()
      if (height < 24 || width < 24)
        found.push(`${tell(e)} is ${Math.round(width)} × ${Math.round(height)} px: too small for a finger`)
    }

  // Contrast of text with what is behind it.
  const rgba = (css: string): readonly number[] => (css.match(/[\d.]+/gu) ?? ["0", "0", "0", "0"]).map(Number)
  const behind = (e: Element): readonly number[] => {
    for (let at: Element | null = e; at !== null; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor)
      if ((colour[3] ?? 1) === 1) return colour
    }
    return [255, 255, 255]
  }
  const luminance = (rgb: readonly number[]): number => {
    const [r, g, b] = rgb.slice(0, 3).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ratio = (a: readonly number[], b: readonly number[]): number => {
    const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y)
    return (light + 0.05) / (dark + 0.05)
  }
  const unreadable = new Map<string, number>()
  for (const e of all("body *")) {
    const hasText = [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.textContent!.trim() !== "")
    const isField = e.matches("input[type=number], input[type=search], select")
    if (!hasText && !isField) continue
    const css = getComputedStyle(e)
    const isLarge = Number.parseFloat(css.fontSize) >= 24
    const is = ratio(rgba(css.color), behind(e))
    if (is < (isLarge ? 3 : 4.5)) unreadable.set(tell(e), is)
    if (e.matches("button, select, input[type=number], input[type=search]")) {
      const edge = ratio(rgba(css.borderTopColor), behind(e.parentElement!))
      if (edge < 3) unreadable.set(`edge of ${tell(e)}`, edge)
    }
  }
  for (const [what, is] of unreadable) found.push(`${what} has a contrast of ${is.toFixed(2)} only`)

  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth
  if (wide > 0) found.push(`the page is ${wide} px wider than its window`)
  return found
}
