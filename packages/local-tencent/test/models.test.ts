import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { models } from '../src/parameters.ts';

const require = createRequire(import.meta.url);
const files = {
  as: 'v20180419/as',
  clb: 'v20180317/clb',
  monitor: 'v20180724/monitor',
  sts: 'v20180813/sts',
} as const;

/** The parameters of a request in the vendor's model: their names, those that may lack with a question mark. */
function vendorsModel(service: keyof typeof files, action: string): string[] {
  const index = require.resolve('tencentcloud-sdk-nodejs/tencentcloud/services/as');
  const text = readFileSync(
    index.replace(/as\/index\.js$/, `${service}/${files[service]}_models.d.ts`),
    'utf8',
  );
  const [, body] = new RegExp(`export interface ${action}Request \\{([\\s\\S]*?)\\n\\}`).exec(text)!;
  return [...body!.matchAll(/^ {4}(\w+\??):/gm)].map(([, name]) => name!).sort();
}

const cases = Object.entries(models).flatMap(([service, actions]) =>
  Object.keys(actions).map((action) => [service as keyof typeof files, action] as const),
);

it.each(cases)("%s:%s has the parameters of the vendor's model, and no others", (service, action) => {
  const ours = Object.entries(models[service]![action]!).map(([name, { required }]) =>
    required ? name : `${name}?`,
  );
  expect(ours.sort()).toEqual(vendorsModel(service, action));
});
