/** Paths of a site, and what kind of file they name. */

/** Plain names, a slash between: nothing that could leave the site's folder. */
export const isPath = (path: string): boolean =>
  path.length <= 200 && /^[A-Za-z0-9_][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/u.test(path)

export const canonicalPath = (path: string): string => path.replaceAll("\\", "/").replace(/^\.?\/+/u, "")

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  svg: "image/svg+xml",
  png: "image/png",
  jpg: "image/jpeg",
  webp: "image/webp",
  txt: "text/plain; charset=utf-8",
  woff2: "font/woff2",
}
export const typeOf = (path: string): string =>
  TYPES[path.slice(path.lastIndexOf(".") + 1).toLowerCase()] ?? "application/octet-stream"

/** A site runs as a guest: with no origin of its own, and nothing from elsewhere. */
export const GUEST = {
  "content-security-policy":
    "sandbox allow-scripts; default-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; frame-ancestors *",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
} as const
