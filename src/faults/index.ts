export { FaultInjector } from './injector.ts'
