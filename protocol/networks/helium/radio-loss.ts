/**
 * Free-space path loss in whole nano-decibels, split so that the hot check only adds:
 * FSPL = 20·log10(4π·d·f / 2.998e8) = spaceLoss(d) + channelLoss(f). Source: oracles@824f7724 poc.rs (verify RSSI).
 */
import { log10 } from "../../kernel/real.ts"

const NANO_DB = 1_000_000_000
const SPEED_OF_LIGHT = 2.998e8 // as the oracle writes it
const FOUR_PI = 4 * Math.PI

/** 20·log10(d) in 1e-9 dB for whole metres; 0 m counts as 1 m, and is refused for distance before it matters. */
export const spaceLossNanoDb = (metres: number): number => Math.round(20 * NANO_DB * log10(Math.max(1, metres)))

/** 20·log10(4π·f / c) in 1e-9 dB for whole hertz. */
export const channelLossNanoDb = (frequencyHz: number): number =>
  Math.round(20 * NANO_DB * log10((FOUR_PI * Math.max(1, frequencyHz)) / SPEED_OF_LIGHT))

/** Whole dB of a gain in tenths, truncated toward zero, in 1e-9 dB: the oracle divides and truncates before it adds. */
export const wholeGainNanoDb = (ddbi: number): number => Math.trunc(ddbi / 10) * NANO_DB
/** A received signal in tenths of dBm, in 1e-9 dBm. */
export const signalNanoDb = (ddbm: number): number => ddbm * (NANO_DB / 10)
export const powerNanoDb = (dbm: number): number => dbm * NANO_DB
