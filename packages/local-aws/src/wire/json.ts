import { ServiceError } from '../service.ts';
import { bytesOf } from './scalars.ts';
import type { Shape } from './shape.ts';

/**
 * JSON (or CBOR's value model, which differs only in what it needs no spelling for) to the SDK's values: dates,
 * bytes. Members that the shape does not have are ignored, as AWS does.
 *
 * @throws ServiceError `SerializationException` when a value is of another type than its shape.
 */
export function fromJson(shape: Shape, json: unknown, where = ''): unknown {
  if (json === null || json === undefined) return undefined;
  switch (shape.kind) {
    case 'structure':
      return structureFromJson(shape, recordOf(json, where), where);
    case 'list':
      if (!Array.isArray(json)) throw mismatch(where, 'a list');
      return json.map((item, index) => fromJson(shape.value, item, `${where}[${index}]`));
    case 'map':
      return mapValues(recordOf(json, where), (value, key) =>
        fromJson(shape.value, value, `${where}.${key}`),
      );
    case 'blob':
      if (json instanceof Uint8Array) return json;
      return new Uint8Array(Buffer.from(textOf(json, where), 'base64'));
    case 'timestamp':
      return dateOf(json, shape, where);
    case 'string':
      return textOf(json, where);
    case 'number':
      if (typeof json === 'bigint') return Number(json);
      if (typeof json !== 'number') throw mismatch(where, 'a number');
      return json;
    case 'boolean':
      if (typeof json !== 'boolean') throw mismatch(where, 'true or false');
      return json;
    default:
      return json;
  }
}

/** How an encoding spells what JSON has no values for. */
export interface Spelling {
  timestamp(date: Date, shape: Shape): unknown;
  blob(bytes: Uint8Array): unknown;
}

const inJson: Spelling = {
  timestamp: (date, shape) =>
    shape.timestampFormat === 'date-time' ? date.toISOString() : date.getTime() / 1000,
  blob: (bytes) => Buffer.from(bytes).toString('base64'),
};

/** The SDK's values to JSON: timestamps as epoch seconds unless the shape says otherwise, bytes as base64. */
export function toJson(shape: Shape, value: unknown, spelling = inJson): unknown {
  if (value === null || value === undefined) return undefined;
  switch (shape.kind) {
    case 'structure': {
      const given = value as Record<string, unknown>;
      const json: Record<string, unknown> = {};
      for (const [name, member] of shape.members) {
        const value = given[name];
        if (value !== undefined) json[member.traits.jsonName ?? name] = toJson(member, value, spelling);
      }
      return json;
    }
    case 'list':
      return (value as unknown[]).map((item) => toJson(shape.value, item, spelling));
    case 'map':
      return mapValues(value as Record<string, unknown>, (item) => toJson(shape.value, item, spelling));
    case 'blob':
      return spelling.blob(bytesOf(value));
    case 'timestamp':
      return spelling.timestamp(value as Date, shape);
    default:
      return value;
  }
}

function structureFromJson(shape: Shape, json: Record<string, unknown>, where: string): unknown {
  const value: Record<string, unknown> = {};
  for (const [name, member] of shape.members) {
    const given = json[member.traits.jsonName ?? name];
    if (given !== undefined && given !== null) value[name] = fromJson(member, given, `${where}.${name}`);
  }
  return value;
}

function mapValues(
  record: Record<string, unknown>,
  change: (value: unknown, key: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}

function recordOf(json: unknown, where: string): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw mismatch(where, 'a structure');
  return json as Record<string, unknown>;
}

function textOf(json: unknown, where: string): string {
  if (typeof json !== 'string') throw mismatch(where, 'a string');
  return json;
}

/** Seconds, unless the shape says that it is text. @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
function dateOf(json: unknown, shape: Shape, where: string): Date {
  if (json instanceof Date) return json;
  if (typeof json !== 'number' && shape.timestampFormat === undefined) throw mismatch(where, 'a timestamp');
  const date = new Date(typeof json === 'number' ? json * 1000 : textOf(json, where));
  if (Number.isNaN(date.getTime())) throw mismatch(where, 'a timestamp');
  return date;
}

function mismatch(where: string, expected: string): ServiceError {
  return new ServiceError(
    'SerializationException',
    `${where.replace(/^\./, '') || 'The body'} is not ${expected}`,
  );
}
