/** How the client looks and behaves on this device. */
export interface Look {
  theme: 'auto' | 'light' | 'dark';
  contrast: boolean;
  motion: boolean;
  font: 'own' | 'system';
  size: '' | 'small' | 'large' | 'larger';
}

export interface Habits {
  confirmBoost: boolean;
  confirmMissingAlt: boolean;
  showCounts: boolean;
  groupBoosts: boolean;
  hoverCards: boolean;
  showWarned: boolean;
  showSensitive: boolean;
  autoplay: boolean;
  shortcuts: boolean;
  /** No longer a newcomer who is offered first steps. */
  settled: boolean;
  /** Nothing that counts, ranks or moves. */
  calm: boolean;
  /** How many seconds a post waits in which it can be taken back. */
  undoSeconds: number;
}

const plainLook: Look = { theme: 'auto', contrast: false, motion: false, font: 'own', size: '' };
const plainHabits: Habits = {
  confirmBoost: false,
  confirmMissingAlt: true,
  showCounts: true,
  groupBoosts: true,
  hoverCards: true,
  showWarned: false,
  showSensitive: false,
  autoplay: false,
  shortcuts: true,
  calm: false,
  settled: false,
  undoSeconds: 5,
};

function read<T extends object>(name: string, plain: T): T {
  try {
    return { ...plain, ...(JSON.parse(localStorage.getItem(name) ?? '{}') as Partial<T>) };
  } catch {
    return plain;
  }
}

class Prefs {
  look = $state.raw(read('look', plainLook));
  habits = $state.raw(read('habits', plainHabits));

  /** Changes the look at once; boot.js does the same before the first paint. */
  setLook(change: Partial<Look>): void {
    this.look = { ...this.look, ...change };
    localStorage.setItem('look', JSON.stringify(this.look));
    const { dataset } = document.documentElement;
    const put = (name: string, value: string) => {
      if (value) dataset[name] = value;
      else delete dataset[name];
    };
    put('theme', this.look.theme === 'auto' ? '' : this.look.theme);
    put('contrast', this.look.contrast ? 'more' : '');
    put('motion', this.look.motion ? 'reduced' : '');
    put('font', this.look.font === 'system' ? 'system' : '');
    put('size', this.look.size);
  }

  /** Whether numbers are shown of what people thought of a post or a person. */
  get counts(): boolean {
    return this.habits.showCounts && !this.habits.calm;
  }

  get autoplay(): boolean {
    return this.habits.autoplay && !this.habits.calm;
  }

  setHabits(change: Partial<Habits>): void {
    this.habits = { ...this.habits, ...change };
    localStorage.setItem('habits', JSON.stringify(this.habits));
  }
}

export const prefs = new Prefs();
