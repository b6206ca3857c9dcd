/** The perturbations, each as a plan: what is done to whom, for how long, and what must be so meanwhile. */
import { execFileSync, spawnSync } from "node:child_process"
import { mkdirSync, openSync, closeSync, rmSync, writeSync } from "node:fs"
import { join } from "node:path"
import { hexOf, newKeyPair, signCommand } from "../ledger/command.ts"
import { toWords } from "../ledger/words.ts"
import { GatewayClient } from "../node/client.ts"
import { newEngineKey, readValidatorKey, type EngineSettings } from "./engine-home.ts"
import type { Hosts } from "./hosts.ts"
import { SKEW_VARIABLE } from "./skewed-engine.ts"
import type { Plan, Trial } from "./trial.ts"
import { sleep } from "./trial-load.ts"
import type { Genesis } from "../ledger/genesis.ts"
import type { Validator } from "./validator-network.ts"
import type { QuorumSeen } from "./watch.ts"

const SKEW_MS = 3_600_000
const others = (i: number): readonly number[] => [0, 1, 2, 3].filter((k) => k !== i)

export const quorumOf = async ({ gateway }: Validator): Promise<QuorumSeen> =>
  (await (await fetch(`${gateway}/v1/validators`, { signal: AbortSignal.timeout(3000) })).json()) as QuorumSeen

/** The block that a newcomer is told to trust: one that every other has. */
export async function trusted(trial: Trial, but: number): Promise<NonNullable<EngineSettings["stateSync"]>> {
  const from = trial.network.all.filter((_, i) => i !== but)
  const height = Number((await from[0].rpc.status()).sync_info.latest_block_height) - 5
  const { block_id } = await from[0].rpc.block(height)
  return { rpcs: from.slice(0, 2).flatMap((v) => v.rpc.endpoints), height, hash: block_id.hash }
}

export const kill = (trial: Trial, i: number): Plan => {
  let back: Promise<number> | undefined
  return {
    name: `kill -9 of v${i}`,
    expected: "lives",
    away: [i],
    seconds: 6,
    act() {
      trial.network.all[i].pair.signal("SIGKILL")
      back = trial.until("the killed one's return", () => trial.level(0))
      // Looked at in a while.
      back.catch(() => {})
    },
    look: () => Promise.resolve("started again by itself; the seconds are from the kill"),
    returned: () => back!,
  }
}

/** The claim itself: whichever one of four is away, the nodes are paid. */
export const away = (trial: Trial, i: number): Plan => ({
  name: `v${i} away`,
  expected: "lives",
  away: [i],
  seconds: 8,
  pays: true,
  act: () => trial.network.all[i].pair.stop(),
  undo: () => trial.network.all[i].pair.start(),
})

export const pause = (trial: Trial, i: number): Plan => ({
  name: `pause of v${i}, 10 s`,
  expected: "lives",
  away: [i],
  seconds: 10,
  act: () => trial.network.all[i].pair.signal("SIGSTOP"),
  undo: () => trial.network.all[i].pair.signal("SIGCONT"),
})

export const restart = (trial: Trial, i: number): Plan => ({
  name: `restart of v${i}`,
  expected: "lives",
  away: [i],
  seconds: 6,
  act: async () => {
    await trial.network.all[i].pair.stop()
    trial.network.all[i].pair.start()
  },
})

export const upgrade = (trial: Trial, i: number, engine: string): Plan => {
  const validator = trial.network.all[i]
  let from = ""
  return {
    name: `upgrade of v${i}`,
    expected: "lives",
    away: [i],
    seconds: 8,
    act: async () => {
      from = (await validator.rpc.status()).node_info.version
      await validator.pair.stop()
      validator.pair.engine = engine
      validator.pair.start()
    },
    look: async () => {
      await trial.until("the upgraded engine", async () => (await trial.heights([validator]))[0] !== null, 20_000)
      return `${from} → ${(await validator.rpc.status()).node_info.version}`
    },
  }
}

export const oneAgainstThree = (hosts: Hosts, i: number): Plan => ({
  name: `partition 1|3, v${i} alone`,
  expected: "lives",
  away: [i],
  seconds: 12,
  pays: true,
  act: () => hosts.cut([i], others(i)),
  undo: () => hosts.heal(),
})

/** `shoot` takes a picture of the page while it says so. */
export const twoAgainstTwo = (trial: Trial, hosts: Hosts | undefined, shoot: (url: string) => Promise<void>): Plan => ({
  name: hosts === undefined ? "two of four away" : "partition 2|2",
  expected: "halts, then heals",
  away: hosts === undefined ? [2, 3] : [],
  seconds: 14,
  async act() {
    if (hosts === undefined) await Promise.all([2, 3].map((i) => trial.network.all[i].pair.stop()))
    else hosts.cut([0, 1], [2, 3])
  },
  async look() {
    const { sentence } = await quorumOf(trial.network.all[0])
    if (!sentence.startsWith("Halted, safe")) throw new Error(`the page says: ${sentence}`)
    await shoot(trial.network.all[0].gateway)
    return `page: “${sentence}”`
  },
  undo() {
    if (hosts === undefined) for (const i of [2, 3]) trial.network.all[i].pair.start()
    else hosts.heal()
  },
})

/** One application answers a wrong app hash: its engine refuses the next block and stands still, and it comes back by state sync. */
export const lie = (trial: Trial, i: number): Plan => {
  const { network } = trial
  let stuck = 0
  return {
    name: `v${i} lies about its app hash`,
    expected: "lives",
    away: [i],
    seconds: 6,
    pays: true,
    act: async () => {
      const [height] = await trial.heights([network.all[i]])
      await network.all[i].pair.stop()
      network.configure(i, { trial: { lieFrom: height! + 8 } })
      network.all[i].pair.start()
      const left = async (): Promise<boolean> => {
        const heights = await trial.heights()
        stuck = heights[i] ?? stuck
        return heights[i] !== null && Math.max(...heights.map((h) => h ?? 0)) > stuck + 12
      }
      await trial.until("the others' parting from the liar", left, 60_000)
    },
    look: async () => {
      const [now] = await trial.heights([network.all[i]])
      if (now !== null && now !== stuck) throw new Error(`the liar went on from ${stuck} to ${now}`)
      return `the liar stood still at ${stuck}, and joined again from nothing by state sync`
    },
    undo: async () => {
      await network.all[i].pair.stop()
      network.configure(i, { stateSync: await trusted(trial, i) })
      network.forget(i)
      network.all[i].pair.start()
    },
  }
}

/** A small file system of its own for one validator's folder, so that it can be filled. */
export const mountSmall = (dir: string): void => {
  mkdirSync(dir, { recursive: true })
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=160m", "tmpfs", dir])
}
export const unmountSmall = (dir: string): void => void spawnSync("umount", ["-l", dir])

export const fullDisk = (trial: Trial, i: number): Plan => {
  const filler = join(trial.network.all[i].home.dir, "filler")
  return {
    name: `full disk of v${i}`,
    expected: "lives",
    away: [i],
    seconds: 12,
    pays: true,
    act() {
      const fd = openSync(filler, "w")
      try {
        // Down to the last byte.
        for (let size = 1024 * 1024; size >= 1;)
          try {
            writeSync(fd, Buffer.alloc(size, 1))
          } catch {
            size = Math.floor(size / 2)
          }
      } finally {
        closeSync(fd)
      }
    },
    look: async () => {
      const [height] = await trial.heights([trial.network.all[i]])
      return height === null ? "its engine stopped" : "its engine stood still; its pair started again when others went on"
    },
    undo: () => rmSync(filler),
  }
}

export const skew = (trial: Trial, i: number, engine: string): Plan => {
  const { pair } = trial.network.all[i]
  const own = pair.engine
  const off = async (): Promise<number> => Date.parse((await trial.network.all[0].rpc.block()).block!.header.time) - Date.now()
  return {
    name: `clock of v${i} an hour ahead`,
    expected: "lives",
    away: [i],
    seconds: 14,
    act: async () => {
      await pair.stop()
      pair.engine = engine
      pair.env = { [SKEW_VARIABLE]: String(SKEW_MS) }
      pair.start()
    },
    look: async () => {
      const [voted] = [(await quorumOf(trial.network.all[0])).validators[i]]
      const ms = await off()
      if (Math.abs(ms) > 20_000) throw new Error(`block time is ${ms} ms off`)
      return `it ${voted.away ? "does not vote" : "votes"}, and block time is ${Math.round(ms)} ms off the harness' clock`
    },
    undo: async () => {
      await pair.stop()
      pair.engine = own
      pair.env = {}
      pair.start()
    },
  }
}

/** A second node with a validator's key. The evidence ends in a block, and the protocol takes the key's power. */
export const doubleSign = (trial: Trial, i: number, host: number, made: (twin: Validator) => void): Plan => {
  let twin: Validator | undefined
  return {
    name: `v${i}'s key signs twice`,
    expected: "lives",
    away: [i],
    seconds: 6,
    act: async () => {
      twin = trial.network.newcomer("twin", host, readValidatorKey(trial.network.all[i].home.engine))
      made(twin)
      twin.pair.start()
      const jailed = async (): Promise<boolean> =>
        (await quorumOf(trial.network.all[0]).catch(() => undefined))?.validators[i].status === "jailed"
      await trial.until("the evidence", jailed, 90_000)
    },
    look: () => Promise.resolve("evidence stands in a block, its power is 0 and its stake stays bonded"),
    undo: () => twin?.pair.stop(),
  }
}

/** A newcomer with a key of its own gets the state by snapshot, and a place by stake. */
export const joinByStateSync = (trial: Trial, genesis: Genesis, host: number, made: (node: Validator) => void): Plan => {
  const key = newEngineKey()
  const operator = newKeyPair()
  let node: Validator | undefined
  return {
    name: "a newcomer joins by state sync and stake",
    expected: "lives",
    away: [],
    seconds: 8,
    act: async () => {
      node = trial.network.newcomer("new", host, key, await trusted(trial, -1))
      made(node)
      node.pair.start()
      await trial.until("state sync", async () => ((await trial.heights([node!]))[0] ?? 0) > 0, 60_000)
      await trial.until("catching up", async () => !(await node!.rpc.status()).sync_info.catching_up, 60_000)
      const client = new GatewayClient(trial.network.all.map((v) => v.gateway))
      const { time } = await client.status()
      const sign = (network: string, type: string, nonce: number, row: Record<string, number | string>) =>
        signCommand(operator, { chain: genesis.chain, expiryS: time + 80_000, network, nonce, type, row })
      const good = async (bytes: Uint8Array): Promise<void> => {
        const [{ reason }] = await client.submit(bytes)
        if (reason !== "") throw new Error(`the bond is refused: ${reason}`)
      }
      await good(sign("gate", "OpenAccount", 1, {}))
      const words = toWords("k", key.publicKey)
      await good(sign("validators", "Bond", 2, { ...words, stakeAtto: String(100n * 10n ** 18n) }))
    },
    look: async () => {
      const floor = Number((await node!.rpc.status()).sync_info.earliest_block_height)
      const powers = await node!.rpc.query<Record<string, string>>("powers")
      if (powers[hexOf(key.publicKey)] !== "100") throw new Error("it has no power")
      if (floor < 2) throw new Error("it has every block: nothing was synced")
      const voting = async (): Promise<boolean> => Number((await node!.rpc.status()).validator_info.voting_power) === 100
      await trial.until("its first vote", voting, 20_000)
      await sleep(1000)
      return `its first block is ${floor}, and it votes with power 100`
    },
  }
}
