/** /metrics as a scraper reads it: a small strict parser of the text format 0.0.4, every network's figures, and hard strings. */
import { rmSync } from "node:fs"
import { afterAll, expect, test } from "vitest"
import { networks } from "../../protocol/networks/index.ts"
import { openChain, smallChain } from "../ledger/small-chain.ts"
import { CONTENT_TYPE, written, type Family } from "./prometheus.ts"
import { startGateway } from "./server.ts"

interface Read {
  readonly type: string
  readonly help: string
  readonly samples: { readonly labels: Readonly<Record<string, string>>; readonly value: number }[]
}

/**
 * Reads an answer whole; throws at the first line that is not as the format says. Stricter than a scraper: HELP, then TYPE, then at
 * least one sample, each family once and in one piece, no sample twice, and `_total` behind counters and nothing else.
 */
function parse(text: string): ReadonlyMap<string, Read> {
  const found = new Map<string, Read>()
  const wrong = (line: string, why: string): never => {
    throw new SyntaxError(`${why}: ${JSON.stringify(line)}`)
  }
  if (!text.endsWith("\n")) wrong(text.slice(-40), "the last line does not end")
  const lines = text.slice(0, -1).split("\n")
  const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*"
  let open: [name: string, family: Read] | undefined
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]
    const help = new RegExp(`^# HELP (${NAME}) (.*)$`, "u").exec(line)
    if (help !== null) {
      const [, name, words] = help
      if (open?.[1].samples.length === 0) wrong(line, "the family before has no sample")
      if (found.has(name)) wrong(line, "a second HELP")
      if (!/^(?:[^\\]|\\\\|\\n)*$/u.test(words)) wrong(line, "a stray backslash")
      const type = new RegExp(`^# TYPE ${name} (counter|gauge)$`, "u").exec(lines[++i] ?? "")
      if (type === null) return wrong(lines[i], "no TYPE behind HELP")
      if (name.endsWith("_total") !== (type[1] === "counter")) wrong(line, "_total is for counters")
      open = [name, { type: type[1], help: unescape(words), samples: [] }]
      found.set(...open)
      continue
    }
    const sample = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (NaN|[+-]Inf|-?[0-9][0-9.]*(?:e[+-]?[0-9]+)?)$`, "u").exec(line)
    if (sample === null || open === undefined || sample[1] !== open[0]) return wrong(line, "no sample of the family before it")
    const labels = parseLabels(sample[2] ?? "", line)
    if (open[1].samples.some((s) => keyOf(s.labels) === keyOf(labels))) wrong(line, "a sample twice")
    open[1].samples.push({ labels, value: Number(sample[3].replace("Inf", "Infinity")) })
  }
  if (open?.[1].samples.length === 0) wrong(open[0], "the last family has no sample")
  return found
}
function parseLabels(text: string, line: string): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {}
  let rest = text
  while (rest !== "") {
    const one = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,(?=.)|$)/u.exec(rest)
    if (one === null || Object.hasOwn(labels, one[1])) throw new SyntaxError(`no label: ${JSON.stringify(line)}`)
    labels[one[1]] = unescape(one[2])
    rest = rest.slice(one[0].length)
  }
  return labels
}
const keyOf = (labels: Readonly<Record<string, string>>): string =>
  JSON.stringify(
    Object.keys(labels)
      .toSorted()
      .map((k) => [k, labels[k]]),
  )
const unescape = (text: string): string => text.replaceAll(/\\(.)/gu, (_, c: string) => (c === "n" ? "\n" : c))

const dirs: string[] = []
afterAll(() => dirs.forEach((dir) => rmSync(dir, { recursive: true, force: true })))

test.each(Object.keys(networks))(
  "the whole answer of a chain of %s can be read, and says what the chain says",
  async (network) => {
    const chain = smallChain({ network })
    dirs.push(chain.dir)
    const ledger = openChain(chain)
    await ledger.cut()
    const gateway = await startGateway(ledger, { port: 0 })
    const answer = await fetch(`${gateway.url}/metrics`)
    expect(answer.headers.get("content-type")).toBe(CONTENT_TYPE)
    const found = parse(await answer.text())
    await gateway.close()
    const { application: app } = ledger
    const metrics = Object.entries(app.network.metrics)
    // None lost or joined to another on the way to its name.
    expect(found.size).toBe(9 + metrics.length)
    expect([found.get("blackstart_height")?.type, found.get("blackstart_height")?.samples]).toEqual([
      "gauge",
      [{ labels: {}, value: ledger.info().height }],
    ])
    expect(found.get("blackstart_chain_info")?.samples[0].labels).toEqual({ chain: chain.genesis.chain, network })
    expect(found.get("blackstart_rule_refusals_total")?.samples.map((s) => s.labels.reason)).toEqual([...app.machine.reasons])
    for (const { type, samples } of found.values())
      for (const { value } of samples) expect(type === "counter" ? value >= 0 : Number.isFinite(value)).toBe(true)
    await ledger.close()
  },
)

test("backslashes, new lines, quotes and commas come back as they were", () => {
  const hard = 'C:\\new "line"\nand \\n, {a="b"} ‰'
  const family: Family = {
    name: "odd.nameOf-this",
    kind: "counter",
    help: hard,
    samples: [
      { labels: { reason: hard, other: "" }, value: 1e21 },
      { labels: { reason: "x", other: "\\" }, value: 0.5 },
    ],
  }
  const found = parse(written(family) + written({ ...family, name: "infinite", kind: "gauge", samples: [{ value: -Infinity }] }))
  expect([...found.keys()]).toEqual(["blackstart_odd_name_of_this_total", "blackstart_infinite"])
  expect(found.get("blackstart_odd_name_of_this_total")).toEqual({ type: "counter", help: hard, samples: family.samples })
  expect(found.get("blackstart_infinite")?.samples[0].value).toBe(-Infinity)
  expect(written({ ...family, samples: [] })).toBe("")
})

test.each([
  ["a second family of one name", "# HELP a b\n# TYPE a gauge\na 1\n# HELP a b\n# TYPE a gauge\na 1\n"],
  ["a sample twice", '# HELP a b\n# TYPE a gauge\na{x="1"} 1\na{x="1"} 2\n'],
  ["TYPE before HELP", "# TYPE a gauge\n# HELP a b\na 1\n"],
  ["a counter without _total", "# HELP a b\n# TYPE a counter\na 1\n"],
  ["a gauge with it", "# HELP a_total b\n# TYPE a_total gauge\na_total 1\n"],
  ["a stray backslash", "# HELP a b\\c\n# TYPE a gauge\na 1\n"],
  ["a sample of another family", "# HELP a b\n# TYPE a gauge\nb 1\n"],
  ["a name that begins with a digit", "# HELP 1a b\n# TYPE 1a gauge\n1a 1\n"],
  ["a number that is none", "# HELP a b\n# TYPE a gauge\na Infinity\n"],
  ["a label's quote left open", '# HELP a b\n# TYPE a gauge\na{x="1} 1\n'],
  ["no last line end", "# HELP a b\n# TYPE a gauge\na 1"],
])("the parser itself refuses %s", (_, text) => expect(() => parse(text)).toThrow(SyntaxError))
