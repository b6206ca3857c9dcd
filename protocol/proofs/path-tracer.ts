/**
 * A small path tracer whose bytes are the same on every engine: doubles with + − × ÷ and square root only, which the standard makes
 * exact, and 32-bit integers for the dice. Spheres on a checked floor under a sky and a lamp; diffuse, mirror and glass.
 *
 * Every pixel draws from its own dice, keyed by scene, pixel and sample, so that a tile is the same whoever renders it, alone or as a
 * part of the picture. Kajiya, "The rendering equation" (1986); Marsaglia's rejection for directions (1972).
 */

/** What is asked for: a scene drawn from a seed, at so many pixels, so many paths a pixel. */
export interface SceneAsk {
  readonly seed: number
  readonly width: number
  readonly height: number
  /** Side of a square tile, in pixels; tiles at the right and lower edge may be smaller. */
  readonly tile: number
  readonly samples: number
}

export const SIDE_MAX = 1024
export const TILE_MIN = 4
export const TILE_MAX = 64
export const SAMPLES_MAX = 256
export const TILES_MAX = 4096
/** Paths in one tile: what a check may cost the chain. */
export const PATHS_MAX = 65_536

const BOUNCES = 6
const EPSILON = 1e-6

/** Why it cannot be rendered, or undefined. */
export function sceneProblem({ seed, width, height, tile, samples }: SceneAsk): string | undefined {
  const isWhole = (n: number, min: number, max: number): boolean => Number.isInteger(n) && n >= min && n <= max
  if (!isWhole(seed, 0, 0xffff_ffff)) return "the seed is a 32-bit number"
  if (!isWhole(width, TILE_MIN, SIDE_MAX) || !isWhole(height, TILE_MIN, SIDE_MAX))
    return `a side has ${TILE_MIN} to ${SIDE_MAX} pixels`
  if (!isWhole(tile, TILE_MIN, TILE_MAX)) return `a tile's side has ${TILE_MIN} to ${TILE_MAX} pixels`
  if (!isWhole(samples, 1, SAMPLES_MAX)) return `there are 1 to ${SAMPLES_MAX} samples a pixel`
  if (tile * tile * samples > PATHS_MAX) return `a tile has at most ${PATHS_MAX} paths`
  return tilesOf({ width, height, tile }) > TILES_MAX ? `a picture has at most ${TILES_MAX} tiles` : undefined
}

type Grid = Pick<SceneAsk, "width" | "height" | "tile">
export const tilesOf = ({ width, height, tile }: Grid): number => Math.ceil(width / tile) * Math.ceil(height / tile)

/** Where a tile lies, in pixels. */
export function tileAt({ width, height, tile }: Grid, number: number) {
  const across = Math.ceil(width / tile)
  const x = (number % across) * tile
  const y = Math.floor(number / across) * tile
  return { x, y, width: Math.min(tile, width - x), height: Math.min(tile, height - y) }
}

/** Dice of 32 bits: a multiply-and-xorshift mixer (after Wellons' lowbias32). The state is one word. */
let dice = 0
function next(): number {
  dice = (dice + 0x9e3779b9) | 0
  let x = dice
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return ((x ^ (x >>> 16)) >>> 0) / 4294967296
}
function throwFor(seed: number, a: number, b: number): void {
  dice = (seed ^ Math.imul(a + 1, 0x85ebca6b) ^ Math.imul(b + 1, 0xc2b2ae35)) | 0
  next()
}

const DIFFUSE = 0
const MIRROR = 1
const GLASS = 2
const LAMP = 3
/** Numbers of one sphere: centre, radius, colour, what it is. */
const STRIDE = 8
const SPHERES = 9

/** The spheres of a scene, drawn from its seed. */
function makeScene(seed: number): Float64Array {
  const spheres = new Float64Array(SPHERES * STRIDE)
  throwFor(seed, 0x5ce7e, 0)
  const put = (
    i: number,
    x: number,
    y: number,
    z: number,
    r: number,
    red: number,
    green: number,
    blue: number,
    what: number,
  ): void => {
    spheres.set([x, y, z, r, red, green, blue, what], i * STRIDE)
  }
  put(0, -7 + 3 * next(), 10, 1 + 2 * next(), 5, 3.4, 3.1, 2.6, LAMP)
  put(1, 0, 1, 5, 1, 0.95, 0.95, 0.95, MIRROR)
  put(2, -1.9 + 0.4 * next(), 0.7, 4, 0.7, 1, 1, 1, GLASS)
  for (let i = 3; i < SPHERES; i++) {
    const r = 0.25 + 0.4 * next()
    const what = next() < 0.2 ? MIRROR : DIFFUSE
    put(i, -3.2 + 6.4 * next(), r, 2.6 + 4.5 * next(), r, 0.25 + 0.7 * next(), 0.25 + 0.7 * next(), 0.25 + 0.7 * next(), what)
  }
  return spheres
}

/** A ray on its way, and what it carries; plain numbers in one place, so that nothing is allocated for a path. */
const ray = { x: 0, y: 0, z: 0, dx: 0, dy: 0, dz: 0 }
const light = { red: 0, green: 0, blue: 0 }
const hit = { at: 0, nx: 0, ny: 0, nz: 0, red: 0, green: 0, blue: 0, what: 0 }

/** Fills `hit` with what the ray meets first; false for the sky. */
function meet(spheres: Float64Array): boolean {
  const { x, y, z, dx, dy, dz } = ray
  let best = Infinity
  let which = -1
  for (let s = 0; s < spheres.length; s += STRIDE) {
    const ox = x - spheres[s]
    const oy = y - spheres[s + 1]
    const oz = z - spheres[s + 2]
    const b = ox * dx + oy * dy + oz * dz
    const c = ox * ox + oy * oy + oz * oz - spheres[s + 3] * spheres[s + 3]
    const under = b * b - c
    if (under <= 0) continue
    const root = Math.sqrt(under)
    const at = -b - root > EPSILON ? -b - root : -b + root
    if (at > EPSILON && at < best) {
      best = at
      which = s
    }
  }
  const floor = dy < -EPSILON ? -y / dy : Infinity
  if (floor > EPSILON && floor < best) {
    hit.at = floor
    hit.nx = 0
    hit.ny = 1
    hit.nz = 0
    const isDark = (Math.floor(x + floor * dx) + Math.floor(z + floor * dz)) % 2 === 0
    hit.red = isDark ? 0.16 : 0.58
    hit.green = isDark ? 0.18 : 0.55
    hit.blue = isDark ? 0.22 : 0.48
    hit.what = DIFFUSE
    return true
  }
  if (which < 0) return false
  hit.at = best
  const r = spheres[which + 3]
  hit.nx = (x + best * dx - spheres[which]) / r
  hit.ny = (y + best * dy - spheres[which + 1]) / r
  hit.nz = (z + best * dz - spheres[which + 2]) / r
  hit.red = spheres[which + 4]
  hit.green = spheres[which + 5]
  hit.blue = spheres[which + 6]
  hit.what = spheres[which + 7]
  return true
}

/** A direction in the unit ball, added to the normal: cosine-weighted once it is brought to length one. */
function scatter(): void {
  let [a, b, c, square] = [0, 0, 0, 2]
  while (square > 1 || square < EPSILON) {
    a = 2 * next() - 1
    b = 2 * next() - 1
    c = 2 * next() - 1
    square = a * a + b * b + c * c
  }
  const length = Math.sqrt(square)
  aim(hit.nx + a / length, hit.ny + b / length, hit.nz + c / length)
}
function aim(dx: number, dy: number, dz: number): void {
  const length = Math.sqrt(dx * dx + dy * dy + dz * dz)
  if (length < EPSILON) {
    ray.dx = hit.nx
    ray.dy = hit.ny
    ray.dz = hit.nz
    return
  }
  ray.dx = dx / length
  ray.dy = dy / length
  ray.dz = dz / length
}
function reflect(): void {
  const twice = 2 * (ray.dx * hit.nx + ray.dy * hit.ny + ray.dz * hit.nz)
  aim(ray.dx - twice * hit.nx, ray.dy - twice * hit.ny, ray.dz - twice * hit.nz)
}

/** Into or out of glass: Snell's law, or a mirror by Schlick's share of light and beyond the critical angle. */
function refract(): void {
  const into = ray.dx * hit.nx + ray.dy * hit.ny + ray.dz * hit.nz
  const ratio = into < 0 ? 1 / 1.5 : 1.5
  const side = into < 0 ? 1 : -1
  const cosine = into < 0 ? -into : into
  const under = 1 - ratio * ratio * (1 - cosine * cosine)
  const lost = 1 - cosine
  const share = 0.04 + 0.96 * lost * lost * lost * lost * lost
  if (under <= 0 || next() < share) {
    reflect()
    return
  }
  const along = ratio * cosine - Math.sqrt(under)
  aim(ratio * ray.dx + along * side * hit.nx, ratio * ray.dy + along * side * hit.ny, ratio * ray.dz + along * side * hit.nz)
}

/** Adds one path's light to `light`. */
function follow(spheres: Float64Array): void {
  let [red, green, blue] = [1, 1, 1]
  for (let bounce = 0; bounce < BOUNCES; bounce++) {
    if (!meet(spheres)) {
      const up = ray.dy > 0 ? ray.dy : 0
      light.red += red * (0.5 - 0.3 * up)
      light.green += green * (0.58 - 0.24 * up)
      light.blue += blue * (0.72 - 0.14 * up)
      return
    }
    if (hit.what === LAMP) {
      light.red += red * hit.red
      light.green += green * hit.green
      light.blue += blue * hit.blue
      return
    }
    ray.x += hit.at * ray.dx
    ray.y += hit.at * ray.dy
    ray.z += hit.at * ray.dz
    red *= hit.red
    green *= hit.green
    blue *= hit.blue
    if (hit.what === DIFFUSE) scatter()
    else if (hit.what === MIRROR) reflect()
    else refract()
    // Off the surface, on the side it goes to.
    const out = ray.dx * hit.nx + ray.dy * hit.ny + ray.dz * hit.nz > 0 ? EPSILON : -EPSILON
    ray.x += out * hit.nx
    ray.y += out * hit.ny
    ray.z += out * hit.nz
  }
}

/** Light to a byte: bounded, and raised to 1/2, which is close to a screen's curve and exact. */
const toByte = (sum: number, samples: number): number => {
  const value = sum / samples
  return Math.floor(Math.sqrt(value > 1 ? 1 : value) * 255 + 0.5)
}

/** The pixels of one tile, red, green and blue, row by row. Throws a RangeError for what is no scene or no tile of it. */
export function renderTile(ask: SceneAsk, number: number): Uint8Array {
  const problem = sceneProblem(ask)
  if (problem !== undefined) throw new RangeError(problem)
  if (!Number.isInteger(number) || number < 0 || number >= tilesOf(ask)) throw new RangeError(`there is no tile ${number}`)
  const { seed, width, height, samples } = ask
  const spheres = makeScene(seed)
  const at = tileAt(ask, number)
  const bytes = new Uint8Array(at.width * at.height * 3)
  let to = 0
  for (let y = at.y; y < at.y + at.height; y++)
    for (let x = at.x; x < at.x + at.width; x++) {
      light.red = 0
      light.green = 0
      light.blue = 0
      for (let s = 0; s < samples; s++) {
        throwFor(seed, y * width + x, s)
        const u = (2 * (x + next()) - width) / height
        const v = (height - 2 * (y + next())) / height
        ray.x = 0
        ray.y = 1.7
        ray.z = -3.2
        aim(u * 0.36, v * 0.36 - 0.12, 1)
        follow(spheres)
      }
      bytes[to++] = toByte(light.red, samples)
      bytes[to++] = toByte(light.green, samples)
      bytes[to++] = toByte(light.blue, samples)
    }
  return bytes
}
