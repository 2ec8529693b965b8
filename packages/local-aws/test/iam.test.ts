import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
  DeleteRoleCommand,
  GetRoleCommand,
  IAMClient,
  ListPoliciesCommand,
  PutRolePolicyCommand,
  paginateListRoles,
  RemoveRoleFromInstanceProfileCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cloud } from '../src/cloud.ts';
import { Endpoint } from '../src/endpoint.ts';
import { Iam } from '../src/iam/iam.ts';
import { S3 } from '../src/s3/s3.ts';
import { Sts } from '../src/sts/sts.ts';
import { wholeCloud } from '../src/whole-cloud.ts';
import { image, startMs } from './fleet-cloud.ts';
import { SteadyWorld } from './steady-world.ts';

const account = '000000000000';
const RoleArn = `arn:aws:iam::${account}:role/reader`;
const owner = { accessKeyId: 'local', secretAccessKey: 'local' };
let endpoint: Endpoint;
let url: string;
let iam: IAMClient;

beforeEach(async () => {
  const cloud = new Cloud({ start: Date.UTC(2026, 0, 1) });
  const roles = new Iam(cloud);
  cloud.add(roles, new Sts(cloud, roles), new S3(cloud)).usePolicies(roles);
  endpoint = new Endpoint(cloud);
  url = await endpoint.listen();
  iam = new IAMClient({ endpoint: url, region: 'us-east-1', credentials: owner });
});

afterEach(() => endpoint.close());

async function createRole(principal: object, condition: object = {}): Promise<void> {
  const statement = { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', Condition: condition };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await iam.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument }));
}

async function assume(ExternalId?: string) {
  const sts = new STSClient({ endpoint: url, region: 'us-east-1', credentials: owner });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me', ...(ExternalId && { ExternalId }) }),
  );
  return {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
}

describe('a role', () => {
  it('may do what its policies allow and nothing else', async () => {
    await createRole({ AWS: account });
    const Statement = [{ Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::mine/*' }];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await iam.send(new PutRolePolicyCommand({ RoleName: 'reader', PolicyName: 'put', PolicyDocument }));
    const asOwner = new S3Client({
      endpoint: url,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: owner,
    });
    for (const Bucket of ['mine', 'yours']) await asOwner.send(new CreateBucketCommand({ Bucket }));
    const credentials = await assume();
    const s3 = new S3Client({ endpoint: url, region: 'us-east-1', forcePathStyle: true, credentials });
    await s3.send(new PutObjectCommand({ Bucket: 'mine', Key: 'a', Body: 'a' }));
    const elsewhere = s3.send(new PutObjectCommand({ Bucket: 'yours', Key: 'a', Body: 'a' }));
    await expect(elsewhere).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
    await expect(s3.send(new ListBucketsCommand({}))).rejects.toThrow(
      'not authorized to perform: s3:ListAllMyBuckets',
    );
    await iam.send(
      new AttachRolePolicyCommand({
        RoleName: 'reader',
        PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
      }),
    );
    expect((await s3.send(new ListBucketsCommand({}))).Buckets).toHaveLength(2);
  });

  it('is who its session says it is', async () => {
    await createRole({ AWS: `arn:aws:iam::${account}:root` });
    const sts = new STSClient({ endpoint: url, region: 'us-east-1', credentials: await assume() });
    const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(`arn:aws:sts::${account}:assumed-role/reader/me`);
  });

  it('is taken on only by those whom it trusts, under its conditions', async () => {
    await expect(assume()).rejects.toMatchObject({ name: 'AccessDenied' });
    await createRole({ AWS: account }, { Null: { 'sts:ExternalId': 'true' } });
    await expect(assume('somebody')).rejects.toMatchObject({ name: 'AccessDenied' });
    await assume();
  });

  it('made for a service is not for people', async () => {
    await createRole({ Service: 'lambda.amazonaws.com' });
    await expect(assume()).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('has at most ten managed policies, each of at most 6,144 characters', async () => {
    await createRole({ AWS: account });
    const create = (name: string, resource: string) => {
      const Statement = [{ Effect: 'Allow', Action: 's3:PutObject', Resource: resource }];
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
      return iam.send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument }));
    };
    await expect(create('long', `arn:aws:s3:::${'x'.repeat(6144)}`)).rejects.toThrow('quota for PolicySize');
    const attach = async (name: string) => {
      const { Policy } = await create(name, '*');
      await iam.send(new AttachRolePolicyCommand({ RoleName: 'reader', PolicyArn: Policy!.Arn }));
    };
    for (let index = 1; index <= 10; index++) await attach(`p${index}`);
    await expect(attach('p11')).rejects.toThrow('quota for PoliciesPerRole: 10');
  });

  it('may do no action that names no service', async () => {
    await createRole({ AWS: account });
    const put = (Action: string) => {
      const Statement = [{ Effect: 'Allow', Action: ['s3:GetObject', Action], Resource: '*' }];
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
      return iam.send(new PutRolePolicyCommand({ RoleName: 'reader', PolicyName: 'p', PolicyDocument }));
    };
    await expect(put('x')).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
      message: expect.stringContaining('must be prefaced by a vendor'),
    });
    await put('*');
  });

  it('has no two tags whose keys differ by case alone', async () => {
    const make = (...keys: string[]) =>
      iam.send(
        new CreateRoleCommand({
          RoleName: 'tagged',
          AssumeRolePolicyDocument: '{"Statement":[]}',
          Tags: keys.map((Key) => ({ Key, Value: '1' })),
        }),
      );
    await expect(make('Team', 'team')).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: expect.stringContaining('case insensitive'),
    });
    // It was not made either.
    await make('Team', 'owner');
  });

  it('is listed on pages, by its path', async () => {
    for (let index = 0; index < 5; index++)
      await iam.send(
        new CreateRoleCommand({
          RoleName: `r${index}`,
          Path: index === 2 ? '/other/' : '/mine/',
          AssumeRolePolicyDocument: '{"Statement":[]}',
        }),
      );
    const pages = [];
    for await (const { Roles = [] } of paginateListRoles(
      { client: iam, pageSize: 3 },
      { PathPrefix: '/mine/' },
    ))
      pages.push(Roles.map(({ RoleName }) => RoleName));
    expect(pages).toEqual([['r0', 'r1', 'r3'], ['r4']]);
  });

  it('is counted where its policies are listed', async () => {
    await createRole({ AWS: account });
    const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'reader', PolicyArn }));
    await iam.send(new CreatePolicyCommand({ PolicyName: 'own', PolicyDocument: '{"Statement":[]}' }));
    const list = async (input: object) =>
      (await iam.send(new ListPoliciesCommand(input))).Policies!.map(({ Arn, AttachmentCount }) => [
        Arn,
        AttachmentCount,
      ]);
    expect(await list({ Scope: 'Local' })).toEqual([[`arn:aws:iam::${account}:policy/own`, 0]]);
    expect(await list({ OnlyAttached: true })).toEqual([[PolicyArn, 1]]);
  });

  it('cannot be deleted with policies, nor found once it is', async () => {
    await createRole({ AWS: account });
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'reader' }));
    expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toContain('sts:AssumeRole');
    const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'reader', PolicyArn }));
    const remove = new DeleteRoleCommand({ RoleName: 'reader' });
    await expect(iam.send(remove)).rejects.toMatchObject({ name: 'DeleteConflictException' });
    const missing = iam.send(new GetRoleCommand({ RoleName: 'nobody' }));
    await expect(missing).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  });
});

describe('an instance profile', () => {
  it('is deleted only when it has no role any more', async () => {
    await createRole({ Service: 'ec2.amazonaws.com' });
    const InstanceProfileName = 'web';
    await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
    await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName: 'reader' }));
    const remove = () => iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName }));
    await expect(remove()).rejects.toMatchObject({ name: 'DeleteConflictException' });
    await iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName: 'reader' }));
    await remove();
    await expect(remove()).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  });

  it('is shown by an instance with the id that IAM has given it', async () => {
    const { cloud, fleet } = wholeCloud({ start: startMs, seed: 7 }, new SteadyWorld());
    fleet.ec2.images.seed(image, 'fleet', 'arm64', startMs);
    const call = (service: string, operation: string, input: object) =>
      cloud.call(service, operation, input, { kind: 'owner', arn: `arn:aws:iam::${account}:root` });
    const { InstanceProfile } = await call('iam', 'CreateInstanceProfile', { InstanceProfileName: 'web' });
    const { Instances } = await call('ec2', 'RunInstances', {
      ...{ ImageId: image, InstanceType: 'c7g.large', MinCount: 1, MaxCount: 1 },
      IamInstanceProfile: { Name: 'web' },
    });
    const { InstanceProfileId: Id, Arn } = InstanceProfile;
    expect(Instances[0].IamInstanceProfile).toEqual({ Arn, Id });
  });
});
