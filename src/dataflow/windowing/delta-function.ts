/** How far a new element is from an old one. It must be pure. Flink: DeltaFunction. */
export type DeltaFunction<T> = (oldElement: T, newElement: T) => number
