/** What `npm run bench` is told. */
import { expect, test } from "vitest"
import { partOf, refuseOddFlags } from "./parts.ts"

test("a part, a size or a flag that there is not is one sentence", () => {
  expect(() => partOf(["nosuch"])).toThrow("there is no part nosuch: the parts are testnet, claim, w2,")
  expect(() => partOf(["render", "--days=x"])).toThrow("--days takes a whole number from 1, got --days=x")
  expect(() => refuseOddFlags(["--shrot"])).toThrow("npm run bench -- knows no --shrot: it knows --short")
  expect(() => refuseOddFlags(["akash", "--nodes=4"])).toThrow("npm run bench -- akash knows no --nodes=4: it knows --days=")
})

test("what it knows it takes", () => {
  for (const args of [
    [],
    ["--short"],
    ["testnet", "--short", "--only=http"],
    ["claim", "--only=real-cost"],
    ["render", "--nodes=9", "--days=1"],
  ])
    expect(() => refuseOddFlags(args), args.join(" ")).not.toThrow()
  expect(partOf([])).toBeUndefined()
  expect(partOf(["render", "--nodes=9", "--days=1"])?.()).toContain("Render: 9")
})
