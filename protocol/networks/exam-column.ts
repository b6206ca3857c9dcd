/** Columns under watch, for the exam: a typed array cuts what does not fit and says nothing; a watched one says so. */
import { assertFits, type AnyTable } from "../kernel/table.ts"
import { Wide } from "../kernel/wide.ts"

type Cells = Uint8Array | Float64Array

/** Puts a watch on every column of a table, in place. `misfit` hears of each value that its unit does not allow. */
export function watchTable(name: string, t: AnyTable, misfit: (message: string) => void): void {
  const columns = t as unknown as Record<string, Cells | Wide>
  for (const column of Object.keys(t.shape)) {
    const cells = columns[column]
    if (cells instanceof Wide) continue
    const check = (value: unknown): void => {
      try {
        assertFits(t.shape[column], `${name}.${column}`, value)
      } catch (error) {
        misfit((error as Error).message)
      }
    }
    columns[column] = new Proxy(cells, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target)
        return typeof value === "function" ? (value as () => unknown).bind(target) : value
      },
      set(target, key, value) {
        check(value)
        return Reflect.set(target, key, value, target)
      },
    })
  }
}

/** Every cell of a table that its unit does not allow. */
export function misfitsOf(name: string, t: AnyTable): readonly string[] {
  const wrong: string[] = []
  const columns = t as unknown as Record<string, Cells | Wide>
  for (const column of Object.keys(t.shape))
    for (let i = 0; i < t.length; i++) {
      const cells = columns[column]
      try {
        assertFits(t.shape[column], `${name}.${column}[${i}]`, cells instanceof Wide ? wideAt(cells, i) : cells[i])
      } catch (error) {
        wrong.push((error as Error).message)
      }
    }
  return wrong
}

/** Undefined where the two halves are no whole numbers in their ranges. */
const wideAt = (w: Wide, i: number): bigint | undefined =>
  Number.isInteger(w.hi[i]) && Number.isInteger(w.lo[i]) && w.lo[i] >= 0 && w.lo[i] < Wide.BASE ? w.get(i) : undefined
