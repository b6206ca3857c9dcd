/** What the outside may ask of Filecoin's supply: a backtest against observed days, and an outlook. */
import { runBacktest } from "./supply-backtest.ts"
import { FIRST_DAY } from "./supply-history.ts"
import { prepareOutlook, runOutlook } from "./supply-outlook.ts"
import { supplyParams } from "./supply-params.ts"

export type { Backtest, BacktestLine } from "./supply-backtest.ts"
export type { ObservedDay } from "./supply-history.ts"
export type { Bands, Outlook, OutlookName } from "./supply-outlook.ts"
export type { SupplyParams } from "./supply-params.ts"
export type { Path, Shock, SupplyScenario } from "./supply-scenario.ts"

export const supplyView = { params: supplyParams, firstDay: FIRST_DAY, runBacktest, prepareOutlook, runOutlook } as const
