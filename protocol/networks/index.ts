/** Every network blackstart knows: one line each. Registering one makes it sit the exam (conformance.test.ts). */
import type { AnyNetwork } from "../kernel/network.ts"
import { akash } from "./akash/index.ts"
import { cdn } from "./cdn/index.ts"
import { filecoin } from "./filecoin/index.ts"
import { supplyView } from "./filecoin/supply-view.ts"
import { helium } from "./helium/index.ts"
import { render } from "./render/index.ts"

export const networks = { akash, cdn, filecoin, helium, render } as const

export type NetworkName = keyof typeof networks
export const networkNames = Object.keys(networks) as readonly NetworkName[]
export const networkOf = (name: string): AnyNetwork | undefined =>
  Object.hasOwn(networks, name) ? (networks as Record<string, AnyNetwork>)[name] : undefined

/** Networks whose token supply can be studied by the day, apart from their state machine. */
export const supplyViews = { filecoin: supplyView } as const
export type * from "./filecoin/supply-view.ts"
