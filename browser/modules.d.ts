/** What Vite makes of these imports. */
declare module "*?worker&inline" {
  const CoreWorker: new () => Worker
  export default CoreWorker
}
declare module "*.css?inline" {
  const text: string
  export default text
}
