/**
 * One validator's application as a process: `node application-process.ts validator.json`. It serves ABCI on a Unix socket and, where it is
 * told to, the gateway over its own replica. It goes down with its engine and with whoever started it: a pair lives and dies as one.
 */
import { readFileSync, rmSync, writeSync } from "node:fs"
import { dirname } from "node:path"
import { RecordProblem } from "../../protocol/boundary/durable.ts"
import { startGateway } from "../gateway/server.ts"
import { serveAbci } from "./abci-server.ts"
import { ChainStore } from "./chain-store.ts"
import { CometLedger } from "./comet-ledger.ts"
import type { ValidatorConfig } from "./layout.ts"
import { CometRpc } from "./rpc.ts"
import { ValidatorApp } from "./validator-app.ts"
import { Watch } from "./watch.ts"

const tell = (sentence: string): void => void writeSync(2, `${new Date().toISOString()} ${sentence}\n`)
const config = JSON.parse(readFileSync(process.argv[2], "utf8")) as ValidatorConfig
const { trial } = config

try {
  const store = new ChainStore(config.chain, {
    snapshotEveryBlocks: config.snapshotEveryBlocks,
    tell,
    between: (step, height) => {
      if (trial?.dieAt?.step === step && trial.dieAt.height === height) process.kill(process.pid, "SIGKILL")
    },
  })
  let ledger: CometLedger | undefined
  const app = new ValidatorApp(store, {
    tell,
    lieFrom: trial?.lieFrom,
    onCommit: (block, outcomes, seen) => ledger?.committed(block, outcomes, seen),
  })
  rmSync(config.socket, { force: true })
  const stop = (why: string): void => {
    tell(`stops: ${why}`)
    process.exit(0)
  }
  await serveAbci(app, config.socket, tell, () => stop("the engine closed its connection"))
  if (config.rpc !== undefined && config.gateway !== undefined) {
    const others = (config.peers ?? []).map((p) => p.rpc).filter((rpc) => rpc !== config.rpc)
    ledger = new CometLedger(app, new CometRpc([config.rpc, ...others]), dirname(config.chain), config.limits)
    const watch = new Watch(app, config, () => stop("its engine stands still while others go on"))
    ledger.onBlock(() => watch.sawBlock())
    ledger.validators = () => watch.read()
    const gateway = await startGateway(ledger, { ...config.gateway, ...config.limits })
    tell(`gateway ${gateway.url}`)
  }
  const { height, appHash } = app.application.info()
  tell(`application of ${config.name} at block ${height}, app hash ${appHash.slice(0, 16)}`)
  process.on("SIGTERM", () => stop("it was asked to"))
  // Whoever started this process holds the other end of a channel: when that is gone, nobody would look after it.
  if (process.connected) process.on("disconnect", () => stop("its supervisor is gone"))
  process.send?.({ height, appHash })
} catch (error) {
  tell(error instanceof RecordProblem ? error.message : ((error as Error).stack ?? String(error)))
  process.exit(1)
}
