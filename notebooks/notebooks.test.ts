/** What notebooks rest on: their figures, their data files, and that each asks, answers and checks. */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { readCsv } from "./kit/csv.ts"
import { concentrationLine, spiralLine } from "./data.ts"
import { breaksAt, largestShare } from "./questions/concentration.ts"
import { entryAt, costsOf, payByCountry } from "./questions/diversity.ts"
import { gini, lostShare, total, type Figures } from "./questions/figures.ts"
import { hashOutlook, outlookOf } from "./questions/filecoin.ts"
import { serve } from "./serve.ts"
import { NOTEBOOKS } from "./vite.config.ts"

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8")

test("at least six notebooks, each opening with a question and ending with claims, hashes and how to do it for the paper", () => {
  const pages = NOTEBOOKS.filter((file) => file !== "index.html")
  expect(pages.length).toBeGreaterThanOrEqual(6)
  for (const file of pages) {
    const source = read(file)
    const heading = /# (.+)\n/.exec(source)?.[1] ?? ""
    expect(heading, file).toMatch(/\?$/)
    const [before, after] = source.split("## Answer")
    expect(before, `${file} claims before it has asked`).not.toContain("display(claim(")
    expect(after.split("display(claim(").length - 1, file).toBeGreaterThanOrEqual(3)
    expect(after, file).toContain("display(same")
    expect(after, file).toMatch(/For the paper/)
    expect(read("index.html"), `index.html does not name ${file}`).toContain(`./${file}`)
  }
})

test("a notebook names no address of another computer", () => {
  for (const file of NOTEBOOKS) expect(read(file), file).not.toMatch(/https?:\/\/|npm:|jsr:/)
})

test("data files say what they are and how they are made, and a line made again is the line that is there", () => {
  const lines = (name: string) => read(`data/${name}-seeds.csv`).trimEnd().split("\n")
  for (const name of ["spiral", "concentration"]) expect(lines(name)[1]).toBe(`# node notebooks/data.ts ${name}`)
  expect(lines("concentration")).toContain(concentrationLine("both", 30, 2))
  expect(lines("spiral")).toContain(spiralLine(140, 3))
  expect(readCsv(read("data/concentration-seeds.csv"))).toHaveLength(2 * 5 * 11)
  expect(readCsv("# a\nx,y\n1,b\n")).toEqual([{ x: 1, y: "b" }])
})

const figures: Figures = {
  rows: {
    n: {
      endS: Float64Array.of(10, 20, 30),
      seconds: Float64Array.of(10, 10, 10),
      offeredMilli: Float64Array.of(100, 100, 100),
      servedMilli: Float64Array.of(100, 40, 90),
    },
  },
  measured: {},
}
test("sums and shares are of whole epochs between two moments", () => {
  expect(total(figures, "n", "offeredMilli", { fromS: 10, toS: 20 })).toBe(100)
  expect(lostShare(figures, "n", { fromS: 10, toS: 30 })).toBeCloseTo(0.35, 12)
  expect(lostShare(figures, "n", { fromS: 11, toS: 19 })).toBe(0)
  expect(() => total(figures, "n", "nothing")).toThrow(/n records no nothing/)
  expect(gini(Float64Array.of(1, 1, 1))).toBe(0)
  expect(gini(Float64Array.of(0, 0, 3))).toBeCloseTo(2 / 3, 12)
  expect(gini(Float64Array.of(0, 0))).toBe(0)
})

test("where a loss passes what is borne", () => {
  const points = [0, 1, 3].map((lost, k) => ({ share: 10 * k, lost }))
  expect(breaksAt(points, 2)).toBe(15)
  expect(breaksAt(points, 3)).toBeUndefined()
  expect(breaksAt(points, -1)).toBe(0)
  expect(largestShare(Uint32Array.of(0, 1, 1, 2), ["a", "b", "c"], 1)).toBe(0.5)
})

test("countries' pay adds up, and free entry goes to the cheapest place without a bonus", () => {
  const pay = payByCountry(Uint32Array.of(0, 1, 1), ["A", "B", "nowhere"], Float64Array.of(1, 1, 2))
  expect(pay).toEqual([
    { country: "B", hotspots: 2, nodeShare: 2 / 3, payShare: 0.75 },
    { country: "A", hotspots: 1, nodeShare: 1 / 3, payShare: 0.25 },
  ])
  expect(entryAt(0, costsOf(1500))).toMatchObject({ largest: 1, overhead: 1 })
  expect(entryAt(1000, costsOf(1500)).largest).toBeLessThan(entryAt(250, costsOf(1500)).largest)
})

test("an outlook's hash tells settings apart and repeats itself", () => {
  const history = read("../scenarios/economics/filecoin-observed.csv")
  const few = { runs: 2 }
  const one = hashOutlook(outlookOf(history, "flat", few))
  expect(hashOutlook(outlookOf(history, "flat", few))).toBe(one)
  expect(hashOutlook(outlookOf(history, "flat", { ...few, burnTimes: 900 }))).not.toBe(one)
  expect(hashOutlook(outlookOf(history, "growth", few))).not.toBe(one)
})

test("the server shows what is in its folder, and nothing above it", async () => {
  const served = await serve(fileURLToPath(new URL("data/", import.meta.url)))
  try {
    const status = async (path: string) => (await fetch(`${served.address}${path}`)).status
    expect(await status("spiral-seeds.csv")).toBe(200)
    for (const path of ["", "..%2fdata.ts", "%2e%2e/data.ts", "%E0%A4%A", "%00"]) expect(await status(path), path).toBe(404)
  } finally {
    served.close()
  }
})
