import { z } from 'zod';
import { fleet } from './fleet.ts';

/** A JSON Schema of the fleet file, as far as JSON Schema can say it: what editors complete and check. */
export function jsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(fleet, { io: 'input', unrepresentable: 'any' });
}
