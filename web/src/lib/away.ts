import { t } from './i18n';
import { day, daysAgo, weekday } from './time';

/** Since when somebody was away, as a title. */
export function away(iso: string, now = Date.now()): string {
  const then = new Date(iso);
  if (now - then.getTime() < 3_600_000) return t('since.hour');
  const days = daysAgo(iso, now);
  const hour = then.getHours();
  if (days === 0) return t(hour < 5 ? 'since.night' : hour < 12 ? 'since.morning' : hour < 18 ? 'since.afternoon' : 'since.evening');
  if (days === 1) return t(hour < 18 ? 'since.yesterday' : 'since.night');
  return days < 7 ? t('since.day', { day: weekday(iso) }) : t('since.date', { day: day(iso) });
}
