/**
 * What came, expired and was renewed on each day, read back from the standing power alone: chains publish the sum, the supply
 * model needs the flows. Onboarding is what makes the sum come out, given how long a sector lives and how much is renewed.
 * An inference of ours, not a rule of the network.
 */

export interface PowerFlows {
  readonly onboardedPib: Float64Array
  readonly renewedPib: Float64Array
  /** Of what expired on the day, renewed; 0 to 1. */
  readonly renewalRate: Float64Array
  /** Share of what came earlier that has not ended before its time, from 1 down. */
  readonly survival: Float64Array
  /** Expiring on each of the `sectorDays` days after the last, PiB. */
  readonly laterPib: Float64Array
}

/**
 * Flows of the standing power `pib` by day. `oldPib` of it stood before day 0 and expires evenly over one life. A day that falls
 * by more than may expire first renews less, then ends sectors early, a share of each day's alike.
 */
export function inferFlows(pib: Float64Array, sectorDays: number, renewalRate: number, oldPib: number): PowerFlows {
  const days = pib.length
  const flows = {
    onboardedPib: new Float64Array(days),
    renewedPib: new Float64Array(days),
    renewalRate: new Float64Array(days).fill(renewalRate),
    survival: new Float64Array(days).fill(1),
    laterPib: new Float64Array(sectorDays),
  }
  /** What each day put under contract, over the survival of that day. */
  const made = new Float64Array(days)
  const dueOn = (i: number): number =>
    (i >= sectorDays ? (made[i - sectorDays] ?? 0) : 0) + (i >= 1 && i <= sectorDays ? oldPib / sectorDays : 0)
  made[0] = flows.onboardedPib[0] = Math.max(0, pib[0] - oldPib)
  let stays = 1
  for (let i = 1; i < days; i++) {
    const due = dueOn(i) * stays
    let renewed = renewalRate * due
    let come = pib[i] - pib[i - 1] + due - renewed
    if (come < 0) {
      renewed += come
      come = 0
      if (renewed < 0) {
        // What stands after the expirations of the day is today's power and what ends today.
        stays *= pib[i] / (pib[i] - renewed)
        renewed = 0
      }
    }
    if (due > 0) flows.renewalRate[i] = renewed / due
    flows.onboardedPib[i] = come
    flows.renewedPib[i] = renewed
    flows.survival[i] = stays
    // Where all power is gone nothing is left to survive.
    made[i] = stays > 0 ? (come + renewed) / stays : 0
  }
  for (let f = 0; f < sectorDays; f++) flows.laterPib[f] = dueOn(days + f) * stays
  return flows
}
