/** A tenant's side of a site: its folder becomes a manifest, its promise a deployment on the chain, its content known to gateways. */
import { lstatSync, readdirSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import { explainFailure, RecordProblem } from "../../protocol/boundary/durable.ts"
import { hexOf, sha256 } from "../ledger/command.ts"
import { siteEvidence } from "../ledger/lease-door.ts"
import { FILES_MAX, makeManifest } from "../site/manifest.ts"
import { isPath } from "../site/path.ts"
import { Patron } from "./patron.ts"

/** uakt a block that a tenant pays at most for a replica, in the chain's 1e-6: 1,000 uakt. */
export const MAX_RATE = 1_000_000_000

export interface SiteFolder {
  readonly path: string
  readonly content: Uint8Array
}

/** Every file of a folder. Throws a RecordProblem where there is none, or a name that no site may have. */
export function readFolder(dir: string): readonly SiteFolder[] {
  const files: SiteFolder[] = []
  const walk = (folder: string): void => {
    for (const name of readdirSync(folder).toSorted()) {
      const full = join(folder, name)
      // A link could lead out of the folder, to what nobody meant to publish.
      const stat = lstatSync(full)
      if (stat.isDirectory()) walk(full)
      else if (stat.isFile() && !name.startsWith(".")) {
        const path = relative(dir, full).replaceAll("\\", "/")
        if (!isPath(path))
          throw new RecordProblem(`${path} cannot be a path of a site: letters, digits, dot, hyphen and underscore only`)
        if (files.length === FILES_MAX) throw new RecordProblem(`${dir} has more than ${FILES_MAX} files`)
        files.push({ path, content: new Uint8Array(readFileSync(full)) })
      }
    }
  }
  try {
    walk(dir)
  } catch (error) {
    throw error instanceof RecordProblem ? error : explainFailure(error, "read the site's folder", dir)
  }
  return files
}

/** A tenant. Each call waits until it is final; throws a RecordProblem with the refusal in words. */
export class Tenant extends Patron {
  /** Makes the deployment and gives the content to the gateway. Returns the path at which visitors are served. */
  async deploy(name: string, files: readonly SiteFolder[], replicas: number): Promise<string> {
    let manifest: Uint8Array
    let evidence: Uint8Array
    try {
      manifest = makeManifest(files)
      evidence = siteEvidence(name, sha256(manifest))
    } catch (error) {
      throw error instanceof RangeError ? new RecordProblem(error.message) : error
    }
    const { account, door } = await this.joined("lease", "lets no machines")
    const stake = BigInt(account.grantedAtto) - BigInt(account.spentAtto)
    await this.ask(door.asks.deploy(account.node, stake / 2n, replicas, MAX_RATE), evidence, "deploying the site")
    for (const content of [manifest, ...files.map((f) => f.content)]) {
      const refused = await this.client.putBlob(content)
      if (refused !== "") throw new RecordProblem(`the gateway did not take ${hexOf(sha256(content)).slice(0, 12)}… (${refused})`)
    }
    return `/sites/${name}/`
  }

  /** Ends the deployment of a site of one's own. */
  async undeploy(name: string): Promise<void> {
    const { account, door } = await this.joined("lease", "lets no machines")
    const site = (await this.client.sites()).find((s) => s.name === name && s.tenant === account.account)
    if (site === undefined) throw new RecordProblem(`this key has no site ${name} on the chain`)
    await this.ask(door.asks.close(site.deployment), undefined, "ending the deployment")
  }
}
