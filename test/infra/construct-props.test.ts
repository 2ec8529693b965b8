import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Members of an exported interface, as `name: type`, without their comments. */
function membersOf(file: string, name: string): Map<string, string> {
  const source = readFileSync(file, 'utf8').replaceAll(/\/\*\*.*?\*\//gs, '');
  const [, body = ''] = new RegExp(`export interface ${name} \\{\\n(.*?)\\n\\}`, 's').exec(source) ?? [];
  const members = [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??: (.+);$/gm)];
  expect(members.length, `${name} in ${file}`).toBeGreaterThan(2);
  expect(body.match(/^ {2}\w/gm)?.length, `${name}: every member is readonly`).toBe(
    body.match(/^ {2}readonly /gm)?.length,
  );
  return new Map(members.map(([, member, type]) => [member!, type!]));
}

/** What every language of jsii can say: scalars, enums and interfaces of the CDK, our own structs, lists and maps of them. */
const plain =
  /^(string|boolean|Date|FleetInput|AnyLoadBalancer|GivenToGroup|(ec2|elb|sns|logs)\.(I[A-Z]\w+|SubnetSelection|RetentionDays))$/;

it.each([
  ['infra/rushhour-fleet.ts', 'RushhourFleetProps'],
  ['infra/fleet-group.ts', 'GivenToGroup'],
])('props are plain data and constructs: %s, %s', (file, name) => {
  for (const [member, type] of membersOf(file, name)) {
    const parts = type
      .replace(/^\{ readonly \[\w+: string\]: (\w+) \}$/, '$1')
      .replace(/\[\]$/, '')
      .split(' | ');
    for (const part of parts) expect(part, `${name}.${member}`).toMatch(plain);
  }
});
