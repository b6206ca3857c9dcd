/**
 * How notebooks become pages: Observable's notebook kit in a Vite of our own, with nothing fetched from a network, neither while
 * building nor while reading.
 */
import { readdirSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { config, observable } from "@observablehq/notebook-kit/vite"
import { defineConfig, type Plugin } from "vite"

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
export const NOTEBOOKS: readonly string[] = readdirSync(here("."))
  .filter((file) => file.endsWith(".html") && file !== "template.html")
  .toSorted()

/** The kit names libraries by their address on a network; this takes the installed ones instead, and says of others that they are absent. */
const REMOTE =
  /^(?:https:\/\/cdn\.jsdelivr\.net\/npm\/|npm:)((?:@[^/]+\/)?[^/@]+)(?:@[^/]+)?(?:\/\+esm|\/(?<path>.*?))?(?:\/\+esm)?$/
const ABSENT = "\0absent:"
const offline = (): Plugin => ({
  name: "offline",
  enforce: "pre",
  async resolveId(source, importer) {
    const found = REMOTE.exec(source)
    if (found === null) return null
    const name = found.groups?.path === undefined ? found[1] : `${found[1]}/${found.groups.path}`
    return (await this.resolve(name, importer, { skipSelf: true })) ?? `${ABSENT}${name}`
  },
  load(id) {
    if (!id.startsWith(ABSENT)) return null
    const name = JSON.stringify(id.slice(ABSENT.length))
    return `throw new Error(${name} + " is not installed, and notebooks fetch nothing"); export default undefined`
  },
  transform(code, id) {
    // Libraries that a cell could have without importing them: ours import what they use.
    if (id.endsWith("/stdlib/recommendedLibraries.js")) return "export {}"
    if (id.endsWith("/stdlib/sampleDatasets.js")) return "export {}"
    if (!id.endsWith(".css") || !code.includes("cdn.jsdelivr.net")) return null
    return code.replaceAll(/@import url\("https:\/\/cdn\.jsdelivr\.net[^"]*"\);/g, "")
  },
})

/** Colours of code, which the kit brings; all others are in kit/style.css. */
const THEMES = { light: "air", dark: "near-midnight" } as const

const kit = config()
const aliases = (kit.resolve?.alias ?? []) as readonly { readonly find: RegExp; readonly replacement: string }[]
export default defineConfig({
  ...kit,
  root: here("."),
  base: "./",
  publicDir: false,
  logLevel: "warn",
  resolve: { alias: aliases.filter(({ find }) => !find.source.includes("npm:")) },
  plugins: [
    offline(),
    observable({ template: here("template.html"), transformNotebook: (notebook) => ({ ...notebook, theme: THEMES }) }),
  ],
  worker: { format: "es" },
  build: {
    outDir: here("../dist/notebooks"),
    emptyOutDir: true,
    target: "es2023",
    chunkSizeWarningLimit: 4000,
    rolldownOptions: { input: NOTEBOOKS.map((file) => here(file)), checks: { pluginTimings: false } },
  },
})
