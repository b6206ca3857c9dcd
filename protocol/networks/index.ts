/** Every network blackstart knows: one line each. Registering one makes it sit the exam (conformance.test.ts). */
import type { AnyNetwork } from "../kernel/network.ts"
import { akash } from "./akash/index.ts"
import { cdn } from "./cdn/index.ts"
import { filecoin } from "./filecoin/index.ts"
import { helium } from "./helium/index.ts"
import { render } from "./render/index.ts"

export const networks = { akash, cdn, filecoin, helium, render } as const

export type NetworkName = keyof typeof networks
export const networkNames = Object.keys(networks) as readonly NetworkName[]
export const networkOf = (name: string): AnyNetwork | undefined =>
  Object.hasOwn(networks, name) ? (networks as Record<string, AnyNetwork>)[name] : undefined
