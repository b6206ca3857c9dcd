/**
 * The signed command as it travels and lies in the journal:
 *
 *     public key (32) | Ed25519 signature (64) | body length (u32, little-endian) | body | evidence
 *
 * The body is canonical JSON: keys sorted, no spaces, numbers and strings as JSON.stringify writes them. What is signed is a tag and
 * the body; the body names the chain, so that a command is good for one chain only, and the digest of the evidence.
 */
import * as crypto from "node:crypto"

export const SIGN_TAG = "blackstart command 1\n"
const KEY = 32
const SIGNATURE = 64
const HEAD = KEY + SIGNATURE + 4
export const BODY_BYTES_MAX = 4096
export const EVIDENCE_BYTES_MAX = 512 * 1024

/** Columns of a row as they travel: numbers, and digits for wide amounts. */
export type JsonRow = Readonly<Record<string, number | string>>
export interface Body {
  readonly chain: string
  /** Chain seconds after which it is void. */
  readonly expiryS: number
  readonly network: string
  /** Larger than the last one of its key; gaps are allowed. */
  readonly nonce: number
  readonly type: string
  readonly row: JsonRow
  /** SHA-256 of the evidence, in hex, where there is any. */
  readonly evidence?: string
}
export interface SignedCommand {
  readonly bytes: Uint8Array
  readonly key: Uint8Array
  readonly keyHex: string
  readonly signature: Uint8Array
  readonly bodyBytes: Uint8Array
  readonly body: Body
  readonly evidence: Uint8Array
  /** True once this process has checked the signature, or wrote the command to its own journal after checking: no bytes can set it. */
  checked: boolean
}

export const sha256 = (bytes: Uint8Array): Uint8Array => crypto.hash("sha256", bytes, "buffer")
export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex")

/** Keys sorted, so that one command has one form. */
export function canonical(body: Body): string {
  const row = Object.fromEntries(Object.entries(body.row).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  const { chain, evidence, expiryS, network, nonce, type } = body
  return JSON.stringify({ chain, ...(evidence === undefined ? {} : { evidence }), expiryS, network, nonce, row, type })
}

const TAG = Buffer.from(SIGN_TAG)
/** What a signature is over. */
export const signedBytes = (body: Uint8Array): Uint8Array => Buffer.concat([TAG, body])

export function signCommand(key: KeyPair, body: Omit<Body, "evidence">, evidence: Uint8Array = new Uint8Array(0)): Uint8Array {
  const full = evidence.length === 0 ? body : { ...body, evidence: hexOf(sha256(evidence)) }
  const bodyBytes = Buffer.from(canonical(full))
  const head = Buffer.alloc(4)
  head.writeUInt32LE(bodyBytes.length)
  return Buffer.concat([key.publicKey, crypto.sign(null, signedBytes(bodyBytes), key.privateKey), head, bodyBytes, evidence])
}

export interface KeyPair {
  /** Raw, 32 bytes. */
  readonly publicKey: Uint8Array
  readonly privateKey: crypto.KeyObject
}

export function newKeyPair(): KeyPair {
  const { publicKey, privateKey } = crypto.generateKeyPairSync("ed25519")
  return { publicKey: rawOf(publicKey), privateKey }
}
/** The pair behind a private key in PEM. Throws when it is no Ed25519 key. */
export function keyPairOf(pem: string): KeyPair {
  const privateKey = crypto.createPrivateKey(pem)
  if (privateKey.asymmetricKeyType !== "ed25519")
    throw new TypeError(`an Ed25519 key is needed, this is ${privateKey.asymmetricKeyType}`)
  return { publicKey: rawOf(crypto.createPublicKey(privateKey)), privateKey }
}
const rawOf = (key: crypto.KeyObject): Uint8Array => new Uint8Array(Buffer.from(key.export({ format: "jwk" }).x!, "base64url"))

const publicKeys = new Map<string, crypto.KeyObject>()
const PUBLIC_KEYS_MAX = 20_000
function publicKeyOf(key: Uint8Array, hex: string): crypto.KeyObject {
  let found = publicKeys.get(hex)
  if (found === undefined) {
    const x = Buffer.from(key).toString("base64url")
    found = crypto.createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" })
    // Bounded: strangers' keys must not fill the memory.
    if (publicKeys.size >= PUBLIC_KEYS_MAX) publicKeys.clear()
    publicKeys.set(hex, found)
  }
  return found
}

/** True where the signature is the key's. Never throws: a key that is no point on the curve signs nothing. */
export function isGenuine({ key, keyHex, signature, bodyBytes }: SignedCommand): boolean {
  try {
    return crypto.verify(null, signedBytes(bodyBytes), publicKeyOf(key, keyHex), signature)
  } catch {
    return false
  }
}

/** The same, in the thread pool, so that a stream of commands uses every core. */
export function verifyGenuine({ key, keyHex, signature, bodyBytes }: SignedCommand): Promise<boolean> {
  return new Promise((done) => {
    try {
      crypto.verify(null, signedBytes(bodyBytes), publicKeyOf(key, keyHex), signature, (error, genuine) =>
        done(error === null && genuine),
      )
    } catch {
      done(false)
    }
  })
}

/** Refusals of bytes that are no command at all. */
export type Unreadable = "oversize" | "malformed" | "not_canonical"

const isRow = (row: unknown): row is JsonRow =>
  typeof row === "object" &&
  row !== null &&
  !Array.isArray(row) &&
  Object.values(row).every((v) => typeof v === "number" || typeof v === "string")

/**
 * Reads bytes as a signed command. Its signature is not verified here. Total: anything else is a named refusal. `own`: from this
 * process' own journal, where the form was checked before it was written.
 */
export function readCommand(bytes: Uint8Array, own = false): SignedCommand | Unreadable {
  if (bytes.length > HEAD + BODY_BYTES_MAX + EVIDENCE_BYTES_MAX) return "oversize"
  if (bytes.length < HEAD + 2) return "malformed"
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(KEY + SIGNATURE, true)
  if (length > BODY_BYTES_MAX) return "oversize"
  if (HEAD + length > bytes.length) return "malformed"
  const bodyBytes = bytes.subarray(HEAD, HEAD + length)
  const evidence = bytes.subarray(HEAD + length)
  const text = Buffer.from(bodyBytes.buffer, bodyBytes.byteOffset, length).toString("utf8")
  let body: Body
  try {
    body = JSON.parse(text) as Body
  } catch {
    return "malformed"
  }
  if (typeof body !== "object" || body === null || !isRow(body.row)) return "malformed"
  const { chain, expiryS, network, nonce, type } = body
  if (typeof chain !== "string" || typeof network !== "string" || typeof type !== "string") return "malformed"
  if (!Number.isSafeInteger(expiryS) || !Number.isSafeInteger(nonce) || nonce < 1 || expiryS < 0) return "malformed"
  if (body.evidence !== undefined && typeof body.evidence !== "string") return "malformed"
  if (!own && canonical(body) !== text) return "not_canonical"
  const key = bytes.subarray(0, KEY)
  return {
    bytes,
    key,
    keyHex: hexOf(key),
    signature: bytes.subarray(KEY, KEY + SIGNATURE),
    bodyBytes,
    body,
    evidence,
    checked: false,
  }
}
