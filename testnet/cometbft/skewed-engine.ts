/**
 * The engine with a clock that is off: built from the module's own source with one function of it changed, so that every time it reads is
 * shifted by BLACKSTART_SKEW_MS. Go programs take the time from the kernel directly, where nothing else can shift it for one process.
 */
import { execFileSync } from "node:child_process"
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { COMETBFT_VERSION } from "./version.ts"

export const SKEW_VARIABLE = "BLACKSTART_SKEW_MS"

/** Path of the program in `folder`, built there when it is not; a reason where it cannot be. */
export function buildSkewed(folder: string): { readonly path: string } | { readonly why: string } {
  const path = join(folder, "cometbft-skewed")
  if (existsSync(path)) return { path }
  try {
    const json = execFileSync("go", ["mod", "download", "-json", `github.com/cometbft/cometbft@${COMETBFT_VERSION}`], {
      encoding: "utf8",
      cwd: tmpdir(),
      stdio: ["ignore", "pipe", "ignore"],
    })
    const { Dir: module } = JSON.parse(json) as { Dir: string }
    const clock = join(module, "types/time/time.go")
    const source = readFileSync(clock, "utf8")
    const bent = source
      .replace("return Canonical(time.Now())", "return Canonical(time.Now().Add(skew))")
      .replace("import (\n", 'import (\n\t"os"\n\t"strconv"\n')
    if (bent === source) return { why: `types/time of CometBFT ${COMETBFT_VERSION} is not what this was written for` }
    const read = `\nvar skew = func() time.Duration {\n\tms, _ := strconv.ParseInt(os.Getenv("${SKEW_VARIABLE}"), 10, 64)\n\treturn time.Duration(ms) * time.Millisecond\n}()\n`
    mkdirSync(folder, { recursive: true })
    // A copy, because files of the module cache may be neither changed nor overlaid.
    const copy = mkdtempSync(join(tmpdir(), "blackstart-skew-"))
    try {
      execFileSync("cp", ["-r", `${module}/.`, copy])
      execFileSync("chmod", ["-R", "u+w", copy])
      writeFileSync(join(copy, "types/time/time.go"), bent + read)
      execFileSync("go", ["build", "-mod=readonly", "-buildvcs=false", "-o", `${path}.new`, "./cmd/cometbft"], {
        cwd: copy,
        stdio: ["ignore", "ignore", "pipe"],
      })
    } finally {
      rmSync(copy, { recursive: true, force: true })
    }
    chmodSync(`${path}.new`, 0o755)
    renameSync(`${path}.new`, path)
    return { path }
  } catch (error) {
    return { why: `it could not be built (${(error as Error).message.split("\n")[0]})` }
  }
}
