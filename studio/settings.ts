/** The left side: what is run, in whose hands, with which numbers. It edits a scenario, and nothing else is ever run. */
import type { Catalogue, CatalogueNetwork } from "../browser/catalogue.ts"
import type { Scenario } from "../protocol/boundary/scenario.ts"
import { choices, element, find } from "./dom.ts"
import { whole } from "./figures.ts"
import { picksOf } from "./scenarios.ts"
import { ALL, answers, groupsOf, knobElement, type Knob } from "./sliders.ts"
import type { SideName } from "./side.ts"

export interface SettingsListener {
  /** Another scenario for both sides. */
  readonly pick: (scenario: Scenario) => void
  /** One side's scenario is another now. `isFinal` is false while a slider moves. */
  readonly change: (side: SideName, scenario: Scenario, isFinal: boolean) => void
  /** One parameter from the time shown on. */
  readonly fork: (side: SideName, network: string, parameter: string, value: number) => void
  readonly compare: (isOn: boolean) => void
}

/** Parameters shown for a search. */
const FOUND_MOST = 40
const OPENED = "a file or link"

export class Settings {
  readonly #catalogue: Catalogue
  readonly #listener: SettingsListener
  #side: SideName = "a"
  readonly scenarios: { a: Scenario; b: Scenario }

  constructor(catalogue: Catalogue, listener: SettingsListener) {
    this.#catalogue = catalogue
    this.#listener = listener
    const first = picksOf(catalogue[0].name)[0].scenario
    this.scenarios = { a: first, b: first }
    choices(
      find("select", "network"),
      catalogue.map(({ name }) => ({ value: name, words: name === "economy" ? "economy (a made-up one, quick)" : name })),
    )
    this.#offerScenarios()
    this.#listen()
  }

  get network(): CatalogueNetwork {
    return this.#of(find("select", "network").value)
  }
  get isForking(): boolean {
    return find("input", "from-here").checked
  }
  get isComparing(): boolean {
    return find("input", "compare").checked
  }

  /** Shows another pair of scenarios: an opened file or link. */
  show(a: Scenario, b: Scenario | undefined): void {
    this.scenarios.a = a
    this.scenarios.b = b ?? a
    const names = Object.keys(a.networks)
    const main = names.find((n) => n !== "cdn" && this.#catalogue.some((c) => c.name === n)) ?? names[0]
    if (this.#catalogue.some((c) => c.name === main)) find("select", "network").value = main
    this.#offerScenarios(a)
    find("input", "compare").checked = b !== undefined
    this.#showTabs()
    this.refresh()
  }

  /** Puts one side's scenario in place without telling anybody: after a fork. */
  adopt(side: SideName, scenario: Scenario): void {
    this.scenarios[side] = scenario
  }

  /** Writes every control anew from the scenario that is edited. */
  refresh(): void {
    const scenario = this.scenarios[this.#side]
    const { name, presets, defaultPreset, nodeWord } = this.network
    const own = scenario.networks[name]
    choices(
      find("select", "preset"),
      Object.keys(presets).map((value) => ({ value, words: value })),
      own?.preset ?? defaultPreset,
    )
    find("any", "preset-why").textContent = presets[own?.preset ?? defaultPreset]?.because ?? ""
    find("any", "nodes-label").textContent =
      `${nodeWord === "PoP" ? "PoP" : nodeWord.charAt(0).toUpperCase() + nodeWord.slice(1)}s`
    find("input", "nodes").value = String(own?.nodes ?? "")
    find("input", "seed").value = String(scenario.seed)
    this.#showParams()
  }

  #of(name: string): CatalogueNetwork {
    return this.#catalogue.find((n) => n.name === name) ?? this.#catalogue[0]
  }

  #offerScenarios(opened?: Scenario): void {
    const picks = picksOf(this.network.name).map(({ name, words }) => ({ value: name, words }))
    const isKnown = opened === undefined || picks.some((p) => p.value === opened.name)
    choices(
      find("select", "scenario"),
      isKnown ? picks : [{ value: OPENED, words: opened.name ?? OPENED }, ...picks],
      opened === undefined ? undefined : isKnown ? opened.name : OPENED,
    )
  }

  #listen(): void {
    const pick = (): void => {
      const found = picksOf(this.network.name).find((p) => p.name === find("select", "scenario").value)
      if (found === undefined) return
      this.scenarios.a = this.scenarios.b = found.scenario
      this.refresh()
      this.#listener.pick(found.scenario)
    }
    find("select", "network").addEventListener("change", () => {
      this.#offerScenarios()
      find("select", "scenario").selectedIndex = 0
      pick()
    })
    find("select", "scenario").addEventListener("change", pick)
    find("input", "compare").addEventListener("change", () => {
      this.#showTabs()
      if (this.isComparing) this.scenarios.b = this.scenarios.a
      this.refresh()
      this.#listener.compare(this.isComparing)
    })
    for (const radio of document.querySelectorAll<HTMLInputElement>("input[name=side]"))
      radio.addEventListener("change", () => {
        this.#side = radio.value as SideName
        this.refresh()
      })
    find("select", "preset").addEventListener("change", () => {
      this.#edit((s) => withNetwork(s, this.network.name, { preset: find("select", "preset").value }), true)
      this.refresh()
    })
    find("input", "nodes").addEventListener("change", () => {
      const nodes = find("input", "nodes").valueAsNumber
      this.#editBoth((s) => withNetwork(s, this.network.name, { nodes }))
    })
    find("input", "seed").addEventListener("change", () => {
      const seed = find("input", "seed").valueAsNumber
      this.#editBoth((s) => ({ ...s, seed }))
    })
    let waiting: ReturnType<typeof setTimeout> | undefined
    find("input", "search").addEventListener("input", () => {
      clearTimeout(waiting)
      waiting = setTimeout(() => this.#showParams(), 120)
    })
    // Enter in a field of numbers changes it, and sends nothing anywhere.
    find("any", "settings").addEventListener("submit", (event) => event.preventDefault())
  }

  /** B starts as a copy of A; places, seeds and sizes stay the same in both. */
  #showTabs(): void {
    find("any", "tabs").hidden = !this.isComparing
    this.#side = this.isComparing ? "b" : "a"
    for (const radio of document.querySelectorAll<HTMLInputElement>("input[name=side]"))
      radio.checked = radio.value === this.#side
  }

  #edit(by: (scenario: Scenario) => Scenario, isFinal: boolean): void {
    const side = this.#side
    this.scenarios[side] = by(this.scenarios[side])
    if (!this.isComparing) this.scenarios.b = this.scenarios.a
    this.#listener.change(side, this.scenarios[side], isFinal)
  }
  #editBoth(by: (scenario: Scenario) => Scenario): void {
    this.scenarios.a = by(this.scenarios.a)
    this.scenarios.b = by(this.scenarios.b)
    this.#listener.change("a", this.scenarios.a, true)
    if (this.isComparing) this.#listener.change("b", this.scenarios.b, true)
  }

  #knobs(): readonly Knob[] {
    const scenario = this.scenarios[this.#side]
    // The network that is looked at first, then those that run beside it.
    const names = [this.network.name, ...Object.keys(scenario.networks).filter((n) => n !== this.network.name)]
    return names.flatMap((network) => {
      const { params, presets, defaultPreset } = this.#of(network)
      const { preset = defaultPreset, change = {} } = scenario.networks[network] ?? {}
      const regime = presets[preset]?.values ?? {}
      return Object.entries(params).map(([name, param]): Knob => {
        const standard = regime[name] ?? param.default
        return { network, name, param, standard, value: (change as Record<string, number>)[name] ?? standard }
      })
    })
  }

  #showParams(): void {
    const search = find("input", "search").value.trim()
    const knobs = this.#knobs()
    const box = find("any", "params")
    const listener = {
      move: ({ network, name, standard }: Knob, value: number, isFinal: boolean) => {
        if (this.isForking) {
          if (isFinal) this.#listener.fork(this.#side, network, name, value)
        } else this.#edit((s) => withValue(s, network, name, value, standard), isFinal)
      },
    }
    if (search !== "") {
      const found = knobs.filter((k) => answers(`${k.network} ${k.name}`, k.param, search))
      find("any", "found").textContent =
        found.length === 0
          ? `No parameter speaks of “${search}”.`
          : `${whole(found.length)} of ${whole(knobs.length)} parameters${found.length > FOUND_MOST ? `, the first ${FOUND_MOST} shown` : ""}.`
      box.replaceChildren(...found.slice(0, FOUND_MOST).map((k) => knobElement(k, listener)))
      return
    }
    const changed = knobs.filter((k) => k.value !== k.standard)
    find("any", "found").textContent =
      `${whole(knobs.length)} parameters${changed.length > 0 ? `, ${changed.length} changed` : ""}.`
    // On a phone the parameters stand below the run: closed, so that one sees what there is.
    const isWide = innerWidth > 900
    const open = new Set([...box.querySelectorAll("details[open]")].map((d) => (d as HTMLElement).dataset.group))
    const groups: HTMLElement[] = changed.length > 0 ? [group("changed", "Changed", changed, listener, true)] : []
    for (const network of new Set(knobs.map((k) => k.network))) {
      const own = knobs.filter((k) => k.network === network)
      const isAlone = own.length === knobs.length
      for (const [topic, names] of groupsOf(Object.fromEntries(own.map((k) => [k.name, k.param])))) {
        const key = `${network}/${topic}`
        const words = isAlone ? topic.charAt(0).toUpperCase() + topic.slice(1) : `${network}: ${topic}`
        const members = names.map((name) => own.find((k) => k.name === name)!)
        const isOpen = open.has(key) || (open.size === 0 && topic === ALL && isAlone && isWide)
        groups.push(group(key, words, members, listener, isOpen))
      }
    }
    box.replaceChildren(...groups)
  }
}

/** A group whose controls are made when it is opened first. */
function group(
  key: string,
  words: string,
  knobs: readonly Knob[],
  listener: Parameters<typeof knobElement>[1],
  isOpen: boolean,
): HTMLElement {
  const details = element("details", "", element("summary", "", `${words} `, element("small", "", String(knobs.length))))
  details.dataset.group = key
  const fill = (): void => {
    if (details.childElementCount === 1) details.append(...knobs.map((k) => knobElement(k, listener)))
  }
  details.addEventListener("toggle", fill)
  if (isOpen) {
    details.open = true
    fill()
  }
  return details
}

type NetworkSetting = Scenario["networks"][string]
const withNetwork = (s: Scenario, network: string, setting: Partial<NetworkSetting>): Scenario => ({
  ...s,
  networks: { ...s.networks, [network]: { ...s.networks[network], ...setting } },
})

/** A value that is the regime's own is no change. */
export function withValue(s: Scenario, network: string, name: string, value: number, standard: number): Scenario {
  const { [name]: _, ...others } = (s.networks[network].change ?? {}) as Record<string, number>
  const change = value === standard ? others : { ...others, [name]: value }
  const { change: _before, ...rest } = s.networks[network]
  const setting = Object.keys(change).length === 0 ? rest : { ...rest, change }
  return { ...s, networks: { ...s.networks, [network]: setting } }
}
