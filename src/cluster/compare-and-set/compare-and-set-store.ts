/**
 * The metadata store `compare-and-set`: one versioned object that never fails, and a client in the process of every job manager,
 * which may be cut off from it, hear late, or not hear at all. Kubernetes: a ConfigMap; ZooKeeper: a node.
 */
import type { MetadataStoreFactory } from '../metadata-store.ts'
import { X } from './messages.ts'
import { ObjectClient } from './object-client.ts'
import { VersionedObject } from './versioned-object.ts'

export const compareAndSetStore: MetadataStoreFactory = (host) => {
  const { kernel } = host.context
  const object = new VersionedObject(host)
  object.id = host.register(object, host.outside)
  const clients = Array.from({ length: host.highAvailability.jobManagers }, (_, group) => {
    const client = new ObjectClient(host, object, group)
    client.id = host.register(client, host.groupProcess(group))
    return client
  })
  return {
    inProcess: true,
    address: (group) => clients[group]!.id,
    start: () => object.receive(X.START, { a: 0, b: 0, ref: 0 }),
    endSession: (_group, incarnation, afterUs) => void kernel.schedule(afterUs, object.id, X.EXPIRED, 0, incarnation),
    groupStarted(group, incarnation) {
      const client = clients[group]!
      kernel.setGeneration(client.id, incarnation)
      client.start(incarnation)
      object.connect(incarnation, client.id)
    },
  }
}
