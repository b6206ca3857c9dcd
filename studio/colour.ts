/** Colours as numbers, and how well one reads on another (WCAG 2, relative luminance). */

/** Red, green, blue, 0 to 255, of `#abc`, `#aabbcc` or `rgb(…)`. */
export function rgbOf(css: string): readonly [number, number, number] {
  const text = css.trim()
  if (text.startsWith("#")) {
    const hex = text.length === 4 ? text.slice(1).replaceAll(/./gu, "$&$&") : text.slice(1)
    return [0, 2, 4].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)) as unknown as readonly [number, number, number]
  }
  const found = text.match(/[\d.]+/gu) ?? ["0", "0", "0"]
  return [Number(found[0]), Number(found[1]), Number(found[2])]
}

const luminance = (css: string): number => {
  const [r, g, b] = rgbOf(css).map((c) => {
    const s = c / 255
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** 1 to 21; text wants 4.5, a control's edge 3. */
export function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}
