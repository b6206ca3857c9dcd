/** How the studio is served while one works on it, and built into one page that opens without a server. */
import { fileURLToPath } from "node:url"
import { defineConfig, type Plugin } from "vite"

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Puts scripts into the page itself: a page from a disk may not load modules beside it. */
const onePage: Plugin = {
  name: "one-page",
  enforce: "post",
  generateBundle(_, bundle) {
    for (const [name, page] of Object.entries(bundle)) {
      if (page.type !== "asset" || !name.endsWith(".html")) continue
      let html = String(page.source)
      for (const [file, chunk] of Object.entries(bundle)) {
        if (chunk.type !== "chunk") continue
        // `</script` within a string would end the script; a function keeps `$` as it is.
        const code = chunk.code.replaceAll("</script", String.raw`<\/script`)
        html = html
          .replace(/<script[^>]*\ssrc="[^"]*"[^>]*><\/script>/u, "")
          .replace("</body>", () => `<script type="module">${code}</script>\n</body>`)
        delete bundle[file]
      }
      page.source = html
    }
  },
}

export default defineConfig({
  root: here("."),
  base: "./",
  plugins: [onePage],
  server: { port: 5180, fs: { allow: [here("..")] } },
  // What the worker needs is found only when it starts: bundled at once, the page is not loaded twice.
  optimizeDeps: { include: ["effect/Result", "effect/Schema", "h3-js", "topojson-client"] },
  worker: { format: "iife" },
  build: {
    outDir: here("../dist/studio"),
    emptyOutDir: true,
    target: "es2023",
    modulePreload: false,
    chunkSizeWarningLimit: 6000,
    rolldownOptions: { output: { codeSplitting: false } },
  },
})
