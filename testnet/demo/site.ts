/** The site of the demonstration: three small files, and their hashes, by which a visitor knows that what came is what was meant. */
import { createHash } from "node:crypto"

const STYLE = `body{margin:0;font:16px/1.5 Georgia,serif;background:#f6f1e7;color:#2b2a27}main{max-width:34rem;margin:0 auto;padding:1rem}
h1{font-size:1.5rem;margin:.4rem 0}img{width:100%;height:auto;border-radius:6px}dl{display:grid;grid-template-columns:auto 1fr;gap:.1rem 1rem}dd{margin:0}`

const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 120"><rect width="320" height="120" fill="#bcd9e8"/><circle cx="262" cy="30" r="14" fill="#f4c95d"/>
<path d="M0 92q40-18 80-4t80-6 80 2 80-8v44H0z" fill="#7ba17a"/><path d="M96 84V52l34-18 34 18v32z" fill="#e9e2d0"/><path d="M90 54l40-22 40 22-5 6-35-19-35 19z" fill="#b5543c"/>
<path d="M122 84V64h16v20z" fill="#6b4f3a"/><path d="M104 60h10v10h-10zM146 60h10v10h-10z" fill="#6d8ea0"/></svg>`

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Village library</title><link rel="stylesheet" href="style.css">
<main><img src="picture.svg" alt="The library: a white house with a red roof, between hills."><h1>Village library</h1>
<p>Open today. Two new novels, and the atlas is back from the bookbinder.</p>
<dl><dt>Monday to Friday</dt><dd>10 to 18</dd><dt>Saturday</dt><dd>10 to 14</dd></dl></main></html>`

export const FILES: Readonly<Record<string, { readonly type: string; readonly text: string }>> = {
  "/": { type: "text/html; charset=utf-8", text: PAGE },
  "/style.css": { type: "text/css; charset=utf-8", text: STYLE },
  "/picture.svg": { type: "image/svg+xml", text: PICTURE },
}

export const hashOf = (bytes: string | Uint8Array): string => createHash("sha256").update(bytes).digest("hex")

/** Path → SHA-256 of what must come back. */
export const HASHES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(FILES).map(([path, { text }]) => [path, hashOf(text)]),
)

/** The page with its style and picture inside, for showing what visitors see. */
export const inlined = (page: string): string =>
  page
    .replace('<link rel="stylesheet" href="style.css">', `<style>${STYLE}</style>`)
    .replace('src="picture.svg"', `src="data:image/svg+xml,${encodeURIComponent(PICTURE)}"`)
