/** Mobile radios stand elsewhere than their owners say; their location services tell where. */
import { always, at, change, days, hours, reads, scenario } from "../vocabulary.ts"

const NO_LIMIT_METRES = 100_000

export default scenario({
  name: "helium-mobile-spoof",
  question: "What does a radio earn that stands elsewhere than asserted, before and after HIP-119 asks how far?",
  sources: ["HIP-119; oracles@3e142e9c (2024-07-17); limits as of HRP-20251107"],
  choices: [
    "Who spoofs is an assumption: 50 ‰ of radios, each at another hotspot's place. Traffic is not taken from them: data is paid all the same.",
    "Before, no distance counts at all; the default of 100 m with a quarter beyond, which stood before HIP-119, is not what is compared.",
  ],
  begins: "2025-11-10T00:00:00Z",
  lasts: days(5),
  seed: 119,
  epoch: hours(6),
  networks: {
    helium: {
      nodes: 2000,
      preset: "SOL-HNT",
      change: {
        mobileRadiosPermille: 1000,
        mobileHexesPerRadio: 20,
        mobileGeofence: 0,
        mobileSpoofPermille: 50,
        mobileReachMetres: NO_LIMIT_METRES,
        mobileIndoorFullMetres: NO_LIMIT_METRES,
        mobileOutdoorFullMetres: NO_LIMIT_METRES,
      },
    },
  },
  incident: { onset: "2025-11-11T00:00:00Z" },
  timeline: [
    at("2025-11-11T00:00:00Z", "indoors no farther than 300 m (HIP-119)", change("helium", "mobileIndoorFullMetres", 300)),
    at("2025-11-11T00:00:00Z", "outdoors no farther than 300 m", change("helium", "mobileOutdoorFullMetres", 300)),
  ],
  watch: ["helium.cheater.mobileIncomePermille"],
  expect: [always("mobile_rewards_equal_postings"), reads("helium.cheater.mobileIncomePermille", "last", { atMost: 700 }, "run")],
})
