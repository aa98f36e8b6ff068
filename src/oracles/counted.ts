/** Numbers of records in sentences. */

/** '1 record', '3 records'. */
export const records = (count: number): string => `${count} ${count === 1 ? 'record' : 'records'}`
/** 'was' of one, 'were' of others. */
export const were = (count: number): string => (count === 1 ? 'was' : 'were')
/** 'it' for one, 'them' for others. */
export const them = (count: number): string => (count === 1 ? 'it' : 'them')
