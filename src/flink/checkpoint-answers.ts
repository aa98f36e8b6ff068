/**
 * What Flink answers about checkpoints: `/jobs/:id/checkpoints`, `…/config`, `…/details/:checkpoint` and
 * `…/details/:checkpoint/subtasks/:vertex`, versions 1.9 to 2.3. Fields that not every version has are optional; unknown
 * fields are kept.
 */
import { z } from 'zod'
import { millisOrDisabled } from './numbers.ts'

/** One checkpoint of the history. Times are epoch ms, durations ms, sizes bytes. */
export const checkpointSchema = z.looseObject({
  id: z.number(),
  status: z.enum(['IN_PROGRESS', 'COMPLETED', 'FAILED']),
  is_savepoint: z.boolean().nullish(),
  trigger_timestamp: z.number(),
  latest_ack_timestamp: z.number().nullish(),
  /** Since 1.15; before, `state_size` is what was uploaded. */
  checkpointed_size: z.number().nullish(),
  state_size: z.number().nullish(),
  end_to_end_duration: z.number().nullish(),
  processed_data: z.number().nullish(),
  persisted_data: z.number().nullish(),
  num_subtasks: z.number().nullish(),
  num_acknowledged_subtasks: z.number().nullish(),
  checkpoint_type: z.string().nullish(),
  external_path: z.string().nullish(),
  failure_timestamp: z.number().nullish(),
  failure_message: z.string().nullish(),
})

/** What the job was last restored from. */
export const restoredSchema = z.looseObject({
  id: z.number(),
  restore_timestamp: z.number(),
  is_savepoint: z.boolean().nullish(),
  external_path: z.string().nullish(),
})

/** `/jobs/:id/checkpoints` */
export const checkpointsSchema = z.looseObject({
  /** `failed` counts trigger failures without an id and without an entry in the history, too. */
  counts: z.looseObject({
    restored: z.number(),
    total: z.number(),
    in_progress: z.number(),
    completed: z.number(),
    failed: z.number(),
  }),
  latest: z
    .looseObject({
      completed: checkpointSchema.nullish(),
      failed: checkpointSchema.nullish(),
      savepoint: checkpointSchema.nullish(),
      restored: restoredSchema.nullish(),
    })
    .nullish(),
  /** Newest first; ten unless `web.checkpoints.history` says otherwise. */
  history: z.array(checkpointSchema),
})

/** `/jobs/:id/checkpoints/config`; a null duration is disabled. */
export const checkpointsConfigSchema = z.looseObject({
  mode: z.string(),
  interval: millisOrDisabled,
  timeout: millisOrDisabled,
  min_pause: millisOrDisabled,
  max_concurrent: z.number(),
  externalization: z.looseObject({ enabled: z.boolean(), delete_on_cancellation: z.boolean() }).nullish(),
  state_backend: z.string().nullish(),
  checkpoint_storage: z.string().nullish(),
  unaligned_checkpoints: z.boolean().nullish(),
  tolerable_failed_checkpoints: z.number().nullish(),
  aligned_checkpoint_timeout: millisOrDisabled.nullish(),
})

/** `/jobs/:id/checkpoints/details/:checkpoint`: one checkpoint with a summary per vertex id. */
export const checkpointDetailsSchema = checkpointSchema.extend({
  tasks: z.record(z.string(), z.looseObject({ end_to_end_duration: z.number().nullish() })).nullish(),
})

/** One subtask of `…/details/:checkpoint/subtasks/:vertex`; the parts are there once it has acknowledged. Ms. */
export const subtaskCheckpointSchema = z.looseObject({
  index: z.number(),
  status: z.string(),
  end_to_end_duration: z.number().nullish(),
  checkpoint: z.looseObject({ sync: z.number(), async: z.number() }).nullish(),
  alignment: z.looseObject({ duration: z.number() }).nullish(),
  start_delay: z.number().nullish(),
})

/** `/jobs/:id/checkpoints/details/:checkpoint/subtasks/:vertex` */
export const subtaskCheckpointsSchema = z.looseObject({ id: z.number(), subtasks: z.array(subtaskCheckpointSchema) })

export type Checkpoint = z.infer<typeof checkpointSchema>
export type Restored = z.infer<typeof restoredSchema>
export type Checkpoints = z.infer<typeof checkpointsSchema>
export type CheckpointsConfig = z.infer<typeof checkpointsConfigSchema>
export type CheckpointDetails = z.infer<typeof checkpointDetailsSchema>
export type SubtaskCheckpoints = z.infer<typeof subtaskCheckpointsSchema>
