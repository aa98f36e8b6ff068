import { isVisibleName } from '../model/index.ts'

/** Objects by path, as the port ObjectStore describes them. */
export class SimulatedObjects {
  readonly #objects = new Map<string, unknown>()

  put(path: string, content: unknown): void {
    this.#objects.set(path, content)
  }
  get(path: string): unknown {
    return this.#objects.get(path)
  }
  list(prefix: string): readonly string[] {
    return [...this.#objects.keys()].filter((path) => path.startsWith(prefix)).sort()
  }
  rename(from: string, to: string): boolean {
    if (!this.#objects.has(from) || this.#objects.has(to)) return false
    this.#objects.set(to, this.#objects.get(from))
    this.#objects.delete(from)
    return true
  }
  delete(path: string): boolean {
    return this.#objects.delete(path)
  }
  /** What readers see, in the order of paths: the items of contents that are lists, other contents as they are. */
  get visible(): readonly unknown[] {
    return this.list('')
      .filter(isVisibleName)
      .flatMap((path) => this.#objects.get(path))
  }
}
