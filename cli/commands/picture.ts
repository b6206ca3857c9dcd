/** blackstart testnet render: real nodes render a picture, tile by tile; it is fetched when all of them stood the checks. */
import { homedir } from "node:os"
import { join } from "node:path"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { does } from "../does.ts"
import { mistake } from "../failure.ts"

const ARTIST_HOME = join(homedir(), ".blackstart", "artist")
const LOOK_MS = 500

interface Input {
  readonly seed: number
  readonly width: number
  readonly height: number
  readonly tile: number
  readonly samples: number
  readonly out: string
  readonly gateway: string
  readonly home: Option.Option<string>
}
const number = (name: string, words: string, usual: number) =>
  Flag.Int(name).pipe(Flag.withDescription(`${words} (default ${usual})`), Flag.withDefault(usual))

export const picture = Command.make(
  "render",
  {
    seed: number("seed", "Which scene: a 32-bit number", 7),
    width: number("width", "Pixels across", 320),
    height: number("height", "Pixels down", 200),
    tile: number("tile", "Side of a tile in pixels", 32),
    samples: number("samples", "Paths a pixel", 64),
    out: Flag.String("out").pipe(
      Flag.withDescription("The picture's file (default picture.png)"),
      Flag.withDefault("picture.png"),
    ),
    gateway: Flag.String("gateway").pipe(
      Flag.withDescription("A gateway of the testnet (default http://127.0.0.1:8780)"),
      Flag.withDefault("http://127.0.0.1:8780"),
    ),
    home: Flag.String("home").pipe(
      Flag.withDescription("The artist's folder, with its key (default ~/.blackstart/artist)"),
      Flag.optional,
    ),
  },
  does(async ({ seed, width, height, tile, samples, out, gateway, home }: Input) => {
    const { Home } = await import("../../testnet/node/home.ts")
    const { GatewayClient } = await import("../../testnet/node/client.ts")
    const { Artist } = await import("../../testnet/node/artist.ts")
    const { replaceFile } = await import("../../protocol/boundary/durable.ts")
    const say = (line: string): void => void process.stdout.write(`${line}\n`)
    const client = new GatewayClient([gateway])
    const own = new Home(Option.getOrElse(home, () => ARTIST_HOME))
    const asked = await new Artist(client, own.key()).order({ seed, width, height, tile, samples })
    say(`picture ${asked}: asked for; watch it at ${gateway.replace(/\/+$/u, "")}/pictures/${asked}.png`)
    let told = -1
    for (;;) {
      const now = (await client.pictures()).find((p) => p.picture === asked)!
      if (now.approved + now.delivered !== told) {
        told = now.approved + now.delivered
        say(
          `${now.approved} of ${now.tiles} tiles approved, ${now.delivered} delivered, ${now.rejected} rejected and rendered again`,
        )
      }
      if (now.status === "given up") mistake(`picture ${asked} was given up: too many nodes forged its tiles`)
      const made = now.status === "finished" ? await client.picture(asked) : undefined
      if (made?.missing === 0) {
        replaceFile(out, made.png)
        say(`${out}: ${width} × ${height} pixels`)
        return
      }
      await new Promise((next) => setTimeout(next, LOOK_MS))
    }
  }),
).pipe(Command.withDescription("Have a picture rendered by real nodes of a chain that renders, and fetch it as PNG"))
