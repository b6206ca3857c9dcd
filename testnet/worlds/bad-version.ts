/** A version that should never have been pushed: it reads a feature list with no room for it, and ends. */
import { writeSync } from "node:fs"

const FEATURES_MAX = 200
const features = Array.from({ length: 240 }, (_, i) => `feature ${i % 60}`)
if (features.length > FEATURES_MAX) {
  writeSync(2, `${features.length} features, and room for ${FEATURES_MAX}: this version cannot start\n`)
  process.exit(1)
}
