import { language, t } from './i18n';

const unit = (name: string) => new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short' });
const units = { minute: unit('minute'), hour: unit('hour'), day: unit('day') };
const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
const monthDay = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' });
const full = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short' });
const clock = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How old something is, in as little room as can be; after a week, the date. */
export function age(iso: string, now = Date.now()): string {
  const ms = Math.max(0, now - Date.parse(iso));
  if (ms < MINUTE) return t('time.now');
  if (ms < HOUR) return units.minute.format(Math.floor(ms / MINUTE));
  if (ms < DAY) return units.hour.format(Math.floor(ms / HOUR));
  if (ms < 7 * DAY) return units.day.format(Math.floor(ms / DAY));
  const then = new Date(iso);
  return then.getFullYear() === new Date(now).getFullYear() ? monthDay.format(then) : date.format(then);
}

/** Day and time, in full. */
export function when(iso: string): string {
  return full.format(new Date(iso));
}

/** "today at 22:14", "yesterday at 22:14", else the date and time. */
export function since(iso: string, now = Date.now()): string {
  const days = daysAgo(iso, now);
  if (days > 6) return when(iso);
  return t('time.at', { day: relative.format(-days, 'day'), time: clock.format(new Date(iso)) });
}

/** How many midnights ago. */
export function daysAgo(iso: string, now = Date.now()): number {
  return Math.round((midnight(now) - midnight(Date.parse(iso))) / DAY);
}

const weekdays = new Intl.DateTimeFormat(language, { weekday: 'long' });

/** The day of the week. */
export function weekday(iso: string): string {
  return weekdays.format(new Date(iso));
}

function midnight(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

/** A date without the time. */
export function day(iso: string): string {
  return date.format(new Date(iso));
}

const calendar = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });

/** A day of the calendar, such as 2026-03-01, which is the same everywhere. */
export function calendarDay(iso: string): string {
  return calendar.format(new Date(iso));
}

/** How long until then, for polls. */
export function until(iso: string, now = Date.now()): string {
  const ms = Date.parse(iso) - now;
  if (ms < HOUR) return relative.format(Math.max(1, Math.ceil(ms / MINUTE)), 'minute');
  if (ms < DAY) return relative.format(Math.round(ms / HOUR), 'hour');
  return relative.format(Math.round(ms / DAY), 'day');
}

const long = (name: string) => new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'long' });

/** A span of time in words: "30 minutes", "6 hours", "7 days". */
export function lasting(seconds: number): string {
  if (seconds < 3_600) return long('minute').format(seconds / 60);
  return seconds < 86_400 ? long('hour').format(seconds / 3_600) : long('day').format(seconds / 86_400);
}

/** A moment as a field of date and time wants it: local, to the minute. */
export function forField(iso: string): string {
  const then = new Date(iso);
  if (Number.isNaN(then.getTime())) return '';
  const two = (n: number) => String(n).padStart(2, '0');
  return `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())}T${two(then.getHours())}:${two(then.getMinutes())}`;
}
