/** Virtual time in microseconds: an integer, at most 2^53. */
export type Us = number & { readonly us?: unique symbol }
