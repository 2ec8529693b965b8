import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort, Stranger } from '../kit/stranger.ts';
import { nightZone } from './night-zone.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/tutorial.md'), 'utf8');
const stranger = new Stranger();
const shop = join(stranger.folder, 'shop');
let port: string;

beforeAll(async () => {
  port = String(await freePort());
  await stranger.pack();
});
afterAll(() => stranger[Symbol.dispose]());

/**
 * The blocks of one language of a part of the page, but for those that say `account`: they are for an account of AWS. The port is replaced, as
 * another program might listen there, and the package is the archive, as it is not published.
 */
function blocks(language: string, part: string): string[] {
  return [...part.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, text]) =>
    text!.replaceAll('4566', port).replace('npm install rushhour\n', `npm install ${stranger.archive}\n`),
  );
}

/** Types it into a terminal; where nobody is, a destroy wants to be forced, and an ended `diff` with 1 says that something differs. */
function type(cwd: string, text: string): Promise<string> {
  const typed = text
    .replace(/^(npx cdk destroy .*)$/gm, '$1 --force')
    .replace(/^(npx rushhour diff)$/gm, '$1 || [ $? -eq 1 ]');
  return stranger.run(cwd, 'sh', ['-ec', typed]);
}

const [here, onAws] = page.split('## The same on AWS') as [string, string];
/** The local cloud has a terminal of its own; before it nothing is deployed. */
const [before, after] = here.split('## 3. Deploy it') as [string, string];

it('begins a project in an empty folder, with a fleet that is in order', async () => {
  const [install, ...look] = blocks('sh', before);
  expect(install).toContain(stranger.archive);
  await type(stranger.folder, install!);
  const [fleet] = blocks('yaml', before);
  const written = readFileSync(join(shop, 'fleet.yaml'), 'utf8').split('\n');
  const differing = fleet!.split('\n').filter((line) => !written.includes(line));
  expect(differing.map((line) => line.trim().split(':')[0])).toEqual([
    'timeZone',
    'healthCheck',
    'simulation',
  ]);
  // Whenever this runs: no office hours, which would be servers to be waited for.
  expect(fleet).toContain('Europe/Berlin');
  writeFileSync(join(shop, 'fleet.yaml'), fleet!.replace('Europe/Berlin', nightZone()));
  const told = await type(shop, look.join(''));
  for (const sentence of [
    /fleet\.yaml: fleet shop, 1 group, no mistake/,
    /09:00 – 17:00 {2}web {2}office {2}\+1/,
    /09:00 {2}web 1 → 2: window 'office' opened \(\+1\)/,
  ])
    expect(told).toMatch(sentence);
});

it('deploys it to the local cloud, looks, acts and changes its mind', async () => {
  const [cloud, ...rest] = blocks('sh', after);
  expect(cloud).toContain('rushhour local');
  await stranger.startLocalCloud(shop, cloud!);
  const told = await type(shop, rest.join(''));
  for (const sentence of [
    /✓ {2}drift +web is as the fleet file says/,
    /web 1 → 2: \+1 by \S+ \(radio interview\) until \d\d:\d\d/,
    /web can grow: i-\w+ came and was given back\./,
    /\[~\] AWS::AutoScaling::AutoScalingGroup.*\n.*MaxSize\n.*\[-\] 4\n.*\[\+\] 6/,
    /web {2}2 desired, 2 in service, 1 to 6\n[\s\S]*granted \S+ 1/,
  ])
    expect(told).toMatch(sentence);
});

it('does the same as on AWS, at the address of the local cloud, and takes all away', async () => {
  expect(onAws).toContain('```sh account\nunset AWS_ENDPOINT_URL');
  const exported = blocks('sh', after)
    .join('')
    .match(/^export .*$/gm)!;
  const told = await type(shop, [...exported, ...blocks('sh', onAws)].join('\n'));
  expect(told).toMatch(/✓ +version/);
  expect(told).toMatch(/web can grow/);
  expect(told).toMatch(/shop-scaler.*destroyed/);
  expect(blocks('sh', onAws).at(-1)).toContain('cdk destroy');
});
