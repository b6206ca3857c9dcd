/** Functions that vectors name and no code implements yet. Listed so that they are neither counted as passed nor taken for typos. */

/** Function name -> why it is pending. Empty while every rule that the vectors name is implemented. */
export const PENDING: ReadonlyMap<string, string> = new Map()
