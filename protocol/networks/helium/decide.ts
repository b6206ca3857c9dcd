/** Commands become events or refusals here: read · refuse · write. The proof of coverage itself is in `decide-beacon.ts` and `decide-witness.ts`. */
import { isCell, resolutionOf } from "../../kernel/geometry.ts"
import type { Decide } from "../../kernel/network.ts"
import { mulDivFloor } from "../../kernel/money.ts"
import { reserve } from "../../kernel/table.ts"
import { canPay } from "../../ledger/ledger.ts"
import { registryDecide } from "../../registry/decide.ts"
import type { Commands, Refusal } from "./commands.ts"
import { decideBeacon } from "./decide-beacon.ts"
import { decideRegime } from "./decide-regime.ts"
import { decideVehnt } from "./decide-vehnt.ts"
import { decideWitness } from "./decide-witness.ts"
import { decideMobile } from "./decide-mobile.ts"
import type { Events } from "./events.ts"
import { findPath, measure } from "./path.ts"
import { isStale, priceOf } from "./price.ts"
import { BONES, type State } from "./state.ts"
import type { params } from "./params.ts"

/** Hotspots assert cells of this resolution (helium-program-library; about 307 m²). */
const ASSERTED_RESOLUTION = 12
/** Engines may differ in the last bit of a centre; a tenth of a metre is far above that and far below a cell. */
const CENTRE_E7 = 10
/** $1 buys 10^5 Data Credits. */
const CREDITS_PER_USD = 100_000

export const decide: Decide<State, Commands, Events, typeof params, Refusal> = {
  ...registryDecide,
  ...decideBeacon,
  ...decideWitness,
  ...decideMobile,
  ...decideRegime,
  ...decideVehnt,

  /** A location is a cell of resolution 12 and its centre: what the verifier measures between must be where the cell is. */
  AssertLocation(state, rows, begin, end, to) {
    for (let i = begin; i < end; i++) {
      const cell = (BigInt(rows.hexHi[i]) << 32n) | BigInt(rows.hexLo[i])
      if (!isCell(cell) || resolutionOf(cell) !== ASSERTED_RESOLUTION) {
        to.refuse(i, "location_is_no_cell")
        continue
      }
      const { latE7, lngE7 } = to.ports.geometry.centre(cell)
      if (Math.abs(latE7 - rows.latE7[i]) > CENTRE_E7 || Math.abs(lngE7 - rows.lngE7[i]) > CENTRE_E7) {
        to.refuse(i, "centre_is_not_the_cells")
        continue
      }
      registryDecide.AssertLocation(state, rows, i, i + 1, to)
    }
  },

  /** A radio can be registered for any known hotspot, and again when it changes. */
  ConfigureHotspot({ registry }, rows, begin, end, { out, refuse }) {
    const to = out.HotspotConfigured
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      if (registry.nodes.status[rows.node[i]] !== 1) {
        refuse(i, "gateway_not_found")
        continue
      }
      const j = to.length++
      to.node[j] = rows.node[i]
      to.region[j] = rows.region[i]
      to.gainDdbi[j] = rows.gainDdbi[i]
      to.capable[j] = rows.capable[i]
    }
  },

  /** A pair is measured once; again only when one of the two has moved. */
  MeasurePath(state, rows, begin, end, { out, refuse, ports }) {
    const { assertions } = state.registry.nodes
    const to = out.PathMeasured
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      const beaconer = rows.beaconer[i]
      const witness = rows.witness[i]
      if (!(assertions[beaconer] > 0 && assertions[witness] > 0)) {
        refuse(i, "not_asserted")
        continue
      }
      if (findPath(state, beaconer, witness) >= 0) {
        refuse(i, "path_is_known")
        continue
      }
      const found = measure(state, beaconer, witness, ports.geometry)
      const j = to.length++
      to.beaconer[j] = beaconer
      to.witness[j] = witness
      to.cells[j] = found.cells
      to.metres[j] = found.metres
      to.spaceLossNanoDb[j] = found.spaceLossNanoDb
    }
  },

  PublishDenylist({ registry }, rows, begin, end, { out, refuse }) {
    const to = out.DenylistChanged
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      if (!(registry.nodes.status[rows.node[i]] > 0)) {
        refuse(i, "gateway_not_found")
        continue
      }
      const j = to.length++
      to.node[j] = rows.node[i]
      to.denied[j] = rows.denied[i]
    }
  },

  /** An edge is undirected. Both ends must be known hotspots. */
  DenyEdge({ registry }, rows, begin, end, { out, refuse }) {
    const to = out.EdgeDenied
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      if (!(registry.nodes.status[rows.a[i]] > 0 && registry.nodes.status[rows.b[i]] > 0)) {
        refuse(i, "gateway_not_found")
        continue
      }
      const j = to.length++
      to.a[j] = rows.a[i]
      to.b[j] = rows.b[i]
      to.denied[j] = rows.denied[i]
    }
  },

  /** dc = floor(HNT × price × 10^5): one credit is $0.00001 (helium-program-library mint_data_credits_v0.rs). */
  MintCredits(state, rows, begin, end, { out, params, refuse }) {
    const { economy, ledger, total } = state
    const to = out.CreditsMinted
    reserve(to, end - begin)
    const price = priceOf(state, params)
    for (let i = begin; i < end; i++) {
      const hnt = rows.hnt[i]
      if (economy.pacePermille[0] === 0) {
        refuse(i, "ledger_is_halted")
        continue
      }
      if (isStale(price, rows.at[i], params.priceStaleMintSeconds)) {
        refuse(i, "price_is_stale")
        continue
      }
      if (price.lowE8 <= 0) {
        refuse(i, "price_is_not_usable")
        continue
      }
      if (!canPay(ledger, "hnt", ledger.account.circulation, hnt)) {
        refuse(i, "supply_is_too_small")
        continue
      }
      if (total.hntBurnedEpoch[0] + economy.burnOverage[0] + hnt > Number.MAX_SAFE_INTEGER) {
        refuse(i, "epoch_burn_is_full")
        continue
      }
      const j = to.length++
      to.hnt[j] = hnt
      to.dc[j] = mulDivFloor(hnt, price.lowE8, (BONES / CREDITS_PER_USD) * BONES)
    }
  },

  /** Traffic is paid before it is rewarded: no credits, no event. While the ledger is down it is carried all the same. */
  ReportTransfer({ economy, ledger, registry }, rows, begin, end, { out, refuse }) {
    const to = economy.pacePermille[0] === 0 ? out.TransferQueued : out.DataTransferred
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      if (registry.nodes.status[rows.node[i]] !== 1) {
        refuse(i, "gateway_not_found")
        continue
      }
      if (!canPay(ledger, "dc", ledger.account.credit_holders, rows.dc[i])) {
        refuse(i, "payer_is_out_of_credits")
        continue
      }
      const j = to.length++
      to.node[j] = rows.node[i]
      to.dc[j] = rows.dc[i]
    }
  },
}
