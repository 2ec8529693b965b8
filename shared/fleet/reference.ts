import type { z } from 'zod';
import { jsonSchema } from './json-schema.ts';

type Schema = z.core.JSONSchema.BaseSchema;

/** The reference of the fleet file in Markdown, `docs/reference.md`, all of it from the schema. */
export function reference(): string {
  return [
    '# Reference of `fleet.yaml`',
    '',
    'Generated from the schema by `npm run reference`; do not edit. Keys that are not listed here are errors.',
    '`NAME` stands for a name of yours, `[]` for each entry of a list. Durations are seconds, or words like',
    '`90s`, `30m`, `2h`, `1d`. `npx rushhour validate` checks a file, and an editor with a YAML language server',
    'completes and checks it as you type.',
    '',
    ...sections('', jsonSchema()),
  ].join('\n');
}

/** A table for an object's keys, and below it those of the objects in it. */
function sections(path: string, schema: Schema): string[] {
  const required = new Set(schema.required ?? []);
  const keys = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
  const rows = keys.map(([key, value]) => {
    const fallback = required.has(key) ? '**required**' : defaultOf(value);
    return `| \`${key}\` | ${cell(typeOf(value))} | ${fallback} | ${cell(value.description ?? '')} |`;
  });
  return [
    path === '' ? '## The file' : `## \`${path}\``,
    '',
    ...(schema.description ? [schema.description, ''] : []),
    '| key | type | default | meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
    ...keys.flatMap(([key, value]) => nested(path === '' ? key : `${path}.${key}`, value)),
  ];
}

/** Objects that are the value itself, the entries of a list, the values under names of the user's, or an alternative. */
function nested(path: string, schema: Schema): string[] {
  if (schema.properties) return sections(path, schema);
  if (isSchema(schema.items)) return nested(`${path}[]`, schema.items);
  if (isSchema(schema.additionalProperties)) return nested(`${path}.NAME`, schema.additionalProperties);
  return (schema.anyOf ?? []).flatMap((alternative) =>
    isSchema(alternative) ? nested(path, alternative) : [],
  );
}

function typeOf(schema: Schema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.anyOf) return schema.anyOf.map((form) => (isSchema(form) ? typeOf(form) : '')).join(', or ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => words[type] ?? type).join(' or ');
  if (isSchema(schema.items)) return `list of: ${typeOf(schema.items)}`;
  if (isSchema(schema.additionalProperties)) return `by name: ${typeOf(schema.additionalProperties)}`;
  const word = words[schema.type ?? ''] ?? schema.type ?? 'anything';
  const { minimum, maximum, exclusiveMinimum } = schema;
  if (exclusiveMinimum !== undefined) return `${word} above ${exclusiveMinimum}`;
  return isSafe(minimum) && isSafe(maximum) ? `${word} ${minimum}–${maximum}` : word;
}

const words: Record<string, string> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: '`true` or `false`',
  object: 'keys below',
};

/** zod bounds every whole number by the safe integers, which says nothing. */
function isSafe(bound: number | undefined): bound is number {
  return bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
}

function defaultOf({ default: value }: Schema): string {
  const isEmpty = value === undefined || JSON.stringify(value) === '{}' || JSON.stringify(value) === '[]';
  return isEmpty ? '' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
