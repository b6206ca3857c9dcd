/** What is timed is a sound run: frames come in time, tokens are as the schedule says, and two runs are one. */
import { expect, test } from "vitest"
import { renderYear } from "./render.ts"

test("a month of 200 GPUs: nearly all frames in time, supply as the schedule says, two runs alike", () => {
  const [a, b] = [renderYear(200, 30), renderYear(200, 30)]
  const { service } = a.state
  expect(a.events).toBe(b.events)
  expect(service.onTime[0] / service.due[0]).toBeGreaterThan(0.99)
  expect(service.approved[0]).toBeGreaterThan(200_000)
  expect(b.state.service.paid8.get(0)).toBe(service.paid8.get(0))
  // Four weeks and a part: the week's 113,568.9 RENDER, less what nobody had a claim to.
  expect(Number(service.minted8.get(0) / 10n ** 8n)).toBeGreaterThan(4 * 110_000)
  expect(Number(service.minted8.get(0) / 10n ** 8n)).toBeLessThan(5 * 113_600)
})
