/** The right side: draws what the sides hold, at most once a frame, and says every picture in words too. */
import type { Recorded } from "../browser/messages.ts"
import { instant } from "../reports/number.ts"
import { drawBars, drawLines, drawLorenz, type Line } from "./chart.ts"
import { choices, element, find } from "./dom.ts"
import { gini, histogram, lorenz, percent, plainUnit, quantile, short, whole, withUnit } from "./figures.ts"
import { countSteps, CUT, GONE, NodeMap, STEPS } from "./map.ts"
import { ghostsOf, sayPreview } from "./preview-label.ts"
import type { Runner } from "./runner.ts"
import type { Side } from "./side.ts"
import { showFeed } from "./feed-panel.ts"
import { verdictOfOne, verdictOfTwo, type Outcome } from "./verdict.ts"

/** Charts and words change at most so often while a run goes on, ms; the map at every frame. */
const CHARTS_MS = 150
const WORDS_MS = 300
const COLOURS = { a: "--accent", b: "--second" } as const
const HUES: Readonly<Record<string, string>> = {
  helium: "--helium",
  filecoin: "--filecoin",
  render: "--render",
  akash: "--akash",
  cdn: "--cdn",
}
type Panel = "supply" | "price"
/** Which metric is shown first: the first whose name matches the earliest of these. */
const FIRST: Readonly<Record<Panel, readonly RegExp[]>> = {
  supply: [
    /^token\.supply|akt\.supply/u,
    /emission\.issued/u,
    /supply/u,
    /issued|minted|outstanding/u,
    /running|registered|reporting/u,
  ],
  price: [/^(token\.)?price/u, /price/u, /reward\.(paid|epoch)/u, /baseFee/u, /error|ok/u],
}

export class View {
  readonly #runner: Runner
  readonly #maps = { a: new NodeMap(find("canvas", "map-a")), b: new NodeMap(find("canvas", "map-b")) }
  /** The network that is looked at, of those that run. */
  network = ""
  #metrics: readonly Recorded[] = []
  #isDirty = false
  #chartsAt = 0
  #catchUp: ReturnType<typeof setTimeout> | undefined
  #wordsAt = 0
  #placed: unknown
  onPick: ((node: number) => void) | undefined
  /** Called after a drawing with charts. */
  onDrawn: (() => void) | undefined

  constructor(runner: Runner) {
    this.#runner = runner
    for (const name of ["a", "b"] as const)
      find("canvas", `map-${name}`).addEventListener("click", (event) => {
        const node = this.#maps[name].nodeAt(event.clientX, event.clientY)
        if (node >= 0) this.onPick?.(node)
      })
    for (const panel of ["supply", "price"] as const)
      find("select", `${panel}-metric`).addEventListener("change", () => this.redraw())
    find("select", "look").addEventListener("change", () => {
      this.network = find("select", "look").value
      this.#offer()
      this.redraw()
    })
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw())
    new ResizeObserver(() => this.redraw()).observe(find("any", "maps"))
  }

  /** After a change of run or network: what there is to look at. */
  reset(network: string): void {
    const { about } = this.#runner.a
    if (about === undefined) return
    const names = about.networks.map((n) => n.name)
    if (!names.includes(this.network) || names.includes(network)) this.network = names.includes(network) ? network : names[0]
    choices(
      find("select", "look"),
      names.map((value) => ({ value, words: value })),
      this.network,
    )
    const isOnly = names.length === 1
    find("select", "look").hidden = isOnly
    find("any", "look-label").hidden = isOnly
    find("any", "question").textContent = about.question
    find("any", "figure-b").hidden = this.#runner.b === undefined
    for (const id of ["maps", "where", "charts"]) find("any", id).classList.toggle("two", this.#runner.b !== undefined)
    this.#offer()
    this.redraw()
  }

  mark(node: number): void {
    this.#maps.a.marked = this.#maps.b.marked = node
    this.redraw()
  }

  /** Everything anew: another size, colour or choice. */
  redraw(): void {
    this.#placed = undefined
    this.#chartsAt = this.#wordsAt = 0
    this.schedule()
  }

  schedule(): void {
    if (this.#isDirty) return
    this.#isDirty = true
    requestAnimationFrame(() => {
      this.#isDirty = false
      this.#draw()
    })
  }

  /** What of a side a verdict reads, up to the epoch shown. */
  outcome(side: Side): Outcome {
    const { shown } = this.#runner
    const about = side.network(this.network)
    const income = about?.income
    const unit = about?.measures.find((m) => m.name === income)?.unit ?? ""
    const by = plainUnit(1, unit)
    const last = (panel: Panel) => {
      const metric = this.#chosen(panel)
      if (metric === undefined || metric.kind === "counter") return {}
      const values = side.series(this.network, metric.column, shown)
      return values.length === 0 ? {} : { [panel]: { word: metric.name, last: values.at(-1)! } }
    }
    return {
      nodeWord: about?.nodeWord ?? "node",
      nodes: about?.nodes ?? 0,
      offered: side.series(this.network, "offeredMilli", shown),
      served: side.series(this.network, "servedMilli", shown),
      income: (side.income[this.network] ?? new Float64Array(0)).map((v) => v * by.value),
      incomeUnit: by.unit,
      ...last("supply"),
      ...last("price"),
    }
  }

  #offer(): void {
    this.#metrics = this.#runner.a.network(this.network)?.metrics ?? []
    for (const panel of ["supply", "price"] as const) {
      const first = FIRST[panel].map((p) => this.#metrics.find((m) => p.test(m.name))).find((m) => m !== undefined)
      choices(
        find("select", `${panel}-metric`),
        this.#metrics.map(({ name, unit }) => ({ value: name, words: `${name} (${unit})` })),
        first?.name,
      )
    }
    const hasPrice = this.#metrics.some((m) => /price/u.test(m.name))
    document.querySelector("label[for=price-metric]")!.textContent = hasPrice ? "Shown: " : "No price is recorded; shown: "
  }
  #chosen(panel: Panel): Recorded | undefined {
    const { value } = find("select", `${panel}-metric`)
    return this.#metrics.find((m) => m.name === value)
  }

  #draw(): void {
    const [a] = this.#runner.seen
    if (a.about === undefined) return
    this.#drawMaps()
    const now = performance.now()
    const isStill = !this.#runner.isRunning
    if (isStill || now - this.#chartsAt >= CHARTS_MS) {
      this.#chartsAt = now
      this.#drawCharts()
    }
    if (isStill || now - this.#wordsAt >= WORDS_MS) {
      this.#wordsAt = now
      this.#drawIncome()
      this.#sayVerdict()
      this.#sayFeed()
    }
    // Whoever is drawn less often than frames come is drawn once more after the last.
    clearTimeout(this.#catchUp)
    if (!isStill && now > Math.min(this.#chartsAt, this.#wordsAt)) this.#catchUp = setTimeout(() => this.schedule(), WORDS_MS)
    this.#sayTime()
    this.onDrawn?.()
  }

  #drawMaps(): void {
    const { seen: sides, shown } = this.#runner
    const key = `${this.network}/${sides.map((s) => s.about?.seed).join("/")}/${sides.length}/${sides.map((s) => s.network(this.network)?.nodes).join("/")}`
    if (this.#placed !== key) {
      this.#placed = key
      for (const side of sides) {
        const n = side.network(this.network)
        if (n === undefined) continue
        this.#maps[side.name].place(n.latE7, n.lngE7)
        this.#maps[side.name].prepare(HUES[this.network] ?? "--accent")
      }
    }
    const steps: (readonly number[])[] = []
    for (const side of sides) {
      const levels = side.picture(shown)?.nodes[this.network]
      this.#maps[side.name].draw(levels)
      const counts = levels === undefined ? [] : countSteps(levels)
      const n = side.network(this.network)
      const gone = (counts[STEPS.length] ?? 0) + (counts[STEPS.length + 1] ?? 0)
      const word = `${whole(n?.nodes ?? 0)} ${n?.nodeWord ?? "node"}s${gone > 0 ? `, ${whole(gone)} of them away` : ""}`
      find("any", `map-${side.name}-word`).textContent = sides.length === 2 ? `${side.name.toUpperCase()}: ${word}` : word
      if (!this.#runner.isRunning)
        find("canvas", `map-${side.name}`).setAttribute(
          "aria-label",
          `Map of ${word}. ${STEPS.map((s, i) => `${whole(counts[i] ?? 0)} ${s.words}`).join(", ")}, ${whole(counts[STEPS.length] ?? 0)} ${CUT.words}, ${whole(counts[STEPS.length + 1] ?? 0)} ${GONE.words}. Use the field below to look at a node.`,
        )
      steps.push(counts)
    }
    this.#sayLegend(steps)
  }

  #sayLegend(steps: readonly (readonly number[])[]): void {
    const hue = HUES[this.network] ?? "--accent"
    const items = [
      ...STEPS.map((s) => ({ words: s.words, colour: s.colour === "node" ? hue : `--${s.colour}`, isHollow: false })),
      { words: CUT.words, colour: `--${CUT.colour}`, isHollow: false },
      { words: GONE.words, colour: "--soft", isHollow: true },
    ]
    const list = find("any", "legend")
    if (list.childElementCount !== items.length || list.dataset.hue !== hue) {
      list.dataset.hue = hue
      list.replaceChildren(
        ...items.map(({ words, colour, isHollow }) => {
          const swatch = element("i", isHollow ? "hollow" : "")
          if (!isHollow) swatch.style.background = `var(${colour})`
          return element("li", "", swatch, `${words} `, element("b", ""))
        }),
      )
    }
    list.querySelectorAll("b").forEach((b, i) => (b.textContent = this.#both(steps.map((counts) => whole(counts[i] ?? 0)))))
  }

  #lines(of: (side: Side) => readonly number[], words: string): readonly Line[] {
    const { seen, isPreview } = this.#runner
    return seen.map((side) => ({
      values: of(side),
      times: side.series(this.network, "endS"),
      colour: COLOURS[side.name],
      isDashed: side.name === "b",
      word: `${isPreview ? "preview, " : ""}${seen.length === 2 ? `${side.name.toUpperCase()}: ${words}` : words}`,
    }))
  }

  #drawCharts(): void {
    const { shown, seen } = this.#runner
    const [a] = seen
    const about = a.about!
    const atS = a.rows[this.network]?.endS?.[shown - 1]
    const frame = {
      beginS: about.beginS,
      endS: about.endS,
      ...(atS === undefined ? {} : { atS }),
      ...(about.onsetS === undefined ? {} : { shade: [about.onsetS, about.recoveryS ?? about.endS] as const }),
    }
    const served = this.#lines((s) => s.availability(this.network), "availability")
    const least = Math.min(1, ...served.flatMap((l) => l.values))
    drawLines(find("canvas", "availability"), {
      ...frame,
      lines: [...ghostsOf(this.#runner, this.network), ...served],
      say: percent,
      range: [Math.max(0, least - 0.05), 1.005],
    })
    const now = served.map((l) => l.values[shown - 1] ?? 1)
    this.#title(
      "availability",
      `Availability ${this.#both(now.map((v) => percent(v)))}`,
      `Availability over time. Lowest ${percent(least)}, at the time shown ${now.map((v) => percent(v)).join(" in A and ")}`,
    )
    for (const panel of ["supply", "price"] as const) {
      const metric = this.#chosen(panel)
      if (metric === undefined) continue
      const isCounter = metric.kind === "counter"
      const lines = this.#lines((s) => {
        const values = s.series(this.network, metric.column)
        return isCounter ? runningSum(values) : values
      }, metric.name)
      drawLines(find("canvas", panel), {
        ...frame,
        lines,
        say: (v, digits) => short(plainUnit(v, metric.unit).value, digits),
        fromNought: isCounter,
      })
      const values = lines.map((l) => l.values[shown - 1])
      const said = values.map((v) => (v === undefined ? "none yet" : `${withUnit(v, metric.unit)}${isCounter ? " so far" : ""}`))
      this.#title(
        panel,
        `${metric.name} ${this.#both(said)}`,
        `${metric.name}: ${metric.because} ${isCounter ? "Since the start" : "As it stood"}; at the time shown ${said.join(" in A and ")} `,
      )
      find("any", `${panel}-title`).title = metric.because
    }
  }

  #drawIncome(): void {
    const { seen: sides } = this.#runner
    const n = sides[0].network(this.network)
    const measure = n?.measures.find((m) => m.name === n.income)
    if (n === undefined || measure === undefined) {
      drawBars(find("canvas", "income"), [], { least: "", most: "" })
      drawLorenz(find("canvas", "lorenz"), [])
      this.#title(
        "income",
        "Nobody is paid",
        `No ${n?.nodeWord ?? "node"} of ${this.network} is paid: one operator owns them all`,
      )
      find("any", "income-sub").textContent = `no ${n?.nodeWord ?? "node"} of this network has an income of its own`
      this.#title("lorenz", "No Lorenz curve", "No Lorenz curve: nobody is paid")
      return
    }
    const sorted = sides.map((s) => (s.income[this.network] ?? new Float64Array(0)).toSorted())
    const most = Math.max(...sorted.map((s) => quantile(s, 0.99) || 0))
    drawBars(
      find("canvas", "income"),
      sorted.map((s, i) => ({ counts: histogram(s, most), colour: COLOURS[sides[i].name] })),
      { least: "0", most: `${withUnit(most, measure.unit)} and more` },
    )
    const middle = sorted.map((s) => (s.length === 0 ? "none" : withUnit(quantile(s, 0.5), measure.unit)))
    this.#title(
      "income",
      `Income in the middle ${this.#both(middle)}`,
      `How many ${n.nodeWord}s were paid how much. ${measure.because} In the middle ${middle.join(" in A and ")}`,
    )
    find("any", "income-sub").textContent = `${n.nodeWord}s by what they were paid since the start`
    drawLorenz(
      find("canvas", "lorenz"),
      sorted.map((s, i) => ({ curve: lorenz(s), colour: COLOURS[sides[i].name], isDashed: sides[i].name === "b" })),
    )
    const ginis = sorted.map((s) => gini(s).toFixed(2))
    this.#title(
      "lorenz",
      `Gini ${this.#both(ginis)}`,
      `Lorenz curve of income; Gini coefficient ${ginis.join(" in A and ")}, where 0 is equal and 1 is all to one`,
    )
  }

  /** `A 80% · B 76%`; of one side the value alone. */
  #both(values: readonly string[]): string {
    return values.length === 2 ? `A ${values[0]} · B ${values[1]}` : (values[0] ?? "")
  }

  #title(id: string, title: string, said: string): void {
    find("any", `${id}-title`).textContent = title
    if (!this.#runner.isRunning) find("canvas", id).setAttribute("aria-label", `${said}.`)
  }

  #sayVerdict(): void {
    const { seen, isRunning } = this.#runner
    const [a, b] = seen as readonly [Side, Side?]
    const lines = b === undefined ? verdictOfOne(this.outcome(a)) : verdictOfTwo(this.outcome(a), this.outcome(b))
    const box = find("any", "verdict")
    if (box.textContent !== lines.join("")) box.replaceChildren(...lines.map((line) => element("p", "", line)))
    find("any", "hash").textContent = seen
      .map(
        (s) =>
          `${b === undefined ? "" : `${s.name.toUpperCase()} `}${s.hashes === undefined ? (isRunning ? "" : "hash follows") : `epoch ${s.hashes.epoch} ${s.hashes.log}`}`,
      )
      .join("  ")
  }

  #sayTime(): void {
    const { shown, isRunning, isDone, isPreview, seen } = this.#runner
    const [a] = seen
    const about = a.about!
    sayPreview(this.#runner, this.network)
    const time = find("input", "time")
    time.max = String(about.epochs)
    if (document.activeElement !== time || this.#runner.isFollowed) time.value = String(shown)
    const atS = a.rows[this.network]?.endS?.[shown - 1] ?? about.beginS
    const text = `${isPreview ? "Preview · " : ""}${instant(atS)} · epoch ${whole(shown)} of ${whole(about.epochs)}`
    time.setAttribute("aria-valuetext", text)
    find("any", "clock").textContent = text
    find("any", "answer").setAttribute("aria-busy", String(this.#runner.isBusy))
    const run = find("button", "run")
    const word = isRunning ? "Pause" : isDone && shown >= this.#runner.epoch ? "Run again" : "Run"
    if (run.textContent !== word) run.textContent = word
  }

  #sayFeed(): void {
    const { seen, shown } = this.#runner
    showFeed(seen, seen[0].rows[this.network]?.endS?.[shown - 1] ?? Infinity)
  }
}

function runningSum(values: readonly number[]): readonly number[] {
  let all = 0
  return values.map((v) => (all += v))
}
