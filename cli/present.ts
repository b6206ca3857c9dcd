/** How the command line speaks: help on stdout, and of an unknown word one sentence on stderr with the nearest right one. */
// oxlint-disable no-underscore-dangle -- Effect tells its unions apart by _tag
import type * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import * as Effect from "effect/Effect"

type Event = Parameters<CliOutput.Presenter["present"]>[0]

/** Presents help as Effect formats it, and mistakes as this house does. */
export const presenter: CliOutput.Presenter = {
  present: (event: Event) =>
    Effect.sync(() => {
      const formatter = CliOutput.defaultFormatter({ colors: process.stdout.isTTY })
      switch (event._tag) {
        case "Version":
          return void process.stdout.write(`${event.name} ${event.version}\n`)
        case "InvalidInvocation":
          return void process.stderr.write(`${say(event.errors[0], event.commandPath)}\n`)
        case "Help":
          return void process.stdout.write(`${formatter.formatHelpDoc(event.helpDoc).trimEnd()}\n`)
      }
    }),
}

/** One sentence: the thing, the place, the way out. */
function say(error: CliError.CliError, path: readonly string[]): string {
  const command = path.join(" ")
  const help = `see ${command} --help`
  switch (error._tag) {
    case "UnrecognizedOption":
      return `${command} has no flag ${error.option}${meant(error.suggestions)}; ${help}`
    case "UnknownSubcommand":
      return `blackstart has no command ${error.subcommand}${meant(error.suggestions)}; see blackstart --help`
    case "MissingOption":
      return `${command} needs --${error.option}; ${help}`
    case "MissingArgument":
      return `${command} needs ${error.argument}; ${help}`
    case "UnexpectedArgument":
      return `${command} has no use for ${error.arguments.join(" ")}; ${help}`
    case "InvalidValue":
      return error.value === ""
        ? `--${error.option} needs a value: ${wanted(error.expected)}`
        : `${error.kind === "flag" ? "--" : ""}${error.option} ${error.value}: it must be ${wanted(error.expected)}`
    default:
      return `${error.message.split("\n")[0]}; ${help}`
  }
}

const meant = (suggestions: readonly string[]): string => (suggestions.length === 0 ? "" : `; did you mean ${suggestions[0]}?`)

const wanted = (expected: string): string =>
  expected
    .split("\n")[0]
    .replace(/^(Failed to parse.*?: )?Expected:? /u, "")
    .replace(/, (got|actual) .*$/u, "")
    .replaceAll('"', "")
    .replaceAll(" | ", " or ")
    .replace(/^(an integer|int(eger)?|a string representing (a finite number|an integer))$/u, "a whole number")
