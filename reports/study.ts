export async function writeStudyReport(dir: string): Promise<string> {
  return dir
}
