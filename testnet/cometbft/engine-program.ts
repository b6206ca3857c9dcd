/** Where the engine's program is: BLACKSTART_COMETBFT, then the path, then Go's own bin folder. */
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { homedir } from "node:os"
import { delimiter, join } from "node:path"
import { COMETBFT_PACKAGE, COMETBFT_VERSION } from "./version.ts"

export const ENGINE_VARIABLE = "BLACKSTART_COMETBFT"
export const HOW_TO_INSTALL = `CometBFT ${COMETBFT_VERSION} is not here: go install ${COMETBFT_PACKAGE}@${COMETBFT_VERSION}, or give its path in ${ENGINE_VARIABLE}`

/** The program's path, or undefined where there is none that runs. */
export function findEngine(): string | undefined {
  const named = process.env[ENGINE_VARIABLE]
  const places = [
    ...(named === undefined || named === "" ? [] : [named]),
    ...(process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "cometbft")),
    join(process.env.GOBIN ?? join(process.env.GOPATH ?? join(homedir(), "go"), "bin"), "cometbft"),
  ]
  return places.find((path) => existsSync(path) && versionOf(path) !== undefined)
}

/** What the program says its version is, such as 0.38.25; undefined where it does not run. */
export function versionOf(path: string): string | undefined {
  const ran = spawnSync(path, ["version"], { encoding: "utf8", timeout: 10_000 })
  return ran.status === 0 ? ran.stdout.trim().split("+")[0] : undefined
}
