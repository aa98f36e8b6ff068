import type { CompletedCheckpoint, DurableView, Mutation } from '../model/index.ts'

/** What to restore when every completed checkpoint is a cut of its own: the newest one. A mutation may put another rule in its place. */
export function recoverNewest(view: DurableView, mutation: Mutation): CompletedCheckpoint | null {
  const replaced = mutation.parts?.recover as ((view: DurableView) => CompletedCheckpoint | null) | undefined
  return replaced === undefined ? (view.completed[view.completed.length - 1] ?? null) : replaced(view)
}
