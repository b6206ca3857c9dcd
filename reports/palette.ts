/** One hue per network, grey for the centralised comparator, red for loss and nothing else; light and dark. */

interface Hue {
  readonly light: string
  readonly dark: string
}

/** After Okabe and Ito, whose hues stay apart for colour-blind eyes; darkened or lightened to read on each ground. */
const HUES = {
  helium: { light: "#0067a5", dark: "#5ab4f0" },
  filecoin: { light: "#007a5a", dark: "#2cc79a" },
  render: { light: "#a4508b", dark: "#e39ac9" },
  akash: { light: "#9a6700", dark: "#e8b33c" },
  cdn: { light: "#6b6f76", dark: "#a3a8b0" },
  /** A network this table does not know. */
  other: { light: "#4b5bb5", dark: "#a5b0ff" },
  loss: { light: "#c8201e", dark: "#ff6b5e" },
  /** Loss in four steps, faint to full; the step is also told by size and by a count beside it. */
  "loss-1": { light: "#f0a9a2", dark: "#7d342f" },
  "loss-2": { light: "#e2716a", dark: "#b04740" },
  "loss-3": { light: "#d3433d", dark: "#db584e" },
  "loss-4": { light: "#b01512", dark: "#ff7a6c" },
  ink: { light: "#1b1d21", dark: "#e8eaed" },
  soft: { light: "#5a5f69", dark: "#a7adb8" },
  line: { light: "#d9dce1", dark: "#3a3f48" },
  land: { light: "#e7e9ec", dark: "#2a2e35" },
  sea: { light: "#f6f7f9", dark: "#181b20" },
  paper: { light: "#ffffff", dark: "#121417" },
  wash: { light: "#f4f5f7", dark: "#1c1f24" },
} satisfies Readonly<Record<string, Hue>>

export type Colour = keyof typeof HUES

/** The CSS variable of a colour. */
export const colour = (name: Colour): string => `var(--${name})`

const NETWORKS: readonly Colour[] = ["helium", "filecoin", "render", "akash", "cdn"]

/** The colour of a network; a variant (`helium-no-poc`) keeps the hue of its network. */
export const colourOf = (network: string): string => colour(NETWORKS.find((n) => network.startsWith(n)) ?? "other")

/** Is this the centralised comparator, drawn in grey as the reference? */
export const isReference = (network: string): boolean => network.startsWith("cdn")

const declare = (side: keyof Hue) =>
  Object.entries(HUES)
    .map(([name, hue]) => `--${name}:${hue[side]}`)
    .join(";")

/** The variables for both grounds. Print is always on white. */
export const paletteCss = `:root{color-scheme:light dark;${declare("light")}}
@media (prefers-color-scheme: dark){:root{${declare("dark")}}}
@media print{:root{color-scheme:light;${declare("light")}}}`
