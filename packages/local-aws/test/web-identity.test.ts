import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import {
  CreateRoleCommand,
  DisableOutboundWebIdentityFederationCommand,
  EnableOutboundWebIdentityFederationCommand,
  GetOutboundWebIdentityFederationInfoCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  GetWebIdentityTokenCommand,
  type GetWebIdentityTokenCommandInput,
  STSClient,
} from '@aws-sdk/client-sts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Cloud } from '../src/cloud.ts';
import { Endpoint } from '../src/endpoint.ts';
import { Iam } from '../src/iam/iam.ts';
import { Sts } from '../src/sts/sts.ts';

const account = '000000000000';
const start = Date.UTC(2026, 0, 1);
const owner = { accessKeyId: 'local', secretAccessKey: 'local' };
const asked = { Audience: ['elsewhere'], SigningAlgorithm: 'RS256' };
let endpoint: Endpoint;
let url: string;
let iam: IAMClient;

beforeEach(async () => {
  const cloud = new Cloud({ start });
  const roles = new Iam(cloud);
  cloud.add(roles, new Sts(cloud, roles)).usePolicies(roles);
  endpoint = new Endpoint(cloud);
  url = await endpoint.listen();
  iam = new IAMClient({ endpoint: url, region: 'us-east-1', credentials: owner });
});

afterEach(() => endpoint.close());

const enable = () => iam.send(new EnableOutboundWebIdentityFederationCommand({}));

function tokenFor(input: GetWebIdentityTokenCommandInput, credentials = owner) {
  const sts = new STSClient({ endpoint: url, region: 'us-east-1', credentials });
  return sts.send(new GetWebIdentityTokenCommand(input));
}

/** A session of a role that may do what this statement says. */
async function session(statement: object) {
  const trust = { Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Statement: [trust] });
  await iam.send(new CreateRoleCommand({ RoleName: 'sweep', Path: '/functions/', AssumeRolePolicyDocument }));
  const PolicyDocument = JSON.stringify({
    Statement: [{ Effect: 'Allow', Resource: '*', ...statement }],
  });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'sweep', PolicyName: 'token', PolicyDocument }));
  const sts = new STSClient({ endpoint: url, region: 'us-east-1', credentials: owner });
  const RoleArn = `arn:aws:iam::${account}:role/functions/sweep`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' }));
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
  return { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! };
}

/** What a token claims, once the keys that its issuer publishes have verified it. */
async function verified(token: string) {
  const [head, body, signature] = token.split('.') as [string, string, string];
  const { alg, kid } = JSON.parse(Buffer.from(head, 'base64url').toString());
  const { keys } = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as {
    keys: (JsonWebKey & { kid: string })[];
  };
  const key = createPublicKey({ key: keys.find((one) => one.kid === kid)!, format: 'jwk' });
  const hash = `sha${alg.slice(2)}`;
  const by = alg.startsWith('ES') ? ({ key, dsaEncoding: 'ieee-p1363' } as const) : key;
  const isRight = verify(hash, Buffer.from(`${head}.${body}`), by, Buffer.from(signature, 'base64url'));
  expect(isRight).toBe(true);
  return JSON.parse(Buffer.from(body, 'base64url').toString());
}

it('is not to be had until the account enables it, which is done once', async () => {
  const disabled = { name: 'FeatureDisabledException', $metadata: { httpStatusCode: 404 } };
  const info = () => iam.send(new GetOutboundWebIdentityFederationInfoCommand({}));
  await expect(tokenFor(asked)).rejects.toMatchObject({
    name: 'OutboundWebIdentityFederationDisabledException',
    $metadata: { httpStatusCode: 403 },
  });
  await expect(info()).rejects.toMatchObject(disabled);
  expect((await fetch(`${url}/.well-known/jwks.json`)).status).toBe(403);
  const { IssuerIdentifier } = await enable();
  expect(IssuerIdentifier).toMatch(/^https:\/\/[0-9a-f-]{36}\.tokens\.sts\.global\.api\.aws$/);
  expect(await info()).toMatchObject({ IssuerIdentifier, JwtVendingEnabled: true });
  await expect(enable()).rejects.toMatchObject({
    name: 'FeatureEnabledException',
    $metadata: { httpStatusCode: 409 },
  });
  await iam.send(new DisableOutboundWebIdentityFederationCommand({}));
  await expect(tokenFor(asked)).rejects.toMatchObject({
    name: 'OutboundWebIdentityFederationDisabledException',
  });
  expect((await enable()).IssuerIdentifier).toBe(IssuerIdentifier);
});

it('says of a session which role it is, for whom and until when, signed as asked', async () => {
  const { IssuerIdentifier } = await enable();
  const me = await session({ Action: ['sts:GetWebIdentityToken', 'sts:TagGetWebIdentityToken'] });
  const arn = `arn:aws:iam::${account}:role/functions/sweep`;
  for (const SigningAlgorithm of ['RS256', 'ES384']) {
    const Tags = [{ Key: 'fleet', Value: 'shop' }];
    const input = { Audience: ['elsewhere'], SigningAlgorithm, DurationSeconds: 900, Tags };
    const { WebIdentityToken, Expiration } = await tokenFor(input, me);
    expect(await verified(WebIdentityToken!)).toMatchObject({
      ...{ iss: IssuerIdentifier, aud: 'elsewhere', sub: arn },
      ...{ iat: start / 1000, exp: start / 1000 + 900, jti: expect.any(String) },
      'https://sts.amazonaws.com/': {
        aws_account: account,
        source_region: 'us-east-1',
        principal_id: arn,
        request_tags: { fleet: 'shop' },
      },
    });
    expect(Expiration).toEqual(new Date(start + 900_000));
  }
  const config = await (await fetch(`${url}/.well-known/openid-configuration`)).json();
  expect(config).toMatchObject({
    issuer: IssuerIdentifier,
    jwks_uri: `${IssuerIdentifier}/.well-known/jwks.json`,
  });
});

it('is given to a role only for the audience, the time and the algorithm that its policy names', async () => {
  await enable();
  const me = await session({
    Action: 'sts:GetWebIdentityToken',
    Condition: {
      'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': ['elsewhere'] },
      NumericLessThanEquals: { 'sts:DurationSeconds': 300 },
      StringEquals: { 'sts:SigningAlgorithm': 'RS256' },
    },
  });
  await tokenFor(asked, me);
  const denied = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } };
  for (const other of [
    { Audience: ['elsewhere', 'anybody'] },
    { DurationSeconds: 301 },
    { SigningAlgorithm: 'ES384' },
    { Tags: [{ Key: 'fleet', Value: 'shop' }] },
  ])
    await expect(tokenFor({ ...asked, ...other }, me)).rejects.toMatchObject(denied);
});

it.each([
  [{ Audience: [] }, 'between 1 and 10'],
  [{ Audience: Array.from({ length: 11 }, (_, index) => `a${index}`) }, 'between 1 and 10'],
  [{ Audience: ['a'.repeat(1001)] }, 'between 1 and 1000'],
  [{ DurationSeconds: 59 }, 'between 60 and 3600'],
  [{ DurationSeconds: 3601 }, 'between 60 and 3600'],
  [{ SigningAlgorithm: 'HS256' }, '[RS256, ES384]'],
])('refuses %j in the words of the service', async (wrong, words) => {
  await enable();
  await expect(tokenFor({ ...asked, ...wrong })).rejects.toMatchObject({
    name: 'ValidationError',
    message: expect.stringContaining(words),
  });
});
