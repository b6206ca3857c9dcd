/** Every number of Render that no rule file fixes, and the dated regimes. What people, machines and markets are like is in params-world.ts and params-market.ts. */
import { params as declare, type Preset, underTopics } from "../../kernel/param.ts"
import { topics } from "./topics.ts"
import { marketParams } from "./params-market.ts"
import { worldParams } from "./params-world.ts"

const SHEET = "facts/render.md"

const protocolParams = declare({
  tier1ObhPerCredit: {
    default: 25,
    unit: "OBh per credit",
    range: [1, 1000],
    source: `${SHEET} §A1: €1 = 100 OBh, a credit is €0.25`,
    because: "Tier 1's price. No job reaches it: the tier was never released.",
  },
  tier2ObhPerCredit: {
    default: 100,
    unit: "OBh per credit",
    range: [50, 200],
    source: `${SHEET} §A1: 10,000 OBh per 100 credits; the published range is 200–400 OBh per euro`,
    because: "Tier 2's price: €0.0025 an OBh.",
  },
  tier3ObhPerCredit: {
    default: 200,
    unit: "OBh per credit",
    range: [100, 400],
    source: `${SHEET} §A1: 20,000 OBh per 100 credits; the published range is 800–1,600 OBh per euro`,
    because: "Tier 3's price: €0.00125 an OBh. Observed payouts per OBh of the two tiers stand 1.95 : 1.",
  },
  creditMicroEur: {
    default: 250_000,
    unit: "microEUR per credit",
    range: [100_000, 1_000_000],
    source: `${SHEET} §A1, DERIVED: 96 of 97 weeks of burns within the euro's course`,
    because: "Credits are priced in euros: a price shock changes how many tokens are burnt, not what artists pay.",
  },
  burnPermille: {
    default: 950,
    unit: "‰ of spending",
    range: [0, 1000],
    source: "RNP-001, RNP-006; inferred from 97 weeks (CONFLICT: SOD speaks of a 5 % fee that is burnt)",
    because: "What is bought on the market and burnt; the rest is OTOY's fee.",
  },
  jobPoolPermille: {
    default: 1000,
    unit: "‰ of the schedule",
    range: [0, 10_000],
    source: "assumption, ours: RNP-013 moved the pool from 47,435 to 15,000 a week at a stroke",
    because: "Scales the week's job pool, so that a change of emission can be tried.",
  },
  remintPermille: {
    default: 0,
    unit: "‰ of what is burnt",
    range: [0, 950],
    source: "assumption, off: RNP-001 forbids minting by burns on the render side; RNP-023 pays its chefs 56 % of revenue so",
    because: "Pays nodes, beside the schedule, this part of the week's burn: pay that follows euros and not the token's price.",
  },
  yearDampingPermille: {
    default: 945,
    unit: "‰ a year",
    range: [500, 1000],
    source:
      "RNP-001's growth damping of 0.945; its year table is not public from year 4 on (UNVERIFIED). CONFLICT: 0.945 reaches the cap in year 37, RNP-023 says about year 60, which takes 0.938",
    because: "How emission falls after year 3. Years 1 to 3 are published.",
  },
  epochDays: {
    default: 7,
    unit: "days",
    range: [1, 7],
    source: `${SHEET} §A4: weekly from Wednesday 2023-12-20; daily epochs are announced`,
    because: "How often spending is burnt and rewards are minted. Pools of shorter epochs are parts of the week's.",
  },
  availabilityOn: {
    default: 1,
    unit: "0 or 1",
    range: [0, 1],
    source: "RNP-015; paid since 2024-06-05",
    because: "Idle nodes share a pool by availability points.",
  },
  approveAfterHours: {
    default: 72,
    unit: "h",
    range: [1, 336],
    source: "know.rendernetwork.com, review and approve",
    because: "An artist's silence approves; exactly this long is enough.",
  },
  rerendersMax: {
    default: 3,
    unit: "failed re-renders",
    range: [1, 10],
    source: "know.rendernetwork.com, review and approve",
    because: "So many failed re-renders of a frame quarantine its job.",
  },
  framesPerMatch: {
    default: 20,
    unit: "frames",
    range: [1, 1000],
    source: "simplified: on mainnet a frame is the unit of dispatch, which is 1 here",
    because:
      "Frames handed to a node at once. They are rendered one after the other and a lost node loses only what it had not finished.",
  },
  creatorNodesMax: {
    default: 100,
    unit: "nodes",
    range: [1, 10_000],
    source: "assumption: that reputation raises a creator's concurrency is published, the function is not (UNVERIFIED)",
    because: "Nodes a creator of full reputation may hold at once; a lower one may hold proportionally less, and always one.",
  },
  promotePermille: {
    default: 950,
    unit: "‰",
    range: [0, 1000],
    source: "assumption: promotion by reputation is published, its threshold is not (UNVERIFIED)",
    because: "A tier 3 node of this reputation and enough strength becomes tier 2 at the end of an epoch.",
  },
  demotePermille: {
    default: 800,
    unit: "‰",
    range: [0, 1000],
    source: "assumption (UNVERIFIED)",
    because: "A tier 2 node below this reputation becomes tier 3 at the end of an epoch.",
  },
  tier2ObMin: {
    default: 600,
    unit: "OctaneBench score",
    range: [1, 20_000],
    source: "assumption: tier 2 has the better nodes; observed, it did about 0.7 of the OBh (facts/prices-and-demand.md §4.4)",
    because: "The least strength of a tier 2 node.",
  },
  tier2TakesTier3: {
    default: 1,
    unit: "0 or 1",
    range: [0, 1],
    source: "assumption: that job and node match by tier is published, not whether a better node may do a lower tier's work",
    because: "A tier 2 node that waits may take an economy job when no priority job fits it.",
  },
  standstillAfterS: {
    default: 900,
    unit: "s",
    range: [60, 86_400],
    source: "assumption",
    because:
      "Longer between two rounds of the matchmaker and the service is held to have stood still: artists' 72 hours stood too.",
  },
  alarmDropsPermille: {
    default: 50,
    unit: "‰ of sessions",
    range: [1, 1000],
    source: "assumption, ours",
    because: "An hour that loses more sessions by silence is when the network is held to have noticed an outage.",
  },
  circulatingRender: {
    default: 518_000_000,
    unit: "RENDER",
    range: [1, 644_245_094],
    source: "assumption: near the market's figure of 2025; the cap without BME emission is 536,870,912 (RNP-001)",
    because: "RENDER outside nodes at the start: what is bought and burnt comes from it.",
  },
  subnetOn: {
    default: 1,
    unit: "0 or 1",
    range: [0, 1],
    source: "RNP-019; live since 2025-07-28",
    because: "The compute subnet takes nodes and pays them from the nodes' part of the emission.",
  },
  subnetAvailabilityRender: {
    default: 2,
    unit: "RENDER per epoch",
    range: [0, 6],
    source: "RNP-019: 2, the Foundation may raise it to 6; Dispersed shows 6 (CONFLICT)",
    because: "What a compute node has for a week of being there.",
  },
  subnetJobRender: {
    default: 10,
    unit: "RENDER per epoch",
    range: [0, 100],
    source: "RNP-019",
    because: "What a week of work at a multiplier of 1 pays a compute node.",
  },
  enterpriseOn: {
    default: 1,
    unit: "0 or 1",
    range: [0, 1],
    source: "RNP-021",
    because: "Enterprise nodes may join.",
  },
  enterpriseJobRender: {
    default: 25,
    unit: "RENDER per epoch",
    range: [0, 100],
    source: "RNP-021",
    because: "What a week of work at a multiplier of 1 pays an enterprise node.",
  },
  saladOn: {
    default: 0,
    unit: "0 or 1",
    range: [0, 1],
    source: "RNP-023 (approved, on the roadmap; May 2026)",
    because: "The Salad subnet's payments burn, and its chefs are paid a day later at the day's average price.",
  },
})

export const params = underTopics({ ...protocolParams, ...worldParams, ...marketParams }, topics)
export type RenderParams = typeof params

/** One sentence when parameters do not fit together. */
export const coherent = (v: { readonly [K in keyof RenderParams]: number }): string | undefined =>
  v.demotePermille > v.promotePermille
    ? `demotePermille ${v.demotePermille} is above promotePermille ${v.promotePermille}: a node would change its tier every week`
    : v.exitBelowPermille > v.enterAbovePermille
      ? `exitBelowPermille ${v.exitBelowPermille} is above enterAbovePermille ${v.enterAbovePermille}: operators would come and go for one and the same margin`
      : undefined

export const presets = {
  "bme-2023-12-20": {
    because: "The equilibrium begins (RNP-006): large job pools, no availability rewards, no compute subnet.",
    from: "2023-12-20",
    to: "2024-06-04",
    values: { availabilityOn: 0, subnetOn: 0, enterpriseOn: 0, priceMicroUsd: 4_468_000 },
  },
  "rnp-013-2024-06-05": {
    because: "RNP-013 cuts the job pool to 15,000 a week, RNP-015 pays availability.",
    from: "2024-06-05",
    to: "2025-07-27",
    values: { subnetOn: 0, enterpriseOn: 0, priceMicroUsd: 7_678_000 },
  },
  "rnp-019-2025-07-28": {
    because: "The defaults: the compute subnet is live beside rendering (RNP-019, 021).",
    from: "2025-07-28",
    to: "2026-05-17",
    values: {},
  },
  "rnp-023-2026": {
    because:
      "The Salad subnet as approved in May 2026; its start is not confirmed. Its extra 88,240 a month are minted day by day from revenue.",
    from: "2026-05-18",
    values: { saladOn: 1, priceMicroUsd: 1_734_000 },
  },
} as const satisfies Readonly<Record<string, Preset<RenderParams>>>
