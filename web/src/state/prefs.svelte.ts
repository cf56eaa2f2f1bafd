/** How the client looks and behaves on this device. */
export interface Look {
  theme: 'auto' | 'light' | 'dark';
  contrast: boolean;
  motion: boolean;
  font: 'own' | 'system';
  size: '' | 'small' | 'large' | 'larger';
}

export type MediaChoice = 'default' | 'show_all' | 'hide_all';

export interface Habits {
  /** Asked before each boost. */
  confirmBoost: boolean;
  /** The button boosts at once, instead of offering a quote, too. */
  quickBoost: boolean;
  confirmMissingAlt: boolean;
  showCounts: boolean;
  groupBoosts: boolean;
  /** Posts of a thread stand together where they follow each other. */
  joinThreads: boolean;
  /** What home shows beside what people write first. */
  homeBoosts: boolean;
  homeReplies: boolean;
  homeQuotes: boolean;
  hoverCards: boolean;
  showWarned: boolean;
  /** Which media are shown at once. */
  media: MediaChoice;
  /** Covered media show their colours. */
  shades: boolean;
  /** Media are loaded only once they are wanted. */
  saver: boolean;
  /** Fingers go through media by swiping. */
  swipe: boolean;
  /** What is talked about is shown. */
  trends: boolean;
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
  quickBoost: false,
  confirmMissingAlt: true,
  showCounts: true,
  groupBoosts: true,
  joinThreads: true,
  homeBoosts: true,
  homeReplies: true,
  homeQuotes: true,
  hoverCards: true,
  showWarned: false,
  media: 'default',
  shades: true,
  saver: false,
  swipe: true,
  trends: true,
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

  get trends(): boolean {
    return this.habits.trends && !this.habits.calm;
  }

  get autoplay(): boolean {
    return this.habits.autoplay && !this.habits.calm;
  }

  /** Whether as little as can be is loaded: by choice, or since the device asks for it. */
  get saves(): boolean {
    const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } };
    return this.habits.saver || connection?.saveData === true || matchMedia('(prefers-reduced-data: reduce)').matches;
  }

  setHabits(change: Partial<Habits>): void {
    this.habits = { ...this.habits, ...change };
    localStorage.setItem('habits', JSON.stringify(this.habits));
  }
}

export const prefs = new Prefs();
