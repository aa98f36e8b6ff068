/** The files of snapshot storage by number, written or on their way. */
import type { SnapshotContent, SnapshotFile } from '../model/index.ts'

export class SnapshotFiles {
  readonly #files: SnapshotFile[] = []
  reset(): void {
    this.#files.length = 0
  }
  create(vertex: number, checkpoint: number, attempt: number, content: SnapshotContent, bytes: number): SnapshotFile {
    const file: SnapshotFile = {
      id: this.#files.length,
      vertex,
      checkpoint,
      attempt,
      content,
      bytes,
      durable: false,
      deleted: false,
    }
    this.#files.push(file)
    return file
  }
  get(id: number): SnapshotFile {
    return this.#files[id]!
  }
}
