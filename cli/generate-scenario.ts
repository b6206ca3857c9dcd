/** Scenarios for two worlds, drawn at random by a seed: each is valid, can be done to real processes, and gives what it breaks time to heal. */
import { readScenario, type Scenario } from "../protocol/boundary/scenario.ts"
import { below, stream } from "../protocol/kernel/random.ts"

const BEGIN_S = Date.UTC(2026, 10, 22) / 1000
const HOUR = 3600
/** A day for the last deadline to come round again, and two half hours to declare for it. */
const HEAL_HOURS = 26

const WHERES = [
  { share: { percent: 25 } },
  { share: { percent: 50 } },
  { share: { percent: 75 } },
  { largest: { of: "country", count: 1 } },
  { largest: { of: "operator", count: 2 } },
  { largest: { of: "client", count: 1 } },
] as const

/** The same seed gives the same scenario. `nodes` 0: drawn too. */
export function generateScenario(seed: number, nodes = 0): Scenario {
  const dice = stream(seed, "testnet/generate")
  let drawn = 0
  const pick = (n: number): number => below(dice, n, drawn++)
  const network = "filecoin"
  const count = 1 + pick(3)
  let endHours = 0
  const timeline = Array.from({ length: count }, (_, i) => {
    const atHours = 1 + 6 * i + pick(5)
    const hours = 1 + pick(10)
    const where = WHERES[pick(WHERES.length)]
    endHours = Math.max(endHours, atHours + hours)
    const span = { hours }
    const todo = [
      { verb: "kill", network, where, for: span },
      { verb: "pause", network, where, for: span },
      { verb: "disconnect", network, where, for: span },
      { verb: "degrade", network, where, passes: { percent: 70 + pick(30) }, for: span },
      { verb: "push", network, where, over: { minutes: 10 * pick(12) }, for: span },
      { verb: "blackout", network, where, for: span },
      { verb: "loseData", network, where: { share: { percent: 10 + pick(20) } }, share: { percent: 100 } },
    ][pick(7)]
    return { at: { hours: atHours }, label: `${todo.verb} ${i + 1}`, do: todo }
  })
  const onset = Math.min(...timeline.map((m) => m.at.hours))
  const instant = (hours: number): string => new Date((BEGIN_S + hours * HOUR) * 1000).toISOString().replace(".000", "")
  return readScenario({
    name: `drawn-${seed}`,
    question: `When ${timeline.map((m) => m.do.verb).join(", then ")} befalls some storage providers, does the real network go where the simulation says?`,
    sources: [`drawn at random: blackstart testnet generate --seed ${seed}`],
    choices: ["Everybody is honest and of one size, and owners pay what is owed: a real agent is no lazier than its program."],
    begins: instant(0),
    lasts: { hours: endHours + HEAL_HOURS },
    seed,
    epoch: { minutes: 5 },
    networks: {
      [network]: {
        nodes: nodes === 0 ? 8 + pick(9) : nodes,
        preset: "nv28-2026-05-27",
        change: {
          sizeSpreadPermille: 0,
          verifiedPermille: 0,
          lazyPermille: 0,
          lossyPermille: 0,
          withdrawingPermille: 0,
          toppingUpPermille: 1000,
        },
      },
    },
    incident: { onset: instant(onset), mainRecovery: instant(endHours), fullRecovery: instant(endHours) },
    timeline,
    watch: ["filecoin.power.qa", "filecoin.power.faulty"],
    expect: [],
  })
}
