/** The observed supply that every study of it goes on from: the series that comes with blackstart. */
import { readFileSync } from "node:fs"

const BUNDLED = new URL("../../scenarios/economics/filecoin-observed.csv", import.meta.url)

/** The series as it stands in the file. */
export const historyText = (): string => readFileSync(BUNDLED, "utf8")
