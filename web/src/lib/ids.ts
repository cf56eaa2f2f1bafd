/** Ids are decimal numbers as text: the longer is the later (behaviours 2.2). */
export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** Whether a is later than b. */
export function later(a: string, b: string): boolean {
  return compareIds(a, b) > 0;
}

/** The time in an id: its upper bits are milliseconds. */
export function timeOf(id: string): Date {
  return new Date(Number(BigInt(id) >> 16n));
}
