import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { EventQueue } from "./queue.ts"

const drain = (queue: EventQueue): readonly (readonly [number, number])[] => {
  const out: [number, number][] = []
  while (queue.length > 0) {
    out.push([queue.time, queue.payload])
    queue.pop()
  }
  return out
}

describe("the event queue", () => {
  test("gives what is due first", () => {
    const queue = new EventQueue(2)
    for (const time of [30, 10, 20, 40, 5]) queue.push(time, time + 1)
    expect(drain(queue)).toEqual([
      [5, 6],
      [10, 11],
      [20, 21],
      [30, 31],
      [40, 41],
    ])
  })

  test("breaks ties by the order of scheduling", () => {
    const queue = new EventQueue()
    for (let payload = 0; payload < 100; payload++) queue.push(7, payload)
    expect(drain(queue).map(([, payload]) => payload)).toEqual(Array.from({ length: 100 }, (_, i) => i))
  })

  test("an empty queue is never due, and popping it does nothing", () => {
    const queue = new EventQueue()
    expect(queue.time).toBe(Infinity)
    queue.pop()
    expect(queue.length).toBe(0)
    queue.push(3, 1)
    expect(drain(queue)).toEqual([[3, 1]])
  })

  test("law: any mix of pushes and pops gives the stable sort of what is in it", () => {
    // A small range of times makes ties common; -1 pops.
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 9 }), { maxLength: 300 }), (steps) => {
        const queue = new EventQueue(1)
        const model: [number, number][] = []
        const firsts: unknown[] = []
        const expected: unknown[] = []
        steps.forEach((step, payload) => {
          if (step >= 0) {
            queue.push(step, payload)
            model.push([step, payload])
            return
          }
          firsts.push(queue.length === 0 ? "empty" : [queue.time, queue.payload])
          queue.pop()
          model.sort((a, b) => a[0] - b[0] || a[1] - b[1])
          expected.push(model.shift() ?? "empty")
        })
        expect(firsts).toEqual(expected)
        expect(drain(queue)).toEqual(model.sort((a, b) => a[0] - b[0] || a[1] - b[1]))
        expect(queue.scheduled).toBe(steps.filter((s) => s >= 0).length)
      }),
    )
  })
})
