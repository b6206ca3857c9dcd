/** The doors that a network's live face needs: one for each kind of real work it asks for. */
import type { Evidence } from "../../protocol/kernel/live.ts"
import { coverageDoor } from "./coverage-door.ts"
import type { Door, Host } from "./doors.ts"
import { leaseDoor } from "./lease-door.ts"
import { renderDoor } from "./render-door.ts"
import { storageDoor } from "./storage-door.ts"

/** Which door looks at which evidence. */
export const DOOR_OF = {
  announcement: "storage",
  seal: "storage",
  possession: "storage",
  site: "lease",
  scene: "render",
  tiles: "render",
  receipts: "coverage",
} as const satisfies Record<Evidence, string>

export type Doors = Partial<Record<(typeof DOOR_OF)[Evidence], Door>>

export const doorsOf = (host: Host): Doors => ({
  ...(host.live.storage === undefined ? {} : { storage: storageDoor(host) }),
  ...(host.live.render === undefined ? {} : { render: renderDoor(host) }),
  ...(host.live.coverage === undefined ? {} : { coverage: coverageDoor(host) }),
  ...(host.live.lease === undefined ? {} : { lease: leaseDoor(host) }),
})
