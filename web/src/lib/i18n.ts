import en from '../locales/en.json';

/** What a counted message is called, without the ".one" or ".other" of its forms. */
type Counted<K> = { [P in K & string]: P extends `${infer Stem}.other` ? Stem : never }[K & string];
export type Key = keyof typeof en;
export type CountKey = Counted<Key>;
export type Values = Record<string, string | number>;

/** The language of the page, which the server chose (the person, else the browser). */
export const language = document.documentElement.lang || 'en';

const plurals = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(language);
const compact = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** What speaks from a catalogue: English comes with the code, other languages by file. */
export function catalogue<K extends string>(english: Record<K, string>, others: Record<string, () => Promise<Record<string, string>>>) {
  let messages: Record<string, string> = english;
  // A language that has a message has all its forms; those of English are no help.
  let own: Record<string, string> = english;
  return {
    /** Loads the language of the page; call it before anything is shown. */
    async load(): Promise<void> {
      const file = Object.keys(others).find((path) => path.endsWith(`/${language}.json`));
      if (!file) return;
      own = await others[file]!();
      messages = { ...english, ...own };
    },
    /** A message with its {names} filled in. */
    t: (key: K, values: Values = {}): string => fill(messages[key] ?? key, values),
    /** A counted message: {n} is the number. */
    count(key: Counted<K>, n: number, values: Values = {}): string {
      const from = `${key}.other` in own ? own : messages;
      const form = from[`${key}.${plurals.select(n)}`] ?? from[`${key}.other`] ?? key;
      return fill(form, { n: number(n), ...values });
    },
    /** The message of a name that may have none, which then speaks for itself. */
    named: (stem: string, name: string): string => messages[`${stem}.${name}`] ?? name.replaceAll('_', ' '),
  };
}

export const { load: loadMessages, t, count } = catalogue(
  en,
  import.meta.glob<Record<string, string>>(['../locales/*.json', '!../locales/en.json'], { import: 'default' }),
);

/** A number as people write it. */
export function number(n: number): string {
  return numbers.format(n);
}

const units = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

/** How big something of so many bytes is: 71.5 kB. */
export function size(bytes: number): string {
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3) - 1));
  return new Intl.NumberFormat(language, { style: 'unit', unit: units[step], maximumSignificantDigits: 3 }).format(bytes / 1000 ** (step + 1));
}

/** A number in little room: 1.2K. */
export function short(n: number): string {
  return n < 10_000 ? numbers.format(n) : compact.format(n);
}

/** Names joined as a sentence joins them. */
export function list(names: string[]): string {
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(names);
}

const languageNames = new Intl.DisplayNames(language, { type: 'language' });

/** What a language is called in the language of the page. */
export function languageName(tag: string): string {
  try {
    return languageNames.of(tag) ?? tag;
  } catch {
    return tag;
  }
}
