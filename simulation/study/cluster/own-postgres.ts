/**
 * A PostgreSQL server of one's own, in a folder of one's own, for tests, the bench and a first try: found where Debian, Homebrew or PATH
 * have it, started on a free port of the loopback, without a password, and gone with its folder.
 */
import { spawnSync } from "node:child_process"
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { createServer, type AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"

/** How to get it, in the words of a skipped test. */
export const HOW_TO_INSTALL = "there is no PostgreSQL here; apt-get install postgresql installs it"

/** The folder of its programs, or undefined. */
export function postgresPrograms(): string | undefined {
  const versions = "/usr/lib/postgresql"
  const debian = existsSync(versions)
    ? readdirSync(versions)
        .toSorted((a, b) => Number(b) - Number(a))
        .map((v) => join(versions, v, "bin"))
    : []
  return [...(process.env["PATH"] ?? "").split(delimiter), ...debian, "/opt/homebrew/bin", "/usr/local/bin"].find(
    (dir) => existsSync(join(dir, "initdb")) && existsSync(join(dir, "pg_ctl")),
  )
}

/** It refuses to run as root, and then runs as the user that its package made. */
const isRoot = process.getuid?.() === 0

export interface OwnPostgres {
  readonly url: string
  readonly start: () => void
  /** As a power cut would: no checkpoint, no goodbye. */
  readonly kill: () => void
  readonly remove: () => void
}

/** Makes and starts one. Throws an Error with what its own programs said. */
export async function ownPostgres(programs: string): Promise<OwnPostgres> {
  const dir = mkdtempSync(join(tmpdir(), "blackstart-postgres-"))
  const data = join(dir, "data")
  const run = (program: string, ...args: readonly string[]): void => {
    const whole = [join(programs, program), ...args]
    const command = isRoot ? ["runuser", "-u", "postgres", "--", ...whole] : whole
    const { status, stderr, stdout, error } = spawnSync(command[0], command.slice(1), { cwd: dir, encoding: "utf8" })
    if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? `${stderr}${stdout}`.trim()}`)
  }
  if (isRoot) {
    chmodSync(dir, 0o711)
    spawnSync("chown", ["-R", "postgres", dir])
  }
  const port = await freePort()
  const start = (): void =>
    run("pg_ctl", "-D", data, "-w", "-l", join(dir, "log"), "-o", `-p ${port} -k ${dir} -c listen_addresses=127.0.0.1`, "start")
  run("initdb", "-D", data, "-A", "trust", "-U", "blackstart", "--no-sync")
  start()
  const kill = (): void => run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
  return {
    url: `postgres://blackstart@127.0.0.1:${port}/postgres`,
    start,
    kill,
    remove: () => {
      try {
        kill()
      } catch {
        // It was not running.
      }
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export const freePort = (): Promise<number> =>
  new Promise((found, failed) => {
    const server = createServer()
    server.on("error", failed)
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo
      server.close(() => found(port))
    })
  })
