/** blackstart testnet deploy: a folder becomes a site that real nodes bid for and serve. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { homedir } from "node:os"
import { join } from "node:path"
import { does } from "../does.ts"
import { mistake } from "../failure.ts"

const TENANT_HOME = join(homedir(), ".blackstart", "tenant")
const GROUPS_MAX = 20

const name = Flag.String("name").pipe(Flag.withDescription("The site's name: small letters, digits and hyphens"))
const gateway = Flag.String("gateway").pipe(
  Flag.withDescription("A gateway of the testnet (default http://127.0.0.1:8780)"),
  Flag.withDefault("http://127.0.0.1:8780"),
)
const home = Flag.String("home").pipe(
  Flag.withDescription("The tenant's folder, with its key (default ~/.blackstart/tenant)"),
  Flag.optional,
)

interface Shared {
  readonly name: string
  readonly gateway: string
  readonly home: Option.Option<string>
}

async function tenantOf(input: Shared) {
  const { Home } = await import("../../testnet/node/home.ts")
  const { GatewayClient } = await import("../../testnet/node/client.ts")
  const { Tenant } = await import("../../testnet/node/tenant.ts")
  const own = new Home(Option.getOrElse(input.home, () => TENANT_HOME))
  return new Tenant(new GatewayClient([input.gateway]), own.key())
}

export const deploy = Command.make(
  "deploy",
  {
    folder: Argument.String("folder").pipe(Argument.withDescription("The site: a folder with an index.html")),
    name,
    replicas: Flag.Int("replicas").pipe(Flag.withDescription("Providers that serve it at once (default 3)"), Flag.withDefault(3)),
    gateway,
    home,
  },
  does(async (input: Shared & { readonly folder: string; readonly replicas: number }) => {
    if (input.replicas < 1 || input.replicas > GROUPS_MAX) mistake(`--replicas may be 1 to ${GROUPS_MAX}`)
    const { readFolder } = await import("../../testnet/node/tenant.ts")
    const files = readFolder(input.folder)
    const path = await (await tenantOf(input)).deploy(input.name, files, input.replicas)
    process.stdout.write(
      `${input.name}: ${files.length} file(s) promised to the chain, ${input.replicas} order(s) open; providers have two chain minutes to bid\nvisit ${input.gateway.replace(/\/+$/u, "")}${path}\n`,
    )
  }),
).pipe(
  Command.withDescription("Deploy a folder as a site on a chain with leases: real nodes bid for it and serve it"),
  Command.withExamples([
    { command: "blackstart testnet deploy site --name hello", description: "Three nodes serve it; one that dies is replaced" },
  ]),
)

export const undeploy = Command.make(
  "undeploy",
  { name, gateway, home },
  does(async (input: Shared) => {
    await (await tenantOf(input)).undeploy(input.name)
    process.stdout.write(`${input.name} is ended; what was left of its deposit went back\n`)
  }),
).pipe(Command.withDescription("End a site of one's own"))
