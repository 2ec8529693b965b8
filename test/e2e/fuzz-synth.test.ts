import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { InvalidFleet } from '../../shared/fleet/invalid-fleet.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import { appOf } from '../kit/synthesis.ts';
import type { Template } from './fuzz/flattened.ts';
import { limitProblems } from './fuzz/limit-problems.ts';
import { policyProblems } from './fuzz/policy-problems.ts';
import { fleets } from './fuzz/random-fleet.ts';
import { Schemas } from './fuzz/schema-problems.ts';

/** FUZZ_SEED repeats a run. Each commit has another: what was looked at yesterday need not be looked at today. */
const seed = Number(process.env['FUZZ_SEED'] ?? seedOfCommit());
const count = Number(process.env['FUZZ_FLEETS'] ?? 200);

function seedOfCommit(): number {
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' });
  return createHash('sha256').update(commit).digest().readUInt32BE() >>> 1;
}

/** As many as are asked for; whoever draws at random also draws what is refused. */
function validFleets(): string[] {
  const drawn = fc.sample(fleets, { seed, numRuns: 3 * count }).map((fleet) => JSON.stringify(fleet));
  const valid = drawn.filter((text) => {
    try {
      readFleet(text);
      return true;
    } catch (error) {
      if (error instanceof InvalidFleet) return false;
      throw error;
    }
  });
  expect(valid.length, 'enough of what is drawn is valid').toBeGreaterThanOrEqual(count);
  return valid.slice(0, count);
}

const all = validFleets();
const schemas = new Schemas();

async function problemsOf(template: Template): Promise<string[]> {
  return [...limitProblems(template), ...schemas.problems(template), ...(await policyProblems(template))];
}

it(`${count} fleets at random become templates that AWS takes, by its own schemas, limits and lists of actions`, async () => {
  console.info(`FUZZ_SEED=${seed} FUZZ_FLEETS=${count}`);
  const types = new Set<string>();
  for (const [index, fleet] of all.entries()) {
    const { stacks } = appOf(fleet).synth();
    for (const { stackName, template } of stacks) {
      const where = `seed ${seed}, fleet ${index}, ${stackName} of ${fleet}`;
      expect(await problemsOf(template as Template), where).toEqual([]);
      for (const { Type } of Object.values((template as Template).Resources)) types.add(Type);
    }
  }
  // Of everything that there is to make, something was made.
  expect(types.size).toBeGreaterThanOrEqual(30);
}, 600_000);

it('and it would be noticed if one were not', async () => {
  const { stacks } = appOf(all[0]!).synth();
  const template = structuredClone(
    stacks.find(({ stackName }) => stackName.endsWith('scaler'))!.template,
  ) as {
    Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
  };
  expect(await problemsOf(template)).toEqual([]);
  const resource = (type: string) => Object.values(template.Resources).find(({ Type }) => Type === type)!;
  const { Properties: queue } = resource('AWS::SQS::Queue');
  Object.assign(queue, { Colour: 'red', MessageRetentionPeriod: 'long', QueueName: 'a b' });
  delete resource('AWS::Lambda::Function').Properties['Role'];
  const statement = { Effect: 'Allow', Resource: 'arn:aws:sqs:eu-west-1:1:q' };
  const policy = resource('AWS::IAM::Policy').Properties['PolicyDocument'] as { Statement: object[] };
  policy.Statement.push(
    { ...statement, Action: 'sqs:SendMessages' },
    { ...statement, Action: 'sns:Publish' },
    { ...statement, Action: 'sqs:SendMessage', Resource: '*' },
    { ...statement, Action: 'ec2:DescribeInstances' },
    {
      Effect: 'Allow',
      Action: 'events:PutEvents',
      Resource: 'arn:aws:events:eu-west-1:1:event-bus/default',
      Condition: { StringEquals: { 'events:source': 'a', 'events:colour': 'b' } },
    },
  );
  template.Resources['Secret'] = {
    Type: 'AWS::SNS::Topic',
    Properties: { DisplayName: '{{resolve:ssm:/a}}' },
  };
  const told = (await problemsOf(template)).map((problem) => problem.replace(/^\S+ \w+[.:]? ?/, ''));
  for (const expected of [
    'there is no Colour',
    'MessageRetentionPeriod: expected integer, found "long"',
    'QueueName a b',
    'Role is missing',
    'sqs:SendMessages: there is no such action',
    'sns:Publish: has no resource arn:aws:sqs:eu-west-1:1:q',
    'sqs:SendMessage: changes something, anywhere',
    'ec2:DescribeInstances: takes no resource, and is given arn:aws:sqs:eu-west-1:1:q',
    'events:PutEvents: events:source has several values, which StringEquals is not for',
    'events:PutEvents: has no condition events:colour',
  ])
    expect(told, expected).toContainEqual(expect.stringContaining(expected));
  expect((await problemsOf(template)).join()).toContain('{{resolve: is in the template');
});
