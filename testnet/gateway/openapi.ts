/**
 * What the typed endpoints do not say of themselves, written into the OpenAPI document by hand: commands and content, which are bytes,
 * pages and figures for others, and the limit that every read has. A test walks the gateway's routes, and fails on one that is missing.
 */

type Json = Readonly<Record<string, unknown>>

const REASON = { type: "object", required: ["reason"], properties: { reason: { type: "string" } } }
const RESULTS = {
  type: "array",
  items: {
    type: "object",
    required: ["code", "reason", "height", "appHash"],
    properties: {
      code: { type: "integer" },
      reason: { type: "string" },
      height: { type: "integer" },
      appHash: { type: "string" },
    },
  },
}
const BYTES = { "application/octet-stream": { schema: { type: "string", format: "binary" } } }

const json = (description: string, schema: Json = REASON): Json => ({
  description,
  content: { "application/json": { schema } },
})
const parameter = (name: string, description: string, pattern: string): Json => ({
  name,
  in: "path",
  required: true,
  description,
  schema: { type: "string", pattern },
})
const FLOODING = json("flooding: this address has read, or written, more than its share; again in some seconds")
const hash = parameter("hash", "SHA-256 of the content, in hex", "^[0-9a-f]{64}$")

const commands: Json = {
  tags: ["chain"],
  operationId: "chain.submit",
  summary: "Submit signed commands; the answer comes when they are final",
  description:
    "One or more of {length u32 little-endian, command}; the form of a command is in docs/internals/journal.md. Results stand in the order of the commands; code 0 was taken up, height 0 never got into a block.",
  requestBody: { required: true, content: BYTES },
  responses: Object.fromEntries(
    [
      ["200", "One result a command"],
      ["400", "malformed"],
      ["411", "malformed: no content-length"],
      ["413", "oversize"],
      ["429", "flooding"],
      [
        "503",
        "not_final_yet, for every command: this gateway's ledger could not bring them to an end. Another's may: post the same bytes there, the nonce keeps them from being taken up twice",
      ],
    ].map(([status, description]) => [status, json(description, RESULTS)]),
  ),
}

const putBlob: Json = {
  tags: ["content"],
  operationId: "content.putBlob",
  summary: "Give the gateway a file of a site, a site's list of files, or a picture's tile",
  description: "It is kept only if it has this hash and the chain promises it. Costs as much as 20 commands.",
  parameters: [hash],
  requestBody: { required: true, content: BYTES },
  responses: {
    "200": json('Kept: reason is ""'),
    "400": json("malformed"),
    "409": json("not_its_hash, not_promised, oversize or store_is_full"),
    "411": json("malformed: no content-length"),
    "413": json("oversize"),
    "429": FLOODING,
  },
}
const getBlob: Json = {
  tags: ["content"],
  operationId: "content.blob",
  summary: "Content by its hash",
  parameters: [hash],
  responses: {
    "200": { description: "The content; its hash was checked", content: BYTES },
    "400": json("malformed"),
    "404": json("unknown: this gateway does not have it"),
  },
}
const picture: Json = {
  tags: ["content"],
  operationId: "content.picture",
  summary: "A picture as far as its tiles have come; what is missing is grey",
  parameters: [parameter("file", "The picture's number, then .png", "^\\d{1,9}\\.png$")],
  responses: {
    "200": {
      description: "The picture",
      headers: { "x-missing-tiles": { description: "Tiles that have not come", schema: { type: "integer" } } },
      content: { "image/png": { schema: { type: "string", format: "binary" } } },
    },
    "400": json("malformed"),
    "404": json("unknown: there is no such picture"),
  },
}
const site: Json = {
  tags: ["content"],
  operationId: "content.site",
  summary: "A page of a site, from a node that serves it now, checked against what the chain promises",
  parameters: [parameter("path", "The site's name, then the path in it; slashes stand for themselves", "^[^/]+(/.*)?$")],
  responses: {
    "200": {
      description: "The file, in a sandbox of its own",
      headers: { "x-served-by": { description: "The node that served it", schema: { type: "string" } } },
      content: { "*/*": { schema: { type: "string", format: "binary" } } },
    },
    "302": { description: "To the site's first page, where only its name was given" },
    "400": json("malformed"),
    "404": { description: "No such site, or no such page", content: { "text/plain": { schema: { type: "string" } } } },
    "503": { description: "No node answers with what was promised", content: { "text/plain": { schema: { type: "string" } } } },
  },
}
const metrics: Json = {
  tags: ["pages"],
  operationId: "pages.metrics",
  summary: "The chain's figures in Prometheus' text format",
  responses: { "200": { description: "Version 0.0.4", content: { "text/plain": { schema: { type: "string" } } } } },
}
const page: Json = {
  tags: ["pages"],
  operationId: "pages.observer",
  summary: "The observer's page",
  responses: {
    "200": { description: "A page that follows the chain", content: { "text/html": { schema: { type: "string" } } } },
  },
}

/** The document with everything else that the gateway answers. */
export function withRest(spec: Record<string, any>): Record<string, any> {
  const paths: Record<string, Record<string, Json>> = {
    ...spec.paths,
    "/v1/commands": { post: commands },
    "/v1/blobs/{hash}": { put: putBlob, get: getBlob },
    "/pictures/{file}": { get: picture },
    "/sites/{path}": { get: site },
    "/metrics": { get: metrics },
    "/": { get: page },
  }
  const limited = ({ get, ...rest }: Record<string, Json>): Record<string, Json> =>
    get === undefined ? rest : { ...rest, get: { ...get, responses: { ...(get.responses as Json), "429": FLOODING } } }
  return { ...spec, paths: Object.fromEntries(Object.entries(paths).map(([path, item]) => [path, limited(item)])) }
}
