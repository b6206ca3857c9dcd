/** The quorum's promises, its clock, what a genesis may say of validators, and how its part of a block lies in the journal. */
import fc from "fast-check"
import { expect, test } from "vitest"
import { RecordProblem } from "../../protocol/boundary/durable.ts"
import { fromHex } from "../../protocol/kernel/hash.ts"
import { Report } from "../../protocol/kernel/invariant.ts"
import { hexOf, newKeyPair } from "./command.ts"
import { readGenesis } from "./genesis.ts"
import { decodeBlock, encodeBlock } from "./journal.ts"
import { Quorum, STEP_MS_MAX } from "./quorum-door.ts"
import { addressOf, quorum, VALIDATORS_MAX, type QuorumState } from "./quorum.ts"
import { ask, openChain, smallChain, smallGenesis } from "./small-chain.ts"

const validator = (name = "v0", stakeAtto = String(10n ** 18n)) => ({ name, key: hexOf(newKeyPair().publicKey), stakeAtto })
const genesis = smallGenesis(newKeyPair(), { validators: [validator(), validator("v1")] })

test.each(Object.keys(quorum.invariants))("the promise %s is caught when it breaks", (name) => {
  const { state } = new Quorum(genesis)
  const broken = () => {
    const report = new Report()
    quorum.invariants[name].check(state, report)
    return report.broken.length
  }
  expect(broken()).toBe(0)
  quorum.sabotage[name](state)
  expect(broken()).toBeGreaterThan(0)
})

test("the clock never goes back, loses no thousandth, and no block adds more than its step", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -5000, max: 20_000 }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 5000 }),
      (steps, speed) => {
        const q = new Quorum(genesis)
        let headerMs = 1_800_000_000_000
        let time = 1000
        let counted = 0
        for (const [k, step] of [0, ...steps].entries()) {
          headerMs += step
          const last = q.state.clock.headerMs[0]
          const next = q.timeAt(time, speed, headerMs)
          expect(next.time).toBeGreaterThanOrEqual(time)
          expect(next.time - time).toBeLessThanOrEqual(Math.ceil((STEP_MS_MAX * speed) / 1000))
          if (k > 0) counted += Math.min(Math.max(0, headerMs - last), STEP_MS_MAX) * speed
          time = next.time
          q.begin({ height: k + 1, time, commands: [], consensus: { headerMs, carryMilli: next.carryMilli, guilty: [] } })
          expect((time - 1000) * 1000 + next.carryMilli).toBe(counted)
        }
      },
    ),
    { numRuns: 60 },
  )
})

test("of two the guilty one is jailed; the last stays, whatever is proven against it", () => {
  const two = new Quorum(genesis)
  const [first] = two.powers().keys()
  two.begin({ height: 1, time: 1, commands: [], consensus: { headerMs: 1, carryMilli: 0, guilty: [addressOf(fromHex(first))] } })
  expect([two.state.validator.status[0], two.powers().size]).toEqual([4, 1])
  const q = new Quorum(smallGenesis(newKeyPair(), { validators: [validator()] }))
  const [key] = q.powers().keys()
  const { state } = q as { state: QuorumState }
  q.begin({
    height: 1,
    time: 1,
    commands: [],
    consensus: { headerMs: 1, carryMilli: 0, guilty: ["00", addressOf(fromHex(key))] },
  })
  expect([state.validator.status[0], q.powers().size]).toEqual([1, 1])
})

test("a genesis with bad validators is refused in a sentence", () => {
  const bad = [
    [],
    [null],
    [validator("V!")],
    [validator("v", "1")],
    [{ ...validator(), key: "00" }],
    Array(VALIDATORS_MAX + 1).fill(validator()),
  ]
  const twin = validator()
  for (const validators of [...bad, [twin, { ...twin, name: "v1" }]])
    expect(() => readGenesis({ ...genesis, validators }), JSON.stringify(validators).slice(0, 80)).toThrow(RecordProblem)
  expect(readGenesis(genesis).validators).toHaveLength(2)
})

test("a chain with one sequencer has nothing to bond to", async () => {
  const chain = smallChain()
  const ledger = openChain(chain)
  const bond = ask(chain, chain.authority, "Bond", { stakeAtto: "1" }, { network: "validators" })
  expect((await ledger.submit(bond)).reason).toBe("has_no_validators")
  await ledger.close()
})

test("what validators agreed on comes back from the journal; bytes that do not read as it make the block none", () => {
  const consensus = { headerMs: 1_800_000_000_123, carryMilli: 999, guilty: ["ab"] }
  const block = { height: 3, time: 4, previous: new Uint8Array(32).fill(7), commands: [new Uint8Array([1, 2, 3])], consensus }
  const payload = Buffer.from(encodeBlock(block)).subarray(12)
  expect(decodeBlock(payload)?.consensus).toEqual(consensus)
  expect(decodeBlock(Buffer.from(encodeBlock({ ...block, consensus: undefined })).subarray(12))?.consensus).toBeUndefined()
  for (const cut of [1, 5, 20]) expect(decodeBlock(payload.subarray(0, payload.length - cut))).toBeUndefined()
  expect(decodeBlock(Buffer.concat([payload, Buffer.from([0])]))).toBeUndefined()
})
