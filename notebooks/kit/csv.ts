/** Reads the small data files that scripts wrote: # lines say how, then a head, then rows. Numbers become numbers. */
export type Row = Readonly<Record<string, number | string>>

export function readCsv(text: string): readonly Row[] {
  const [head, ...lines] = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))
  const names = head.split(",")
  return lines.map((line) => {
    const cells = line.split(",")
    return Object.fromEntries(
      names.map((name, k) => [name, cells[k] !== "" && Number.isFinite(Number(cells[k])) ? Number(cells[k]) : cells[k]]),
    )
  })
}
