/**
 * The suite is the same every time, as everything here: one seed for all properties. FC_SEED=N tries others; a counterexample
 * becomes a test of its own.
 */
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20261125) })
