/** One scratch folder for a whole test run, removed with everything in it when the run ends: whatever asks for a temporary folder gets one inside. */
import { chmodSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

export default function scratch(): () => void {
  const before = process.env.TMPDIR
  const folder = mkdtempSync(join(tmpdir(), "blackstart-tests-"))
  // A server that a test starts as another user must reach its own folder in it.
  chmodSync(folder, 0o711)
  // Workers, and the processes that tests start, inherit it.
  process.env.TMPDIR = folder
  return () => {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}
