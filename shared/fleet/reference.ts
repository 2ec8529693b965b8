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
    ...unlikeAws,
  ].join('\n');
}

/** What AWS's own policies do otherwise, each with the reason. `test/unit/domain/aws-parity.test.ts` has what is alike. */
const unlikeAws = [
  '## What differs from AWS on purpose',
  '',
  "Rules take AWS's words, and its examples come out as in its guide. What does not, and why:",
  '',
  '| what | AWS | here | why |',
  '|---|---|---|---|',
  '| `cooldown` of a rule with steps | has none: a step is taken again as soon as its servers are warm | is kept, also by steps; a higher step is taken at once while servers come or warm up. `cooldown: 0` is as AWS has it | the datapoints after a warm-up still show the minutes before |',
  '| a rule without steps | waits for its own cooldown alone | waits for servers to warm up, too: those that are warming are not counted, no matter who asked for them | a cooldown below the warm-up would add the same servers twice |',
  '| an alarm that stays red | acts again each time | acts again if its metric is per server; a fleet total acts once an episode, unless `repeat: true`; an episode ends by a whole period that does not breach, read three minutes late | a total does not fall when servers join, and would go on to the maximum; counts that come late make an alarm blink within one crowd |',
  '| a further scale-in | a step may take more while servers terminate | waits until they are gone, and for a datapoint that began after it, of whichever rule | what was measured before knows nothing of it; two rules at once would take twice |',
  '| a scale-in that would call for a scale-out | is done, and undone | is made smaller, or waits | servers that come and go cost more than those that stay |',
  '| missing data | a scale-in policy may take it for a breach | never takes a server away | silence is what an incident sounds like |',
  '| a target with `disableScaleIn` beside others | is not asked when the others scale in | asks for nothing less, but the others go no lower than it needs, and wait while it is unknown | otherwise the one takes what the other asks for again a minute later |',
  '| `scalingAdjustment: 0` without steps, or steps that are all 0 | is taken | is refused | a rule that can never do anything is a mistake |',
  '| servers of a schedule, a person, a floor | an alarm takes them down to the minimum | an alarm takes back what alarms have added since a window opened | a plan for 11:00 is meant until 13:00 |',
  '',
];

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
