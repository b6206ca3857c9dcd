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
    expect(rows).toHaveLength(2)
    expect(rows[0].children.length).toBe(document.querySelectorAll(".table-nodes th").length)
    expect([rows[0].children[1].textContent, rows[1].children[1].textContent]).toEqual(["abababab…", "abababab… (no node)"])
    for (const id of ids) expect(text(`figure ${id}`)).toMatch(/^[\d,]+$/u)
    nodes = [
      { ...nodes[0], closed: true },
      { ...nodes[1], takesPart: true },
    ]
    rounds.at(-1)!()
    await round()
    expect([...document.querySelectorAll("#nodes tr")]).toEqual(rows)
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
