import { ServiceError } from '../service.ts';
import type { Shape, TimestampFormat } from './shape.ts';

/** Texts of the query string, of headers and of XML to values. @throws ServiceError when the text is none. */
export function parseScalar(shape: Shape, text: string, where: string): unknown {
  switch (shape.kind) {
    case 'number':
      return parseNumber(text, where);
    case 'boolean':
      return parseBoolean(text, where);
    case 'timestamp':
      return parseTimestamp(text, where);
    case 'blob':
      return new Uint8Array(Buffer.from(text, 'base64'));
    default:
      return text;
  }
}

/** The reverse of `parseScalar`; `timestampFormat` is the protocol's default, which the shape may override. */
export function formatScalar(shape: Shape, value: unknown, timestampFormat: TimestampFormat): string {
  if (shape.kind === 'blob') return Buffer.from(bytesOf(value)).toString('base64');
  if (value instanceof Date) return formatTimestamp(value, shape.timestampFormat ?? timestampFormat);
  return String(value);
}

/** What a service may give for a blob: bytes, or text that stands for its UTF-8. */
export function bytesOf(value: unknown): Uint8Array {
  return typeof value === 'string' ? Buffer.from(value) : (value as Uint8Array);
}

function formatTimestamp(date: Date, format: TimestampFormat): string {
  if (format === 'epoch-seconds') return String(date.getTime() / 1000);
  return format === 'http-date' ? date.toUTCString() : date.toISOString();
}

function parseNumber(text: string, where: string): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(number)) throw malformed(where, text, 'a number');
  return number;
}

function parseBoolean(text: string, where: string): boolean {
  const lower = text.toLowerCase();
  if (lower !== 'true' && lower !== 'false') throw malformed(where, text, 'true or false');
  return lower === 'true';
}

function parseTimestamp(text: string, where: string): Date {
  const epochSeconds = /^\d+(\.\d+)?$/.test(text);
  const date = new Date(epochSeconds ? Number(text) * 1000 : text);
  if (Number.isNaN(date.getTime())) throw malformed(where, text, 'a timestamp');
  return date;
}

function malformed(where: string, text: string, expected: string): ServiceError {
  return new ServiceError('MalformedInput', `${where}: '${text}' is not ${expected}`);
}
