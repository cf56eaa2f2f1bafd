/** What a timeline shows in one place: a row, several boosts together, or posts of one thread, the first first. */
export type Shown<T> = T | { kind: 'boosts' | 'thread'; id: string; ids: string[] };

interface Plain {
  kind: string;
  id: string;
}

const FEWEST = 3;

/** Rows with each run of at least three boosts made one; `apart` begins a new run. */
export function grouped<T extends Plain>(rows: T[], isBoost: (row: T) => boolean, apart?: string): Shown<T>[] {
  const out: Shown<T>[] = [];
  let run: T[] = [];
  const end = () => {
    if (run.length < FEWEST) out.push(...run);
    else out.push({ kind: 'boosts', id: run[0]!.id, ids: run.map((row) => row.id) });
    run = [];
  };
  for (const row of rows) {
    if (row.id === apart) end();
    if (row.kind === 'post' && isBoost(row)) run.push(row);
    else {
      end();
      out.push(row);
    }
  }
  end();
  return out;
}

/** Rows with posts that go on with the next lower one made one; `apart` begins a new run. */
export function joined<T extends { kind: string; id: string }>(rows: T[], goesOn: (row: T, lower: T) => boolean, apart?: string): (T | { kind: 'thread'; id: string; ids: string[] })[] {
  const out: ReturnType<typeof joined<T>> = [];
  for (let at = 0; at < rows.length; ) {
    const first = rows[at]!;
    let end = at + 1;
    while (end < rows.length && rows[end]!.id !== apart && rows[end - 1]!.kind === 'post' && rows[end]!.kind === 'post' && goesOn(rows[end - 1]!, rows[end]!)) end++;
    out.push(end === at + 1 ? first : { kind: 'thread', id: first.id, ids: rows.slice(at, end).map((row) => row.id).reverse() });
    at = end;
  }
  return out;
}

export interface Chunk<T> {
  key: number;
  rows: T[];
}

/** So few that an old phone draws one within a frame or two. */
const SIZE = 5;

/**
 * Rows in chunks that stay what they are while rows come above, below and
 * between, so that the height of one that is out of sight can be kept.
 */
export class Chunks<T extends { id: string }> {
  heights = new Map<number, number>();
  #of = new Map<string, number>();
  #last = 0;

  cut(rows: T[]): Chunk<T>[] {
    const out: Chunk<T>[] = [];
    const taken = new Set<number>();
    let moved: { from: number; to: number } | undefined;
    for (const row of rows) {
      const here = out.at(-1);
      let key = this.#of.get(row.id);
      if (moved && key === moved.from) key = moved.to;
      if (key === undefined) key = here && here.rows.length < SIZE ? here.key : ++this.#last;
      if (key !== here?.key && taken.has(key)) {
        // Something came between its rows: the rest begins anew.
        moved = { from: key, to: ++this.#last };
        key = moved.to;
      }
      this.#of.set(row.id, key);
      taken.add(key);
      if (here?.key === key) here.rows.push(row);
      else out.push({ key, rows: [row] });
    }
    return out;
  }
}
