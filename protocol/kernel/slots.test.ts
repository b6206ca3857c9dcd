import { describe, expect, it } from "vitest"
import { closeSlot, isOpen, openSlot, slotHead, slotShape } from "./slots.ts"
import { table } from "./table.ts"
import { count32 } from "./unit.ts"

const open = (n: number) => {
  const jobs = table({ ...slotShape, work: count32 }, 0)
  const head = slotHead()
  for (let i = 0; i < n; i++) expect(openSlot(jobs, head)).toBe(i)
  return { jobs, head }
}

describe("rows that come and go", () => {
  it("given closed rows, when one opens, then the last closed is handed out first and the table does not grow", () => {
    const { jobs, head } = open(3)
    closeSlot(jobs, head, 0)
    closeSlot(jobs, head, 2)
    expect([0, 1, 2].map((r) => isOpen(jobs, r))).toEqual([false, true, false])
    expect(head.open[0]).toBe(1)
    expect([openSlot(jobs, head), openSlot(jobs, head), openSlot(jobs, head)]).toEqual([2, 0, 3])
    expect(jobs.length).toBe(4)
    expect(head.open[0]).toBe(4)
  })

  it("a row that is not open cannot be closed", () => {
    const { jobs, head } = open(1)
    closeSlot(jobs, head, 0)
    expect(() => closeSlot(jobs, head, 0)).toThrow("row 0 is not open")
    expect(() => closeSlot(jobs, head, 7)).toThrow("row 7 is not open")
  })
})
