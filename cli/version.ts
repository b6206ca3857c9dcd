/** Which blackstart this is: its version, and the commit a run can be repeated from. */
import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

/** The folder of the checkout. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url))

export const version = (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string })
  .version

/** Short hash, with "+changes" where files differ from it; "unknown" outside a checkout. */
export function commit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", ROOT, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], timeout: 5000 }).trim()
    return git("describe", "--always", "--dirty=+changes", "--exclude=*")
  } catch {
    return "unknown"
  }
}
