/** What Flink answers about the cluster: `/overview`, `/taskmanagers`, `/jobmanager/config`. */
import { z } from 'zod'

/** `/overview` */
export const overviewSchema = z.looseObject({
  'flink-version': z.string().nullish(),
  taskmanagers: z.number(),
  'slots-total': z.number(),
  'slots-available': z.number(),
})

/** `/taskmanagers` */
export const taskManagersSchema = z.looseObject({
  taskmanagers: z.array(
    z.looseObject({
      id: z.string(),
      slotsNumber: z.number(),
      freeSlots: z.number(),
      /** When the resource manager last heard of it, epoch ms, whatever the name says. */
      timeSinceLastHeartbeat: z.number(),
    }),
  ),
})

/** `/jobmanager/config` */
export const jobManagerConfigSchema = z.array(z.looseObject({ key: z.string(), value: z.string() }))

export type Overview = z.infer<typeof overviewSchema>
export type TaskManagers = z.infer<typeof taskManagersSchema>
export type JobManagerConfig = z.infer<typeof jobManagerConfigSchema>
