import { describe, expect, it } from "vitest"
import { cellText, nodeCells } from "./cells.ts"
import { demandAt, demandWeights, diurnalPermille, localMinuteOfDay } from "./demand.ts"
import { gridOf } from "./grids.ts"
import { metresBetween } from "./earth.ts"
import { pointsOfPresence, residential } from "./profiles.ts"
import { sampleNodes } from "./sampler.ts"

const homes = sampleNodes(residential, 3, 2000)
const sum = (column: ArrayLike<number>): number => Array.from(column).reduce((a, b) => a + b, 0)

describe("demand", () => {
  it("has a day whose mean is exactly 1000 permille, peak in the evening, trough before dawn", () => {
    const day = Array.from({ length: 1440 }, (_, minute) => diurnalPermille(minute))
    expect(sum(day)).toBe(1_440_000)
    expect(Math.abs(day.indexOf(Math.max(...day)) - 20 * 60)).toBeLessThanOrEqual(10)
    expect([4, 5]).toContain(Math.floor(day.indexOf(Math.min(...day)) / 60))
    expect(diurnalPermille(-1)).toBe(diurnalPermille(1439))
    expect(diurnalPermille(1440 * 3 + 7)).toBe(diurnalPermille(7))
  })

  it("follows the sun", () => {
    expect(localMinuteOfDay(0, -480)).toBe(960)
    expect(localMinuteOfDay(86_399, 60)).toBe(59)
    const into = new Float64Array(homes.nodes)
    const weights = demandWeights(homes)
    let total = 0
    for (let minute = 0; minute < 1440; minute += 1) {
      demandAt(homes, weights, 1000, 1_763_424_000 + minute * 60, into)
      total += into[0]
    }
    expect(total).toBe(1_440_000)
  })

  it("shares out the same total whichever way it is weighed", () => {
    expect(sum(demandWeights(homes, "node"))).toBe(2_000_000)
    expect(sum(demandWeights(homes, "population"))).toBe(2_000_000)
    const network = sampleNodes(pointsOfPresence, 1, 330)
    const weights = demandWeights(network, "population")
    expect(weights[0]).toBeGreaterThan(weights[329])
  })
})

describe("cells", () => {
  it("hold their nodes", () => {
    const cells = nodeCells(homes)
    for (let node = 0; node < homes.nodes; node++) {
      // A res-12 hexagon has an edge of about 10 m.
      expect(metresBetween(homes.latE7[node], homes.lngE7[node], cells.latE7[node], cells.lngE7[node])).toBeLessThan(16)
    }
    expect(cellText(cells.hexHi[0], cells.hexLo[0])).toMatch(/^8c[0-9a-f]{13}$/)
    expect(Array.from({ length: 4 }, (_, node) => cellText(cells.hexHi[node], cells.hexLo[node]))).toMatchInlineSnapshot(`
      [
        "8c1f840ed5351ff",
        "8c1f8405a615bff",
        "8c1f840c10a09ff",
        "8c1f843b65239ff",
      ]
    `)
  })
})

describe("grids", () => {
  it("split countries where their wires do", () => {
    expect(gridOf("ES", "29")).toBe("iberia")
    expect(gridOf("ES", "53")).toBe("other:ES-53")
    expect(gridOf("PT", "23")).toBe("other:PT-23")
    expect(gridOf("GB", "NIR")).toBe("ie")
    expect(gridOf("US", "TX")).toBe("ercot")
    expect(gridOf("US", "NY")).toBe("us-east")
    expect(gridOf("CA", "10")).toBe("quebec")
    expect(gridOf("JP", "40")).toBe("jp50")
    expect(gridOf("JP", "32")).toBe("jp60")
    expect(gridOf("NZ", "E7")).toBe("other:NZ")
  })
})
