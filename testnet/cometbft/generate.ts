/**
 * Generates the protobuf types of testnet/cometbft/abci from CometBFT's own Go module: `node testnet/cometbft/generate.ts`.
 *
 * It needs Go (which fetches the module and checks it against the checksum database), protoc (Debian: protobuf-compiler) and
 * protoc-gen-es from node_modules. Options of gogoproto never reach the wire, and comments are for readers of the specification:
 * both are left out, so that what is generated depends on the field numbers and types alone. The result is committed, because a
 * computer without Go and protoc has to read the socket too; NOTICE names the source.
 */
import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { create, fromBinary, toBinary } from "@bufbuild/protobuf"
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
  FileDescriptorSetSchema,
  type DescriptorProto,
  type FileDescriptorProto,
} from "@bufbuild/protobuf/wkt"
import { COMETBFT_VERSION } from "./version.ts"

const GOGOPROTO = "github.com/cosmos/gogoproto@v1.7.0"
const HERE = dirname(fileURLToPath(import.meta.url))
const OUT = join(HERE, "abci")
const ROOTS = ["tendermint/abci/types.proto", "tendermint/types/canonical.proto", "tendermint/types/evidence.proto"]

/** Folders of both modules in Go's module cache. */
function moduleFolders(): readonly string[] {
  const text = execFileSync("go", ["mod", "download", "-json", `github.com/cometbft/cometbft@${COMETBFT_VERSION}`, GOGOPROTO], {
    encoding: "utf8",
    cwd: tmpdir(),
  })
  return [...text.matchAll(/"Dir": "([^"]+)"/gu)].map((m) => m[1])
}

function descriptors(): readonly FileDescriptorProto[] {
  const [comet, gogo] = moduleFolders()
  const scratch = mkdtempSync(join(tmpdir(), "blackstart-protos-"))
  try {
    const path = join(scratch, "set.bin")
    const paths = ["-I", join(comet, "proto"), "-I", gogo, "-I", join(gogo, "protobuf")]
    execFileSync("protoc", [...paths, "--include_imports", `--descriptor_set_out=${path}`, ...ROOTS])
    return fromBinary(FileDescriptorSetSchema, readFileSync(path)).file
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

/** Takes out what does not reach the wire: gogoproto's options and its import. */
function bare(file: FileDescriptorProto): FileDescriptorProto {
  const strip = (message: DescriptorProto): void => {
    // `map_entry` and `packed` do reach the wire; nothing else in these files does.
    if (message.options?.mapEntry !== true) message.options = undefined
    for (const field of message.field) if (field.options?.packed === undefined) field.options = undefined
    for (const e of message.enumType) {
      e.options = undefined
      for (const value of e.value) value.options = undefined
    }
    message.nestedType.forEach(strip)
  }
  file.options = undefined
  file.messageType.forEach(strip)
  for (const e of file.enumType) {
    e.options = undefined
    for (const value of e.value) value.options = undefined
  }
  file.dependency = file.dependency.filter((d) => !d.startsWith("gogoproto/"))
  file.sourceCodeInfo = undefined
  return file
}

const files = descriptors()
  .filter((f) => !f.name.startsWith("gogoproto/"))
  .map((f) => (f.name.startsWith("tendermint/") ? bare(f) : f))
const request = create(CodeGeneratorRequestSchema, {
  fileToGenerate: files.map((f) => f.name).filter((name) => name.startsWith("tendermint/")),
  parameter: "target=js+dts,import_extension=js",
  protoFile: files as FileDescriptorProto[],
})
const plugin = join(HERE, "../../node_modules/.bin/protoc-gen-es")
const ran = spawnSync(plugin, { input: toBinary(CodeGeneratorRequestSchema, request), maxBuffer: 64 * 1024 * 1024 })
const response = fromBinary(CodeGeneratorResponseSchema, ran.stdout)
if (ran.status !== 0 || response.error !== "") throw new Error(`protoc-gen-es: ${response.error}${ran.stderr.toString()}`)

/** All files lie in one folder: tendermint/abci/types_pb.js becomes abci-types.generated.js. */
const rename = (path: string): string => {
  const [, folder, name] = /tendermint\/(\w+)\/(\w+)_pb/u.exec(path)!
  return `${folder}-${name}.generated`
}
for (const { name, content } of response.file) {
  const folder = dirname(name)
  const text = content.replaceAll(/from "(\.[^"]+)_pb(?:\.js)?"/gu, (_, relative: string) => {
    const to = join(folder, `${relative}_pb`)
    return `from "./${rename(to)}.js"`
  })
  const out = `${rename(name)}${name.endsWith(".d.ts") ? ".d.ts" : ".js"}`
  const credit = `// From the protobuf definitions of CometBFT ${COMETBFT_VERSION} (Apache-2.0) by ${basename(import.meta.filename)}: see NOTICE.\n`
  writeFileSync(join(OUT, out), credit + text)
}
process.stdout.write(`${response.file.length} files in testnet/cometbft/abci\n`)
