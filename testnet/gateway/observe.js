/** The observer's page in the browser: figures, nodes and work every two seconds, blocks as they come. Touches only what changed. */
const EVERY_MS = 2000
const BLOCKS_LISTED = 12
const BLOCKS_DRAWN = 120
const NODES_LISTED = 100
const SVG = "http://www.w3.org/2000/svg"
const { chain, network, simulated, coinBy, income, role, columns, headlines } = JSON.parse(
  document.getElementById("data").textContent,
)
const byId = (id) => document.getElementById(id)
const count = (n, one, many = `${one}s`) => `${n.toLocaleString("en-GB")} ${n === 1 ? one : many}`
const number = (n, places = 0) =>
  n === undefined ? "" : n.toLocaleString("en-GB", { minimumFractionDigits: places, maximumFractionDigits: places })
const when = (s) => new Date(s * 1000).toISOString().slice(0, 16).replace("T", " ")
const put = (element, text) => {
  if (element.textContent !== text) element.textContent = text
}

/** Rows of texts into a table's body; a row that is there already stays, and so does whoever reads it. `words`: columns that are no numbers. */
function fill(body, rows, words) {
  while (body.children.length > rows.length) body.lastElementChild.remove()
  rows.forEach((cells, i) => {
    let row = body.children[i]
    if (row === undefined) {
      row = document.createElement("tr")
      cells.forEach((_, k) => {
        const cell = document.createElement("td")
        if (!words.includes(k)) cell.className = "n"
        row.append(cell)
      })
      body.append(row)
    }
    cells.forEach((text, k) => put(row.children[k], String(text)))
  })
}

async function get(path) {
  const answer = await fetch(path)
  if (!answer.ok) throw new Error(`${path} answers ${answer.status}`)
  return answer.json()
}

async function look() {
  const [nodes, figures] = await Promise.all([get("/v1/nodes"), get("/v1/figures")])
  const here = nodes.filter((n) => n.takesPart && !n.closed).length
  const beside = simulated > 0 ? ` beside ${count(simulated, "simulated one")}` : ""
  put(
    byId("head"),
    here === 0
      ? `No real node runs ${network} yet${beside}`
      : `${count(here, "real node")} ${here === 1 ? "runs" : "run"} ${network}${beside}`,
  )
  for (const { metric, by, places } of headlines) put(byId(`figure ${metric}`), number(figures[metric] / by, places))
  // Tenants and artists join too, and only pay.
  const working = nodes.filter((n) => n.takesPart)
  const listed = working.slice(0, NODES_LISTED)
  const cells = ({ node, key, closed, measures }) => [
    node,
    key.slice(0, 8) + (closed ? "… (left)" : "…"),
    number((measures[income] ?? 0) / coinBy, 3),
    ...columns.map((name) => number(measures[name])),
  ]
  fill(byId("nodes"), listed.map(cells), [1])
  const [more, paying] = [working.length - listed.length, nodes.length - working.length]
  const also = [
    more > 0 && `${count(more, "more node")} at /v1/nodes`,
    paying > 0 && `${count(paying, "key")} joined without work: to pay for it, or not yet registered`,
  ]
  put(byId("more"), nodes.length === 0 ? `Nobody has joined ${chain} yet.` : also.filter(Boolean).join("; "))
  if (role === "lease") sites(await get("/v1/sites"))
  if (role === "render") picture((await get("/v1/pictures"))[0])
}

/** Sites, each a link, with who serves it now. */
function sites(all) {
  const work = byId("work")
  while (work.children.length > all.length) work.lastElementChild.remove()
  all.forEach(({ name, groups, failovers }, i) => {
    if (work.children[i] === undefined) {
      const line = document.createElement("p")
      line.append(document.createElement("a"), "")
      work.append(line)
    }
    const [link, words] = work.children[i].childNodes
    link.href = `/sites/${name}/`
    put(link, name)
    const by = groups.filter((g) => g.node >= 0).map((g) => `node ${g.node}`)
    words.nodeValue = ` is served by ${by.join(" and ") || "nobody yet"}; ${failovers === 0 ? "no copy had to move" : `copies moved ${count(failovers, "time")}`}.`
  })
}

function picture(p) {
  if (p === undefined) return
  const work = byId("work")
  if (work.children.length === 0) work.append(document.createElement("p"), new Image())
  const [words, image] = work.children
  put(
    words,
    `Picture ${p.picture} is ${p.status}: ${p.approved} of ${count(p.tiles, "tile")} approved, ${p.rejected} rejected and rendered again.`,
  )
  const src = `/pictures/${p.picture}.png?${p.approved}-${p.delivered}`
  if (!image.src.endsWith(src)) image.src = src
  image.alt = `Picture ${p.picture}`
}

async function validators() {
  const q = await get("/v1/validators")
  put(byId("quorum"), q.sentence)
  byId("quorum").className = q.halted ? "bad" : ""
  const rows = q.validators.map((v) => [
    v.name,
    number(v.power),
    v.status !== "bonded" ? v.status : v.away ? "away" : "here",
    v.lastSigned === 0 ? "" : number(v.lastSigned),
    v.height < 0 ? "no answer" : number(v.height),
  ])
  fill(byId("validators"), rows, [0, 2])
  q.validators.forEach(
    (v, i) => (byId("validators").children[i].children[2].className = v.away || v.status === "jailed" ? "bad" : ""),
  )
}

const blocks = []
/** Bars, a block each: commands taken up, and on top those of them that were refused. */
function draw() {
  const svg = byId("chart")
  const [width, height, left, top, bottom] = [Math.max(300, svg.clientWidth || 0), 130, 44, 10, 20]
  const most = Math.max(5, ...blocks.map((b) => b.commands))
  const y = (n) => top + (height - top - bottom) * (1 - n / most)
  const step = (width - left - 8) / BLOCKS_DRAWN
  const draws = []
  const add = (name, attributes, text) => {
    const element = document.createElementNS(SVG, name)
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
    if (text !== undefined) element.textContent = text
    draws.push(element)
  }
  for (const n of [0, most]) {
    add("line", { x1: left, x2: width - 8, y1: y(n), y2: y(n), class: "grid" })
    add("text", { x: left - 6, y: y(n) + 4, "text-anchor": "end" }, number(n))
  }
  blocks.forEach((b, i) => {
    const x = width - 8 - (i + 1) * step
    const bar = (from, to, name) =>
      add("rect", { x, width: Math.max(1, step - 1), y: y(to), height: y(from) - y(to), class: name })
    if (b.commands > b.refused) bar(0, b.commands - b.refused, "taken")
    if (b.refused > 0) bar(b.commands - b.refused, b.commands, "refused")
    if (b.height % 40 === 0) add("text", { x: x + step / 2, y: height - 5, "text-anchor": "middle" }, number(b.height))
  })
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`)
  svg.replaceChildren(...draws)
  const sum = (name) => blocks.reduce((total, b) => total + b[name], 0)
  const refused = sum("refused")
  put(
    byId("caption"),
    `${count(blocks.length, "block")} brought ${sum("commands") === 0 ? "no command" : `${count(sum("commands"), "command")}, ${refused === 0 ? "none" : number(refused)} of them refused`}`,
  )
}

byId("url").textContent = location.origin
const [state, now] = [byId("state"), byId("now")]
const source = new EventSource("/v1/blocks")
source.addEventListener("message", ({ data }) => {
  const block = JSON.parse(data)
  put(state, "")
  put(now, `Block ${number(block.height)}, chain time ${when(block.time)} UTC`)
  blocks.unshift(block)
  blocks.length = Math.min(blocks.length, BLOCKS_DRAWN)
  const row = (b) => [number(b.height), when(b.time), b.commands, b.refused, b.events, `${b.appHash.slice(0, 16)}…`]
  fill(byId("blocks"), blocks.slice(0, BLOCKS_LISTED).map(row), [1, 5])
  draw()
})
source.addEventListener("error", () => put(state, "The gateway does not answer. This page goes on when it does."))

/** Again and again, whatever became of the last time. */
const follow = (work, ms) => {
  const again = () =>
    work()
      .catch(() => {})
      .finally(() => setTimeout(again, ms))
  again()
}
follow(look, EVERY_MS)
if (byId("quorum")) follow(validators, 1000)
