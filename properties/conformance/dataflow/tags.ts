import { OutputTag } from '../../../src/index.ts'
import type { Row } from './program.ts'

/** Side outputs, by the names that programs give them. */
export const TAGS = {
  late: new OutputTag<Row>('late'),
  side: new OutputTag<Row>('side'),
  lateLeft: new OutputTag<Row>('lateLeft'),
  lateRight: new OutputTag<Row>('lateRight'),
}
