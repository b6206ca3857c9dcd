/** What the players of an arena are paid and what it costs them, and how an outcome is read off it. */
import type { Outcome } from "./entry.ts"

export class Books {
  readonly paid: Float64Array
  readonly cost: Float64Array
  /** Period of the first irrevocable loss; NaN: none yet. */
  readonly found: Float64Array
  readonly firstCheat: Float64Array
  paidForNothing = 0
  delivered = 0
  unpaid = 0
  penalised = 0
  penalisedHonest = 0
  served = 0
  spent = 0
  /** Paid to the adversary between its first cheating event and its first loss, by player. */
  readonly extracted: Float64Array

  constructor(players: number) {
    this.paid = new Float64Array(players)
    this.cost = new Float64Array(players)
    this.found = new Float64Array(players).fill(NaN)
    this.firstCheat = new Float64Array(players).fill(NaN)
    this.extracted = new Float64Array(players)
  }

  /** Pays for something that was there, or was not. */
  pay(player: number, amount: number, isServed: boolean): void {
    this.paid[player] += amount
    if (!isServed) this.paidForNothing += amount
    if (this.firstCheat[player] === this.firstCheat[player] && this.found[player] !== this.found[player])
      this.extracted[player] += amount
  }
  cheat(player: number, period: number): void {
    if (this.firstCheat[player] !== this.firstCheat[player]) this.firstCheat[player] = period
  }
  /** A loss that cannot be undone. */
  penalise(player: number, amount: number, period: number, isHonest: boolean): void {
    this.paid[player] -= amount
    this.penalised++
    if (isHonest) this.penalisedHonest++
    if (this.found[player] !== this.found[player]) this.found[player] = period
  }

  /** The outcome, with the twin's books of the same seed for the service lost. */
  outcome(own: (player: number) => boolean, periodHours: number, periods: number, twin?: Books): Partial<Outcome> {
    let [income, cost, honestIncome, honestCost, extracted] = [0, 0, 0, 0, 0]
    const foundHours: number[] = []
    for (let p = 0; p < this.paid.length; p++) {
      if (!own(p)) {
        honestIncome += this.paid[p]
        honestCost += this.cost[p]
        continue
      }
      income += this.paid[p]
      cost += this.cost[p]
      extracted += this.extracted[p]
      foundHours.push((this.found[p] - this.firstCheat[p]) * periodHours)
    }
    return {
      income,
      cost,
      honestIncome,
      honestCost,
      paid: income + honestIncome,
      paidForNothing: this.paidForNothing,
      delivered: this.delivered,
      unpaid: this.unpaid,
      served: this.served,
      servedWithout: twin?.served ?? 0,
      penalised: this.penalised,
      penalisedHonest: this.penalisedHonest,
      extracted,
      spent: this.spent,
      horizonHours: periodHours * periods,
      foundHours,
    }
  }
}
