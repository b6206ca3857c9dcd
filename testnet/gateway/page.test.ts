/** The observer's page: what it says, that it follows in place, and that only its own script may run. */
import { createHash } from "node:crypto"
import { rmSync } from "node:fs"
import { parseHTML } from "linkedom"
import { expect, test } from "vitest"
import { openChain, smallChain } from "../ledger/small-chain.ts"
import { startGateway } from "./server.ts"

test.each(["filecoin", "akash", "render", "helium", "cdn"])("the page of a chain of %s follows its gateway", async (network) => {
  const chain = smallChain({ network, simulated: 3 })
  const ledger = openChain(chain)
  const gateway = await startGateway(ledger, { port: 0 })
  try {
    const answer = await fetch(gateway.url)
    const page = await answer.text()
    const script = [...page.matchAll(/<script>([^]*?)<\/script>/gu)]
    expect(script).toHaveLength(1)
    expect(answer.headers.get("content-security-policy")).toContain(
      `script-src 'sha256-${createHash("sha256").update(script[0][1]).digest("base64")}'`,
    )
    const { document } = parseHTML(page)
    const text = (id: string): string => document.getElementById(id)!.textContent!
    // Every figure on top is one that the network has, under a name of the page's own.
    const ids = [...document.querySelectorAll("dd span")].map((span) => span.id.replace("figure ", ""))
    expect(ids.length).toBe(network === "cdn" ? 0 : network === "filecoin" ? 5 : 4)
    for (const id of ids) expect(Object.keys(ledger.application.network.metrics)).toContain(id)
    let nodes = [0, 1].map((node) => ({
      node,
      key: "ab".repeat(32),
      closed: false,
      takesPart: node === 0,
      measures: Object.fromEntries(Object.keys(ledger.application.network.nodeMeasures).map((name) => [name, 7])),
    }))
    const heard: Record<string, (event: object) => void> = {}
    class Source {
      addEventListener = (name: string, hear: (event: object) => void) => void (heard[name] = hear)
    }
    const rounds: (() => void)[] = []
    const answers = async (path: string) => {
      if (path === "/v1/nodes") return { ok: true, json: async () => nodes }
      return fetch(gateway.url + path)
    }
    // oxlint-disable-next-line typescript/no-implied-eval -- the script that the page carries, against a page
    const run = new Function("document", "fetch", "EventSource", "setTimeout", "location", "Image", script[0][1])
    run(document, answers, Source, (again: () => void) => rounds.push(again), { origin: gateway.url }, Object)
    const round = async (): Promise<void> => {
      const before = rounds.length
      while (rounds.length === before) await new Promise((r) => setTimeout(r, 5))
    }
    await round()
    expect(text("head")).toBe(`1 real node runs ${network} beside 3 simulated ones`)
    const rows = [...document.querySelectorAll("#nodes tr")]
    expect(rows).toHaveLength(1)
    expect(text("more")).toMatch(/^1 key joined without work/u)
    expect(rows[0].children.length).toBe(document.querySelectorAll(".table-nodes th").length)
    expect(rows[0].children[1].textContent).toBe("abababab…")
    for (const id of ids) expect(text(`figure ${id}`)).toMatch(/^[\d,]+$/u)
    nodes = [
      { ...nodes[0], closed: true },
      { ...nodes[1], takesPart: true },
    ]
    rounds.at(-1)!()
    await round()
    expect(document.querySelectorAll("#nodes tr")).toHaveLength(2)
    expect(document.querySelector("#nodes tr") === rows[0]).toBe(true)
    expect(text("more")).toBe("")
    expect(rows[0].children[1].textContent).toBe("abababab… (left)")
    for (let height = 1; height <= 130; height++)
      heard.message({
        data: JSON.stringify({
          height,
          time: 0,
          commands: height % 3,
          refused: height % 3 === 2 ? 1 : 0,
          events: 0,
          appHash: "c".repeat(64),
        }),
      })
    expect([document.querySelectorAll("#blocks tr").length, document.querySelector("#blocks td")!.textContent]).toEqual([
      12,
      "130",
    ])
    expect([document.querySelectorAll("#chart .taken").length, document.querySelectorAll("#chart .refused").length]).toEqual([
      80, 40,
    ])
    expect(text("caption")).toBe("120 blocks brought 120 commands, 40 of them refused")
    heard.error({})
    expect(text("state")).toMatch(/does not answer/u)
    heard.message({ data: JSON.stringify({ height: 131, time: 0, commands: 0, refused: 0, events: 0, appHash: "" }) })
    expect(text("state")).toBe("")
  } finally {
    await gateway.close()
    await ledger.close()
    rmSync(chain.dir, { recursive: true, force: true })
  }
})

test("where validators order blocks, the page says who is away", async () => {
  const one = (name: string, away: boolean) => ({
    name,
    address: name,
    power: 10,
    status: "bonded",
    lastSigned: away ? 0 : 1234,
    away,
    height: away ? -1 : 1234,
  })
  const quorum = {
    sentence: "Halted, safe: 1 of 2 is here.",
    halted: true,
    height: 1234,
    secondsSinceBlock: 9,
    powerHere: 10,
    powerNeeded: 14,
    powerAll: 20,
    validators: [one("v0", false), one("v1", true)],
  }
  const chain = smallChain()
  const ledger = openChain(chain)
  const gateway = await startGateway(Object.create(ledger, { validators: { value: () => quorum } }) as typeof ledger, { port: 0 })
  try {
    const page = await (await fetch(gateway.url)).text()
    const { document } = parseHTML(page)
    const script = /<script>([^]*?)<\/script>/u.exec(page)![1]
    class Source {
      addEventListener = (): void => {}
    }
    const rounds: (() => void)[] = []
    // oxlint-disable-next-line typescript/no-implied-eval -- the script that the page carries, against a page
    const run = new Function("document", "fetch", "EventSource", "setTimeout", "location", script)
    run(
      document,
      (path: string) => fetch(gateway.url + path),
      Source,
      (again: () => void) => rounds.push(again),
      { origin: gateway.url },
    )
    while (rounds.length < 2) await new Promise((r) => setTimeout(r, 5))
    const cells = [...document.querySelectorAll("#validators tr")].map((row) => [...row.children].map((cell) => cell.textContent))
    expect(cells).toEqual([
      ["v0", "10", "here", "1,234", "1,234"],
      ["v1", "10", "away", "", "no answer"],
    ])
    expect([...document.querySelectorAll("#validators .bad")].map((cell) => cell.textContent)).toEqual(["away"])
    expect([document.getElementById("quorum")!.textContent, document.getElementById("quorum")!.className]).toEqual([
      quorum.sentence,
      "bad",
    ])
  } finally {
    await gateway.close()
    await ledger.close()
    rmSync(chain.dir, { recursive: true, force: true })
  }
})
