import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { akash } from "./akash.ts"
import { runVectors } from "./index.ts"
import { PENDING } from "./pending.ts"

const file = JSON.parse(readFileSync("vectors/akash.json", "utf8")) as { vectors: { fn: string }[] }

describe("Akash's public vectors", () => {
  test("pass, all of them", () => {
    const report = runVectors(file)
    expect(report.failed).toEqual([])
    expect(report.passed).toBe(file.vectors.length)
  })
  test("name every function that is registered, and none of them is pending", () => {
    expect(Object.keys(akash).sort()).toEqual([...new Set(file.vectors.map((v) => v.fn))].sort())
    expect([...PENDING.keys()].filter((fn) => fn.startsWith("akash."))).toEqual([])
  })
})

describe("cases the public vectors leave out", () => {
  const scenario = (...steps: [op: string, height: number, value?: string][]) =>
    akash["akash.escrow.scenario"]({
      deposit: "1000",
      takeRate: "0",
      steps: steps.map(([op, height, value = null]) => ({
        op,
        height,
        rate: op === "paymentCreate" ? value : null,
        amount: op === "accountDeposit" ? value : null,
      })),
    })
  test("a closed payment takes nothing more, and no second one can be made", () => {
    const last = scenario(["paymentCreate", 0, "10"], ["paymentClose", 10], ["paymentWithdraw", 20], ["paymentCreate", 20, "1"])
    expect(last.map((s) => s.error)).toEqual([null, null, "ErrPaymentClosed", "ErrPaymentExists"])
    // A refused step leaves no trace, not even of having settled.
    expect(last[3].settledAt).toBe(10)
  })
  test("too small a top-up pays part of the debt; the next one the rest, and what is over goes back", () => {
    const steps = scenario(["paymentCreate", 0, "30"], ["paymentWithdraw", 105], ["accountDeposit", 110, "150"], ["accountDeposit", 120, "2100"])
    expect(steps[2]).toMatchObject({ accountState: "overdrawn", funds: "-2000", unsettled: "2000", providerReceived: "1150" })
    expect(steps[3]).toMatchObject({ accountState: "closed", funds: "0", unsettled: "0", providerReceived: "3150", refunded: "100" })
    expect(steps[3].settledAt).toBe(105)
  })
  test("a second call in one block does its work and pays nothing more", () => {
    const steps = scenario(["paymentCreate", 0, "0.5"], ["paymentWithdraw", 3], ["paymentWithdraw", 3], ["accountClose", 3])
    expect(steps.map((s) => [s.error, s.providerReceived, s.funds, s.refunded])).toEqual([
      [null, "0", "1000", "0"],
      [null, "1", "999", "0"],
      [null, "1", "999", "0"],
      [null, "1", "0", "999"],
    ])
  })
  test("a deployment that is paid for is closed by its owner, and one block decides", () => {
    const close = (closeHeight: number) => akash["akash.market.closeDeploymentStates"]({ deposit: "500000", rate: "1", closeHeight })
    expect(close(500_000)).toEqual({ escrow: "closed", payment: "closed", lease: "closed", leaseReason: 1, bid: "closed", deployment: "closed" })
    expect(close(500_001).leaseReason).toBe(20_000)
  })
  test("what is outstanding may be nothing, and what is pending more than the vault", () => {
    const status = (vaultUakt: string, pendingUakt: string, supplyUact: string) =>
      akash["akash.bme.status"]({ vaultUakt, pendingUakt, aktPrice: "1", actPrice: "1", supplyUact, warnBps: 9500, haltBps: 9000 })
    expect(status("0", "0", "0")).toEqual({ crBps: 0, status: "halt_cr" })
    expect(status("5", "6", "100")).toEqual({ crBps: -100, status: "halt_cr" })
    expect(status("95", "0", "100").status).toBe("warning")
    expect(akash["akash.bme.collateralRatio"]({ vaultAkt: "3", price: "0.5", outstandingAct: "0" })).toBe("1.5")
  })
  test("before v0.38 an account pays whole blocks, shares its last coins, and never owes", () => {
    const after = (blocks: number) => akash["akash.escrow.legacyOverdraw"]({ deposit: "1000", rate: "10", blocks })
    expect(after(40)).toEqual({ state: "open", balance: "600", transferred: "400", withdrawn: "400" })
    expect(after(100)).toEqual({ state: "open", balance: "0", transferred: "1000", withdrawn: "1000" })
    expect(akash["akash.escrow.legacyOverdraw"]({ deposit: "1005", rate: "10", blocks: 101 })).toEqual({
      state: "overdrawn",
      balance: "0",
      transferred: "1005",
      withdrawn: "1005",
    })
  })
  test("2^-t before and after genesis, cut to six places", () => {
    const coef = (secondsSinceGenesis: number) =>
      akash["akash.inflation.ideal"]({ secondsSinceGenesis, initialInflation: "100", tHalfYears: "1", variance: "0" }).coef
    expect([31_557_600, 15_778_800, -31_557_600, 315_576_000].map(coef)).toEqual(["0.5", "0.707106", "2", "0.000976"])
  })
  test("an unknown GPU costs the dearest, at least 100; a known one is found by model, memory or interface", () => {
    const month = (gpuModel: string, ...listed: [string, string][]) =>
      akash["akash.provider.scriptUsdMonth"]({
        targets: { cpu: "0", memory: "0", ephemeral: "0", endpoint: "0" },
        gpuPrices: listed.map(([model, usd]) => ({ model, usd })),
        resources: [{ cpuMilli: 0, memoryBytes: 0, ephemeralBytes: 0, endpoints: 0, gpuModel, gpuUnits: 2, count: 3 }],
      })
    expect(month("h100")).toBe("600.00")
    expect(month("h100", ["t4", "20"])).toBe("600.00")
    expect(month("h100", ["a100", "200"])).toBe("1200.00")
    expect(month("a100.80Gi.sxm4", ["a100.80Gi", "7"], ["a100", "5"])).toBe("42.00")
    expect(month("a100.40Gi.sxm4", ["a100.80Gi", "7"], ["a100", "5"])).toBe("30.00")
  })
})
