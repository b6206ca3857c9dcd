/** The studio's page: puts settings, runs, pictures and saving together. */
import { fromFragment, readShared, type Shared } from "../browser/share.ts"
import { newCore } from "../browser/new-core.ts"
import { ScenarioProblem } from "../protocol/boundary/problem.ts"
import { paletteCss } from "../reports/palette.ts"
import { element, find } from "./dom.ts"
import { whole } from "./figures.ts"
import { LifePanel } from "./life-panel.ts"
import { Runner } from "./runner.ts"
import { csvOf, download, fileName, linkOf, pngOf, scenarioFile, sharedOf } from "./save.ts"
import { Settings } from "./settings.ts"
import type { Side } from "./side.ts"
import css from "./style.css?inline"
import { View } from "./view.ts"

/** Beside the reports' palette: one accent for A, one for B, edges of controls that are seen. */
const OWN = {
  light: "--accent:#0067a5;--on-accent:#ffffff;--second:#9a4f00;--edge:#7d838e",
  dark: "--accent:#5ab4f0;--on-accent:#0c1116;--second:#f0a95a;--edge:#7d8591",
} as const
document.head.append(
  element("style", "", `${paletteCss}:root{${OWN.light}}@media (prefers-color-scheme: dark){:root{${OWN.dark}}}${css}`),
)

const say = (text: string): void => void (find("any", "note").textContent = text)
function problem(sentence: string | undefined): void {
  const box = find("any", "problem")
  box.hidden = sentence === undefined
  box.textContent = sentence ?? ""
}

/** What a shared run came to elsewhere; compared when both sides are done. */
let expected: Shared["came"]

async function main(): Promise<void> {
  const asking = newCore()
  const catalogue = await asking.ask("catalogue", {})
  asking.end()

  const settings = new Settings(catalogue, {
    pick: (scenario) => void load(() => runner.load(scenario, settings.isComparing ? scenario : undefined)),
    change(side, scenario, isFinal) {
      mark("studio:input")
      expected = undefined
      void runner.change(side, scenario, isFinal).then(() => isFinal && view.reset(settings.network.name))
    },
    fork(side, network, parameter, value) {
      void runner.fork(side, network, parameter, value).then((scenario) => {
        if (scenario === undefined) return
        settings.adopt(side, scenario)
        say(`Another future of ${side.toUpperCase()}, from epoch ${whole(runner.shown)} on: ${parameter} becomes ${value}.`)
      })
    },
    compare: (isOn) => void load(() => runner.load(settings.scenarios.a, isOn ? settings.scenarios.b : undefined)),
  })
  const runner: Runner = new Runner(settings.scenarios.a, {
    changed: (isFirst = false) => (isFirst ? view.redraw() : view.schedule()),
    problem,
    life: (_side, part) => life.take(part),
    ended: check,
  })
  const view: View = new View(runner)
  const life = new LifePanel(() => {
    view.mark(-1)
    for (const s of runner.sides) void s.core.ask("stopLife", {}).catch(() => {})
  })

  async function load(work: () => Promise<void>): Promise<void> {
    expected = undefined
    find("any", "life").hidden = true
    view.mark(-1)
    const loading = work()
    say("Placing nodes …")
    await loading
    view.reset(settings.network.name)
    showMoments()
    say("")
  }

  function showMoments(): void {
    const about = runner.a.about
    const moments = (about?.moments ?? []).slice(0, 14)
    find("any", "moments").replaceChildren(
      ...moments.map(({ atS, label }) => {
        const button = element("button", "", label)
        button.type = "button"
        button.title = `Go to: ${label}`
        button.addEventListener("click", () => {
          const ends = runner.a.rows[view.network]?.endS ?? []
          const epoch = ends.findIndex((end) => end > atS) + 1
          if (epoch > 0) void runner.scrub(epoch, true)
          else say(`The run has not come to “${label}” yet.`)
        })
        return element("li", "", button)
      }),
    )
  }

  function check(side: Side): void {
    const came = expected?.[side.name]
    if (came === undefined || side.hashes === undefined) return
    say(
      side.hashes.log === came.log && side.hashes.epoch === came.epoch
        ? `The same hashes as for whoever shared it: ${came.log.slice(0, 16)}… after ${whole(came.epoch)} epochs.`
        : `Other hashes than for whoever shared it: ${side.hashes.log.slice(0, 16)}… here, ${came.log.slice(0, 16)}… there; the versions of blackstart differ.`,
    )
  }

  function pick(node: number): void {
    const about = runner.a.network(view.network)
    if (about === undefined) return
    if (!Number.isInteger(node) || node < 0 || node >= about.nodes) {
      problem(`${view.network} has no ${about.nodeWord} ${node}: they are 0 to ${about.nodes - 1}.`)
      return
    }
    if (runner.isPreview) {
      say("This is a preview: a life is read from the full run, which follows.")
      return
    }
    problem(undefined)
    find("input", "node").value = String(node)
    view.mark(node)
    const side =
      settings.isComparing && document.querySelector<HTMLInputElement>("input[name=side]:checked")?.value === "b"
        ? runner.b!
        : runner.a
    const show = async (): Promise<void> => {
      if (runner.isRunning) await runner.pause()
      life.open(side, view.network, node, runner.b !== undefined)
      await side.core.ask("life", { network: view.network, node })
    }
    show().catch((error: unknown) => problem(error instanceof Error ? error.message : String(error)))
  }

  view.onPick = pick
  view.onDrawn = () => {
    if (performance.getEntriesByName("studio:input").length === 0 || runner.epoch === 0) return
    const measured = (name: string): void => {
      if (performance.getEntriesByName(name).length === 0) performance.measure(name, "studio:input")
    }
    if (runner.isNewestPreview) measured("studio:preview")
    else if (runner.isArriving) measured("studio:arrival")
    if (!runner.isDone) return
    measured("studio:redraw")
    performance.clearMarks("studio:input")
  }
  find("button", "run").addEventListener("click", () => {
    if (runner.isRunning) void runner.pause()
    else if (runner.isDone && runner.shown >= runner.epoch) void runner.restart()
    else void runner.run()
  })
  find("button", "step").addEventListener("click", () => void runner.step())
  find("button", "again").addEventListener("click", () => void runner.restart())
  const time = find("input", "time")
  const upto = (): number => Math.min(time.valueAsNumber, runner.epoch)
  time.addEventListener("input", () => void runner.scrub(upto(), false))
  time.addEventListener("change", () => void runner.scrub(upto(), true))

  find("button", "show-life").addEventListener("click", () => pick(find("input", "node").valueAsNumber))
  find("input", "node").addEventListener("keydown", (event) => {
    if (event.key === "Enter") pick(find("input", "node").valueAsNumber)
  })
  const incomes = (): Float64Array => runner.a.income[view.network] ?? new Float64Array(0)
  const extreme = (of: ArrayLike<number>): number => {
    let best = 0
    for (let i = 1; i < of.length; i++) if (of[i] > of[best]) best = i
    return best
  }
  find("button", "node-best").addEventListener("click", () => pick(extreme(incomes())))
  find("button", "node-worst").addEventListener("click", () =>
    pick(extreme(runner.a.picture(runner.shown)?.nodes[view.network] ?? [])),
  )
  find("button", "node-middle").addEventListener("click", () => {
    const all = incomes()
    const order = Uint32Array.from(all.keys()).toSorted((x, y) => all[x] - all[y] || x - y)
    pick(order[Math.floor(order.length / 2)] ?? 0)
  })

  find("button", "share").addEventListener("click", async () => {
    const link = await linkOf(runner)
    history.replaceState(null, "", link)
    try {
      await navigator.clipboard.writeText(link)
      say(`The link is copied: ${whole(link.length)} characters that open this run to the same hashes.`)
    } catch {
      say("The link is in the address bar: copy it from there.")
    }
  })
  find("button", "save-run").addEventListener("click", () =>
    download(`${fileName(runner.a.scenario)}.run.json`, `${JSON.stringify(sharedOf(runner), null, 1)}\n`, "application/json"),
  )
  const chosen = (): Side =>
    document.querySelector<HTMLInputElement>("input[name=side]:checked")?.value === "b" && runner.b !== undefined
      ? runner.b
      : runner.a
  find("button", "save-scenario").addEventListener("click", () => {
    const { scenario } = chosen()
    download(`${fileName(scenario)}.json`, scenarioFile(scenario), "application/json")
    say(
      "economy" in scenario.networks
        ? "Saved. The economy is the studio's own: open the file here; blackstart run does not know it."
        : `Saved: blackstart run ${fileName(scenario)}.json plays it to the same hashes.`,
    )
  })
  find("button", "save-csv").addEventListener("click", () =>
    download(`${fileName(runner.a.scenario)}-${view.network}.csv`, csvOf(runner, view.network), "text/csv"),
  )
  find("button", "save-png").addEventListener("click", async () => {
    const ids = ["map-a", "map-b", "availability", "supply", "price", "income", "lorenz"]
    const lines = [
      runner.a.about?.question ?? "",
      ...(runner.isPreview ? [find("any", "preview").textContent] : []),
      ...[...find("any", "verdict").children].map((p) => p.textContent),
      `seed ${runner.a.about?.seed ?? ""} · ${find("any", "hash").textContent}`,
    ]
    const titles = ids.map((id) => document.getElementById(`${id}-title`)?.textContent ?? "")
    download(
      `${fileName(runner.a.scenario)}.png`,
      await pngOf(
        lines,
        ids.map((id) => find("canvas", id)),
        titles,
      ),
      "image/png",
    )
  })

  async function openShared(read: () => Promise<Shared>): Promise<void> {
    try {
      const shared = await read()
      settings.show(shared.a, shared.b)
      await load(() => runner.load(shared.a, shared.b))
      expected = shared.came
      for (const side of runner.sides) if (side.done) check(side)
    } catch (error) {
      if (!(error instanceof ScenarioProblem)) throw error
      problem(error.message)
    }
  }
  find("input", "open-run").addEventListener("change", () => {
    const file = find("input", "open-run").files?.[0]
    if (file === undefined) return
    void openShared(async () => {
      const text = await file.text()
      try {
        return readShared(JSON.parse(text))
      } catch (error) {
        if (error instanceof SyntaxError)
          throw new ScenarioProblem(`${file.name} is no JSON: open a run or a scenario that was saved as JSON`)
        throw error
      }
    })
    find("input", "open-run").value = ""
  })
  const openLink = (): boolean => {
    if (!location.hash.startsWith("#run=")) return false
    void openShared(() => fromFragment(location.hash))
    return true
  }
  addEventListener("hashchange", openLink)
  settings.refresh()
  if (!openLink()) await load(() => runner.load(settings.scenarios.a, undefined))
}

const mark = (name: string): void => {
  performance.clearMarks(name)
  performance.clearMeasures()
  performance.mark(name)
}

main().catch((error: unknown) =>
  problem(`The studio could not start: ${error instanceof Error ? error.message : String(error)}.`),
)
