/** Latencies and message faults: how an RPC, a call to a service outside, and a record travel. */
import { ANY_GENERATION, type EntityId, mix2, site } from '../kernel/index.ts'
import { EFFECT_NAMES, EFFECTS, FATE, type Observer, phaseCode, type Timing } from '../model/index.ts'
import type { ClusterContext } from './cluster-context.ts'

const RPC = site('rpc latency')
const DUPLICATE = site('rpc duplicate latency')
const SERVICE = site('service latency')
const RECORD = site('channel latency')
const effectPhases = EFFECT_NAMES.map((name) => phaseCode(EFFECTS[name].phase))

/** Latency bounds in the plan's time units. */
const RPC_LEAST = 10
const RPC_SPREAD = 50
const DUPLICATE_SPREAD = 600
const SERVICE_LEAST = 5
const SERVICE_SPREAD = 20
const RECORD_LEAST = 15
const RECORD_SPREAD = 60

/** What messages need to know of where they travel. */
export interface NetworkContext extends Pick<ClusterContext, 'kernel' | 'faults'> {
  readonly observer: Pick<Observer, 'phase'>
  readonly plan: { readonly timing: Pick<Timing, 'unitUs'> }
}

export class Network {
  readonly #context: NetworkContext
  constructor(context: NetworkContext) {
    this.#context = context
  }
  #unit(): number {
    return this.#context.plan.timing.unitUs
  }

  /** A remote call under the faults of its effect; to an incarnation of the addressee, or to any. */
  rpc(effect: number, to: EntityId, code: number, a: number, b: number, ref: number, generation: number): void {
    const { kernel, observer, faults } = this.#context
    observer.phase(effectPhases[effect]!)
    const { fate, extraUs } = faults.effect(effect)
    if (fate === FATE.drop) return
    const unit = this.#unit()
    const key = mix2(mix2(to * 32 + code, a), mix2(b, generation))
    const latency = unit * RPC_LEAST + kernel.decide(RPC, key, unit * RPC_SPREAD) + (fate === FATE.delay ? extraUs : 0)
    kernel.schedule(latency, to, code, a, b, ref, generation)
    if (fate !== FATE.duplicate) return
    const again = latency + 5 * unit + kernel.decide(DUPLICATE, key, unit * DUPLICATE_SPREAD)
    kernel.schedule(again, to, code, a, b, ref, generation)
  }
  /**
   * A message between nodes of the metadata quorum, or between one of them and a client, under the faults of its effect: they lie
   * near each other. To whatever incarnation is there.
   * @param cut the link is down: it is sent, and lost
   */
  datagram(effect: number, to: EntityId, code: number, a: number, b: number, ref: number, cut: boolean): void {
    const { kernel, observer, faults } = this.#context
    observer.phase(effectPhases[effect]!)
    const { fate, extraUs } = faults.effect(effect)
    if (cut || fate === FATE.drop) return
    const unit = this.#unit()
    const key = mix2(mix2(to * 32 + code, a), mix2(b, ref))
    const latency =
      unit * SERVICE_LEAST + kernel.decide(SERVICE, key, unit * SERVICE_SPREAD) + (fate === FATE.delay ? extraUs : 0)
    kernel.schedule(latency, to, code, a, b, ref, ANY_GENERATION)
    if (fate !== FATE.duplicate) return
    const again = latency + 5 * unit + kernel.decide(DUPLICATE, key, unit * DUPLICATE_SPREAD)
    kernel.schedule(again, to, code, a, b, ref, ANY_GENERATION)
  }
  /**
   * To or from a service outside the cluster (storage, store): nothing happens to the message itself.
   * @param heldUs for how long it is held back before, microseconds
   */
  service(
    to: EntityId,
    code: number,
    a: number,
    b: number,
    ref: number,
    generation: number = ANY_GENERATION,
    heldUs = 0,
  ): void {
    const { kernel } = this.#context
    const unit = this.#unit()
    const key = mix2(mix2(to * 32 + code, a), mix2(b, ref))
    kernel.schedule(
      heldUs + unit * SERVICE_LEAST + kernel.decide(SERVICE, key, unit * SERVICE_SPREAD),
      to,
      code,
      a,
      b,
      ref,
      generation,
    )
  }
  /** Arrival time of the next element of a channel. */
  arrival(channel: number, sender: number, position: number): number {
    const { kernel } = this.#context
    const unit = this.#unit()
    return (
      kernel.now +
      unit * RECORD_LEAST +
      kernel.decide(RECORD, mix2(channel + sender * 4096, position), unit * RECORD_SPREAD)
    )
  }
}
