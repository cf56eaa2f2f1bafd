/** Something the library pages through by following the links of its answers. */
interface Paged<T> {
  values(): AsyncIterator<T[]>;
}

/** A list that is read page by page. */
export class Pages<T> {
  items = $state.raw<T[]>([]);
  loading = $state(false);
  done = $state(false);
  error = $state.raw<unknown>();
  #source: AsyncIterator<T[]>;
  #took: (page: T[]) => void;

  constructor(source: Paged<T>, took: (page: T[]) => void = () => {}) {
    this.#source = source.values();
    this.#took = took;
  }

  /** Reads one page more, unless one is being read or there is none. */
  async more(): Promise<void> {
    if (this.loading || this.done) return;
    this.loading = true;
    this.error = undefined;
    try {
      const { value, done } = await this.#source.next();
      if (done || !value || value.length === 0) {
        this.done = true;
        return;
      }
      this.#took(value);
      this.items = [...this.items, ...value];
    } catch (error) {
      this.error = error;
    } finally {
      this.loading = false;
    }
  }

  /** Takes an item away that is no longer there. */
  remove(item: T): void {
    this.items = this.items.filter((other) => other !== item);
  }
}
