/** Two worlds, the parts of the real one: orders, the way between node and gateway, what chance leaves, the difference in words. */
import { spawn } from "node:child_process"
import { createServer, type Server } from "node:http"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { at, binomialBand, compare } from "./compare.ts"
import { canIsolate, Namespaces, Proxies, type Link } from "./link.ts"
import { ordersOf, type Fact } from "./orders.ts"

describe("orders", () => {
  test("a stop is a signal, a pause or a version, as its cause says", () => {
    const stop = (cause: string) => ordersOf([{ atS: 110, type: "Stop", row: { node: 3 }, cause }], 100)
    expect(stop("kill")).toEqual([{ atS: 10, node: 3, act: "kill" }])
    expect(stop("pause")).toEqual([{ atS: 10, node: 3, act: "pause" }])
    // A push that somebody put right stands in the agenda under the word that put it right.
    expect(stop("restart")).toEqual([{ atS: 10, node: 3, act: "push" }])
  })
  test("shares travel with the order", () => {
    const facts: readonly Fact[] = [
      { atS: 0, type: "Slow", row: { node: 0, passes: 300 }, cause: "degrade" },
      { atS: 1, type: "LoseData", row: { node: 1, lost: 500 }, cause: "loseData" },
    ]
    expect(ordersOf(facts, 0)).toEqual([
      { atS: 0, node: 0, act: "slow", permille: 300 },
      { atS: 1, node: 1, act: "lose", permille: 500 },
    ])
  })
  test("what cannot be done to processes is a sentence", () => {
    expect(ordersOf([{ atS: 0, type: "Hinder", row: { facility: 0, served: 0 }, cause: "hinder" }], 0)).toMatch(
      /^hinder cannot be done to real processes/u,
    )
  })
})

describe("the way between a node and the gateway", () => {
  let server: Server
  let link: Link
  beforeAll(() => {
    server = createServer((_, response) => void response.end("here"))
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  /** Does a process of the node get an answer? */
  const reaches = (node: number): Promise<boolean> =>
    new Promise((done) => {
      const code = `fetch(${JSON.stringify(link.urlOf(node))},{signal:AbortSignal.timeout(3000)}).then(()=>process.exit(0),()=>process.exit(1))`
      const line = [...link.prefix(node), process.execPath, "-e", code]
      spawn(line[0], line.slice(1), { stdio: "ignore" }).on("exit", (status) => done(status === 0))
    })
  const listen = (host: string): Promise<number> =>
    new Promise((done) => void server.listen(0, host, () => done((server.address() as { port: number }).port)))

  test.each(["a proxy", "namespaces"])("%s: cut for one and not for another, and mended", { timeout: 30_000 }, async (kind) => {
    if (kind === "namespaces" && !canIsolate()) return
    server.close()
    const made = kind === "namespaces" ? new Namespaces(2) : new Proxies(() => 0.5)
    link = made
    try {
      made.port = await listen(made.host)
      if (made instanceof Proxies) await made.open(2)
      expect(await Promise.all([reaches(0), reaches(1)])).toEqual([true, true])
      made.pass(0, 0)
      expect(await Promise.all([reaches(0), reaches(1)])).toEqual([false, true])
      made.pass(0, 1000)
      expect(await reaches(0)).toBe(true)
    } finally {
      made.close()
      server.closeAllConnections()
    }
  })
})

describe("what chance leaves", () => {
  test("the exact binomial, against values worked out by hand", () => {
    // B(10, 1/2): P(X ≤ 1) = 0.0107, P(X ≤ 2) = 0.0547, P(X ≤ 7) = 0.9453, P(X ≤ 8) = 0.9893.
    expect(binomialBand(10, 0.5)).toEqual({ low: 0.2, high: 0.8 })
    expect(binomialBand(24, 0)).toEqual({ low: 0, high: 0 })
    expect(binomialBand(24, 1)).toEqual({ low: 1, high: 1 })
    const { low, high } = binomialBand(1, 0.5)
    expect([low, high]).toEqual([0, 1])
  })
  test("it holds the share it is drawn around, and narrows with more things", () => {
    for (const n of [1, 2, 5, 24, 100, 400])
      for (let p = 0.05; p < 1; p += 0.05) {
        const { low, high } = binomialBand(n, p)
        expect(low).toBeLessThanOrEqual(p)
        expect(high).toBeGreaterThanOrEqual(p)
        if (n === 400) expect(high - low).toBeLessThan(0.11)
      }
  })
})

describe("the difference", () => {
  const course = (...values: readonly number[]) => values.map((value, i) => ({ atS: 3600 * i, value }))
  test("two equal courses agree, and say so", () => {
    const c = compare("power.qa", "GiB", course(10, 10, 5, 10), course(20, 20, 10, 20), 24)
    expect([c.meanGap, c.worstGap.gap, c.within]).toEqual([0, 0, 1])
    expect(c.words).toContain("fell to 50 %")
    expect(c.words).toContain("the two worlds agree")
  })
  test("one that never fell is found out, with the hour and the sign", () => {
    const c = compare("power.qa", "GiB", course(10, 10, 2, 2), course(10, 10, 10, 10), 24)
    expect(c.within).toBe(0.5)
    expect(c.worstGap).toEqual({ atS: 7200, gap: 0.8 })
    expect(c.words).toContain("the real network had more")
    expect(c.words).toContain("something differs")
  })
  test("a course is what was last told by then", () => {
    expect([at(course(1, 2), 3599), at(course(1, 2), 3600), at(course(1, 2), 1e9)]).toEqual([1, 2, 2])
  })
})
