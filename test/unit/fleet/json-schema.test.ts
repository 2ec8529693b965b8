import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { jsonSchema } from '../../../shared/fleet/json-schema.ts';
import { reference } from '../../../shared/fleet/reference.ts';

it('is committed as it is generated', () => {
  const committed = readFileSync('shared/fleet/fleet.schema.json', 'utf8');
  expect(JSON.parse(committed), 'npm run schema').toEqual(JSON.parse(JSON.stringify(jsonSchema())));
});

it('describes every key, for editors and for the reference', () => {
  const undescribed: string[] = [];
  const walk = (path: string, schema: z.core.JSONSchema.BaseSchema) => {
    for (const [key, value] of Object.entries(
      (schema.properties ?? {}) as Record<string, z.core.JSONSchema.BaseSchema>,
    )) {
      if (!value.description) undescribed.push(`${path}.${key}`);
      walk(`${path}.${key}`, value);
    }
    for (const below of [schema.items, schema.additionalProperties, ...(schema.anyOf ?? [])]) {
      if (typeof below === 'object') walk(path, below as z.core.JSONSchema.BaseSchema);
    }
  };
  walk('fleet', jsonSchema());
  expect(undescribed).toEqual([]);
});

it('makes the reference that is committed', () => {
  expect(readFileSync('docs/reference.md', 'utf8'), 'npm run reference').toBe(reference());
});

it('accepts the fleet file that ships, and refuses an unknown key', async () => {
  const { parse } = await import('yaml');
  const schema = z.fromJSONSchema(JSON.parse(readFileSync('shared/fleet/fleet.schema.json', 'utf8')));
  const file = parse(readFileSync('fleet.yaml', 'utf8'));
  expect(schema.safeParse(file).error).toBeUndefined();
  expect(schema.safeParse({ ...file, colour: 'red' }).success).toBe(false);
});
