// Timestamps as text, in the two forms that XML and headers use.
import type { TimestampFormat } from './schema.js';

export function formatTimestamp(value: Date, format: TimestampFormat): string {
  switch (format) {
    case 'date-time':
      return value.toISOString();
    case 'http-date':
      return value.toUTCString();
    case 'epoch-seconds':
      return String(value.getTime() / 1000);
  }
}

/** Undefined when `text` is none of the three forms. */
export function parseTimestamp(text: string): Date | undefined {
  const date = new Date(/^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
