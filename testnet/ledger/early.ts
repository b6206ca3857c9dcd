/** The application's filter without the signature: everything cheap comes first, so that a forged flood costs no verification. */
import type { ChainApplication } from "./application.ts"
import type { SignedCommand } from "./command.ts"

/** Why this command cannot be taken up, its signature apart; or undefined. `pendingNonce`: the key's largest among what waits. */
export function checkUnsigned(application: ChainApplication, command: SignedCommand, pendingNonce: number): string | undefined {
  const { checked } = command
  command.checked = true
  const reason = application.checkTx(command, pendingNonce)
  command.checked = checked
  return reason
}
