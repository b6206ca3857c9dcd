/** Amounts as a person reads them: in the chain's coin. */
import type { Status } from "../ledger/reading.ts"

/** Test stake, from its smallest unit. */
export const coins = ({ stakeWord, stakeBy }: Pick<Status, "stakeWord" | "stakeBy">, amount: string): string =>
  `${(BigInt(amount) / BigInt(stakeBy)).toLocaleString("en-GB")} ${stakeWord}`

/** Income, from the units of its figure. */
export const earnings = ({ coin, coinBy }: Pick<Status, "coin" | "coinBy">, figure: number): string =>
  `${(figure / coinBy).toFixed(3)} ${coin}`
