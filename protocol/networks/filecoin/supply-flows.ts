/**
 * What came, expired and was renewed on each day, read back from the standing power alone: chains publish the sum, the supply
 * model needs the flows. Onboarding is what makes the sum come out, given how long a sector lives and how much is renewed.
 * An inference of ours, not a rule of the network.
 */

/** Below this share of what came, nothing more is taken for ended: it keeps what is divided by it in the range of a double. */
const SURVIVAL_MIN = 1e-9

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
  let begins = 0
  const dueOn = (i: number): number => {
    const past = i - sectorDays
    const old = begins === 0 && i >= 1 && past <= 0 ? oldPib / sectorDays : 0
    return (past >= begins && past < days ? made[past] : 0) + old
  }
  made[0] = flows.onboardedPib[0] = Math.max(0, pib[0] - oldPib)
  let stays = 1
  for (let i = 1; i < days; i++) {
    const due = dueOn(i) * stays
    let renewed = renewalRate * due
    let come = pib[i] - pib[i - 1] + due - renewed
    let left = 1
    if (come < 0) {
      renewed += come
      come = 0
      if (renewed < 0) {
        // What stands after the expirations of the day is today's power and what ends today.
        left = pib[i] / (pib[i] - renewed)
        renewed = 0
      }
    }
    if (due > 0) flows.renewalRate[i] = renewed / due
    flows.onboardedPib[i] = come
    flows.renewedPib[i] = renewed
    if (stays * left > SURVIVAL_MIN) {
      stays *= left
      made[i] = (come + renewed) / stays
    } else {
      // As good as everything ended: what stands counts as of today.
      stays = SURVIVAL_MIN
      begins = i
      made[i] = pib[i] / stays
    }
    flows.survival[i] = stays
  }
  for (let f = 0; f < sectorDays; f++) flows.laterPib[f] = dueOn(days + f) * stays
  return flows
}
