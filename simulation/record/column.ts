/** Names of columns, the same in every table. */

/** `reward.paidBones` → `reward_paid_bones`; a number stays with the letters before it (`latE7` → `lat_e7`). */
export const toSnakeCase = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toLowerCase()
