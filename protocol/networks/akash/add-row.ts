/** One row more in a table of events or commands. */
import { reserve, type AnyTable } from "../../kernel/table.ts"

/** Makes room for a row and gives its index. Columns are read from the table after this call, as it may replace them. */
export const addRow = (t: AnyTable): number => {
  reserve(t, 1)
  return t.length++
}
