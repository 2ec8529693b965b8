import { readFileSync } from 'node:fs';
import { wholeCloud } from '@rushhour/local-aws';
import { Endpoint } from '@rushhour/local-aws/endpoint';
import type { KeySet } from '@rushhour/local-tencent/key-set';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SteadyWorld } from '../../../packages/local-aws/test/steady-world.ts';
import { TencentAccount } from '../../../shared/providers/tencent/account.ts';
import { TencentKeys } from '../../../shared/providers/tencent/keys.ts';
import { TencentScalingGroups } from '../../../shared/providers/tencent/scaling-groups.ts';
import { openTencent, type TencentThere } from '../../kit/tencent-there.ts';

const owner = { kind: 'owner', arn: 'arn:aws:iam::000000000000:root' } as const;
const functionRole = 'arn:aws:iam::000000000000:role/lunch-scaler-sweep';
const uin = 'qcs::cam::uin/100000000001';
const role = { roleArn: `${uin}:roleName/rushhour`, providerId: 'aws' };

/** The policy that the page has people give the role, with the values of this account. */
function trustOfThePage(issuer: string) {
  const page = readFileSync('docs/tencent.md', 'utf8');
  const [, policy] = /```json\n(\s*\{[^`]*AssumeRoleWithWebIdentity[^`]*)```/.exec(page)!;
  return JSON.parse(
    policy!
      .replace('https://….tokens.sts.global.api.aws', issuer)
      .replace('arn:aws:iam::123456789012:role/lunch-scaler-sweep', functionRole),
  );
}

let there: TencentThere;
let aws: ReturnType<typeof wholeCloud>;
let endpoint: Endpoint;
let issuer: string;

beforeEach(async () => {
  there = await openTencent();
  const { region, scalingGroup: id } = there.settings;
  there.cloud.addGroup({ id, region, minSize: 1, maxSize: 6, desired: 2 });
  aws = wholeCloud({ start: there.start, seed: 1 }, new SteadyWorld());
  endpoint = new Endpoint(aws.cloud);
  await endpoint.listen();
  issuer = aws.iam.outbound.enable();
  await functionsMayAskFor('tencentcloud');
  there.cloud.addRole({ roleArn: role.roleArn, trust: trustOfThePage(issuer) });
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await endpoint.close();
  await there.endpoint.close();
});

/** The role of a function, by whose session its code runs, with the policy that `infra` gives it. */
async function functionsMayAskFor(audience: string): Promise<void> {
  const [RoleName] = functionRole.split('/').slice(-1) as [string];
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Statement: [trust] });
  await aws.cloud.call('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument }, owner);
  const PolicyDocument = JSON.stringify({
    Statement: {
      Effect: 'Allow',
      Action: 'sts:GetWebIdentityToken',
      Resource: '*',
      Condition: { 'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': [audience] } },
    },
  });
  await aws.cloud.call('iam', 'PutRolePolicy', { RoleName, PolicyName: 'token', PolicyDocument }, owner);
  const session = aws.cloud.credentials.issue(functionRole, 'lunch-sweep');
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', session.AccessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', session.SecretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', session.SessionToken);
}

const keysOfNow = () => aws.cloud.documents.get('/.well-known/jwks.json')!() as KeySet;

function addProvider(
  provider: { identityUrl?: string; clientIds?: string[]; keys?: () => KeySet } = {},
): void {
  const usual = { name: 'aws', identityUrl: issuer, clientIds: ['tencentcloud'], keys: keysOfNow };
  there.cloud.addIdentityProvider({ ...usual, ...provider });
}

/** Asks Tencent Cloud for the group, as a function would. */
function asker(credentials = role) {
  const noSecrets = { read: () => Promise.reject(new Error('no secret is read')), forget: () => {} };
  const keys = new TencentKeys(noSecrets, there.timeline, there.via, aws.cloud.endpointUrl);
  const groups = new Map([[there.name, { ...there.settings, credentials }]]);
  const scaling = new TencentScalingGroups(new TencentAccount(groups, keys, there.timeline, there.via));
  return async () => (await scaling.describe([there.name])).get(there.name);
}

describe('Who the functions are', () => {
  it('is vouched for by AWS, and exchanged for a temporary key that is kept for an hour', async () => {
    addProvider();
    const ask = asker();
    expect(await ask()).toMatchObject({ desired: 2 });
    await ask();
    const taken = () => there.endpoint.requests.filter((one) => one.startsWith('sts:')).length;
    expect(taken()).toBe(1);
    there.timeline.advance(3600_000);
    // AWS's clock goes on too.
    await aws.cloud.eventQueue.runUntil(there.timeline.now());
    await ask();
    expect(taken()).toBe(2);
  });

  it.each([
    [
      'an audience of somebody else',
      () => addProvider({ clientIds: ['somebody-else'] }),
      'its client id with tencentcloud',
    ],
    [
      'another issuer',
      () => addProvider({ identityUrl: 'https://else.tokens.sts.global.api.aws' }),
      'compare its URL',
    ],
    ['keys of before', () => addProvider({ keys: () => ({ keys: [] }) }), 'its public keys'],
    [
      'a token that is over',
      () => {
        addProvider();
        there.timeline.advance(300_000);
      },
      'WebIdentityTokenError',
    ],
    ['no provider', () => {}, 'is there an identity provider'],
  ])('is not taken by a provider with %s, which is told', async (_, set, words) => {
    set();
    await expect(asker()()).rejects.toMatchObject({
      code: 'Denied',
      message: expect.stringMatching(new RegExp(`^take the role ${role.roleArn}: .*${words}`)),
    });
  });

  it('is not taken by a role that trusts another, or is not there', async () => {
    addProvider();
    const trust = trustOfThePage(issuer);
    trust.statement[0].condition.string_equal['oidc:sub'] = ['arn:aws:iam::000000000000:role/somebody'];
    const strict = { ...role, roleArn: `${uin}:roleName/strict` };
    there.cloud.addRole({ roleArn: strict.roleArn, trust });
    await expect(asker(strict)()).rejects.toMatchObject({
      code: 'Denied',
      message: expect.stringContaining('the trust policy of the role does not name this function'),
    });
    await expect(asker({ ...role, roleArn: `${uin}:roleName/nobody` })()).rejects.toMatchObject({
      code: 'Denied',
      message: expect.stringContaining('is there a role of the name'),
    });
  });

  it('is vouched for to nobody whom the policy of the functions does not name, and by no account that does not do so', async () => {
    addProvider();
    await aws.cloud.call(
      'iam',
      'DeleteRolePolicy',
      { RoleName: 'lunch-scaler-sweep', PolicyName: 'token' },
      owner,
    );
    await expect(asker()()).rejects.toMatchObject({
      code: 'Denied',
      message: expect.stringContaining('not authorized to perform: sts:GetWebIdentityToken'),
    });
    await aws.cloud.call('iam', 'DisableOutboundWebIdentityFederation', {}, owner);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
    await expect(asker()()).rejects.toMatchObject({
      code: 'Denied',
      message: expect.stringContaining('aws iam enable-outbound-web-identity-federation'),
    });
  });
});
