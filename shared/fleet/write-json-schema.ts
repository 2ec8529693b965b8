import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { fleet } from './fleet.ts';

const schema = z.toJSONSchema(fleet, { io: 'input', unrepresentable: 'any' });
writeFileSync(new URL('./fleet.schema.json', import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
