import { z } from 'zod';

/** Seconds, from a number or from words like `90s`, `30m`, `2h`, `1d`. */
export const duration = z
  .union([z.number(), z.string()], { error: 'expected seconds or a duration like 90s, 30m, 2h, 1d' })
  .transform((value, context) => {
    const seconds = typeof value === 'number' ? value : parseDuration(value);
    if (seconds === undefined || !Number.isFinite(seconds) || seconds <= 0) {
      context.addIssue({ code: 'custom', message: 'expected seconds or a duration like 90s, 30m, 2h, 1d' });
      return z.NEVER;
    }
    return seconds;
  });

const secondsPerUnit: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86400 };

/** Seconds that `2h`, `1h30m`, `90s` stand for; undefined when it is none of these. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+[smhd])+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([smhd])/g)) {
    seconds += Number(count) * secondsPerUnit[unit!]!;
  }
  return seconds;
}

/** A share between 0 and 1, written `0.1%` or as a fraction. */
export const share = z
  .union([z.number(), z.string().regex(/^\d+(\.\d+)?%$/)], { error: 'expected a share like 0.1% or 0.001' })
  .transform((value) => (typeof value === 'number' ? value : Number(value.slice(0, -1)) / 100))
  .refine((value) => value > 0 && value < 1, { error: 'expected a share above 0 and below 100%' });

/** Names become part of AWS names and of metric dimensions. */
export const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, {
    error: 'expected lower-case letters, digits and hyphens, at most 31, starting with a letter',
  });

export const instanceId = z
  .string()
  .regex(/^i-([0-9a-f]{8}|[0-9a-f]{17})$/, { error: 'expected an instance id like i-0123456789abcdef0' });

/** Servers. An omitted size is an error: AWS would read it as 0. */
export const size = z.int({ error: 'expected a whole number of servers' }).min(0).max(10_000);

export const timeZone = z
  .string()
  .refine(isTimeZone, { error: 'expected an IANA time zone like Asia/Shanghai' });

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A day that exists, `2026-10-01`. */
export const day = z.iso.date({ error: 'expected a day like 2026-10-01' });
