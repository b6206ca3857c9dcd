/** What kind of failure a record tells of, read off its failure domains and its words, never off its name. */
import type { AnyNetwork } from "../../protocol/kernel/network.ts"
import type { Incident } from "./record.ts"
import { placeOf } from "./place.ts"

/**
 * - `halt`: a ledger stands still. `oracle`: what it hears from outside is away. `seizure`: nodes are taken by the law or by a host's terms. `operator`: one operator's nodes fail.
 * - `version`: whoever runs a version fails. `economy`: operators leave, or the price crashes.
 * - `grid`, `access`, `country`, `cable`: everybody in a place fails. `provider`: one company's service fails, or its control plane.
 */
export type Cause =
  | "halt"
  | "oracle"
  | "seizure"
  | "operator"
  | "version"
  | "economy"
  | "grid"
  | "access"
  | "country"
  | "cable"
  | "provider"

const has = (i: Incident, type: RegExp): boolean => i.domains.some((d) => type.test(d.type))
const said = (i: Incident): string =>
  [
    i.name,
    i.rootCause,
    i.note,
    ...i.fractions.map((f) => `${f.metric} ${f.text}`),
    ...i.domains.map((d) => d.value),
    ...Object.entries(i.select).flatMap(([k, v]) => v.map((w) => `${k} ${w}`)),
  ]
    .join(" \n ")
    .toLowerCase()

const VERSION = /client-version|monoculture|software|firmware|certificate|^client$|^version$/u
const ONE =
  /\bone (fleet|operator|provider|validator|node|host)\b|\bsingle (node|operator|validator|provider)\b|\boperator one\b/u
const LAW = /\bseiz|takedown|court order|sanction|terms of service|\btos\b|\bban(s|ned)?\b|legal order|subpoena|injunction/u
const PRICE = /price (crash|fall|drop|collapse)|crash of the price|depeg|bank run|sell-?off/u
const HALT = /chain halt|halted? (at )?block|consensus (halt|failure)|(block production|finali[sz]ation) (stop|halt)/u
/** A ledger's words for a failure that it stood: then nothing halted, whatever its domains are. */
const STOOD =
  /near.?miss|no loss of finality|finality (was )?(kept|held)|did not (halt|stop|lose finality)|never halted|chain (went|goes|kept) (on|going)|kept (finalis|finaliz|producing)/u
const LEDGER = /consensus|halt|ledger|^(block-?)?chain$|^l[12]$|validator/u
const MISPRICED =
  /(wrong|false|incorrect|bogus|manipulated|mistaken) [a-z ]{0,20}price|price[a-z ]{0,20} (error|wrong|incorrect|manipulat)|mispric|\b(tenth|fraction|times|multiple) of (the|its) price/u
const KEPT =
  /data.?plane[^.;]*(unaffected|kept serving|keeps serving)|(existing|running) [^.;]*(unaffected|not affected|healthy)/u

/** The cause, for these networks. */
export function causeOf(i: Incident, isDecentralised: boolean, networks: readonly AnyNetwork[]): Cause {
  const text = said(i)
  const places = networks.map((n) => placeOf(i, n)?.kind)
  const place = (["grid", "access", "cable", "country"] as const).find((kind) => places.includes(kind))
  const isLaw = has(i, /policy|legal|law|regulat|takedown|seiz/u) || (LAW.test(text) && !has(i, VERSION))
  // A state that cuts a country off takes nobody's machine.
  if (isLaw && (isDecentralised || place === undefined)) return isDecentralised ? "seizure" : "provider"
  if (isDecentralised && has(i, /oracle|feed|randomness/u)) return "oracle"
  if (isDecentralised && isHalt(i, text)) return "halt"
  if (isDecentralised && has(i, /gateway|door|ingress/u)) return "provider"
  if (PRICE.test(text)) return "economy"
  if (isDecentralised && (has(i, /^operator$/u) || ONE.test(text))) return "operator"
  if (isDecentralised && has(i, VERSION)) return "version"
  if (has(i, /econom|market|price/u)) return "economy"
  if (place !== undefined) return place
  // Of an open network, whatever else it was: a part of its nodes.
  if (isDecentralised) return "version"
  if (has(i, VERSION) && !has(i, /provider|control|dns|bgp|overload|network|region|datacent/u)) return "version"
  return "provider"
}

/** A ledger stood still: the record says so, or names a ledger and nothing else that failed. One that went on did not. */
function isHalt(i: Incident, text: string): boolean {
  if (STOOD.test(text)) return false
  const isZero = i.fractions.some((f) => f.value === 0 && /block|finali/iu.test(f.metric))
  if (isZero || has(i, /consensus|halt/u) || HALT.test(text)) return true
  return has(i, LEDGER) && !has(i, VERSION) && !has(i, /^operator$|validator/u)
}

/** Does the record speak of a ledger, whichever? */
export const isOfLedger = (i: Incident): boolean => has(i, LEDGER)
/** Did the oracle tell a wrong price, rather than none? */
export const isMispriced = (i: Incident): boolean => MISPRICED.test(said(i))

/** Of a provider that fails: does it lose the plane that manages, while the one that serves goes on? */
export const isControlOnly = (i: Incident): boolean => KEPT.test(said(i))
/** Is it the price that fell? Then operators follow it; otherwise they only go. */
export const isPrice = (i: Incident): boolean => PRICE.test(said(i))
/** A certificate is noticed by each node when it next looks. */
export const isCertificate = (i: Incident): boolean => has(i, /certificate/u)

/** A network of the registry that the record speaks of, if it does. */
export function namedNetwork(i: Incident, networks: readonly AnyNetwork[]): AnyNetwork | undefined {
  const text = `${i.id} ${said(i)}`.toLowerCase()
  return networks.find((n) => new RegExp(`\\b${n.name}\\b`, "u").test(text.replaceAll(/[-_]/gu, " ")))
}

/** Capacity that seeps away rather than stops. */
export const isGradual = (i: Incident): boolean => /\bleak|silent|seep|gradual|creep/u.test(said(i))

/** Does the record say that it was a version, or only that a part of the nodes failed? */
export const isVersion = (i: Incident): boolean => has(i, VERSION)
