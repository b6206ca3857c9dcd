/** A core in a worker of its own, for pages that Vite builds: the worker is within the page, so that it starts from a disk too. */
// oxlint-disable-next-line import/default -- Vite makes the default export
import CoreWorker from "./worker.ts?worker&inline"
import { Core } from "./core.ts"

export const newCore = (): Core => new Core(new CoreWorker())
