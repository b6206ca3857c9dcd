/** Several signed commands as one piece of bytes: {length u32 little-endian, command}, one after the other. */

export const BATCH_MAX = 2000

/** Cuts bytes into commands; undefined where they are not {length u32, bytes} to the end. */
export function splitBatch(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const commands: Uint8Array[] = []
  for (let at = 0; at < bytes.length;) {
    if (at + 4 > bytes.length || commands.length === BATCH_MAX) return undefined
    const length = view.getUint32(at, true)
    if (length > bytes.length - at - 4) return undefined
    commands.push(bytes.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return commands.length === 0 ? undefined : commands
}

export function joinBatch(commands: readonly Uint8Array[]): Uint8Array {
  const out = Buffer.allocUnsafe(commands.reduce((sum, c) => sum + 4 + c.length, 0))
  let at = 0
  for (const c of commands) {
    out.writeUInt32LE(c.length, at)
    out.set(c, at + 4)
    at += 4 + c.length
  }
  return out
}
