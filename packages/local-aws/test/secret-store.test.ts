import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cloud } from '../src/cloud.ts';
import { Endpoint } from '../src/endpoint.ts';
import { SecretStore } from '../src/secrets/secret-store.ts';

let cloud: Cloud;
let endpoint: Endpoint;
let client: SecretsManagerClient;
let secrets: SecretStore;

beforeEach(async () => {
  cloud = new Cloud({ start: Date.UTC(2026, 0, 1) });
  secrets = new SecretStore(cloud);
  cloud.add(secrets);
  endpoint = new Endpoint(cloud);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new SecretsManagerClient({ endpoint: await endpoint.listen(), region: 'us-east-1', credentials });
});

afterEach(async () => {
  client.destroy();
  await endpoint.close();
  await cloud.close();
});

describe('A secret', () => {
  it('is given back in its newest version, and in the one before by its stage', async () => {
    await client.send(new CreateSecretCommand({ Name: 'shop/cloud', SecretString: 'first' }));
    await client.send(new PutSecretValueCommand({ SecretId: 'shop/cloud', SecretString: 'second' }));
    const value = async (VersionStage?: string) =>
      (await client.send(new GetSecretValueCommand({ SecretId: 'shop/cloud', VersionStage }))).SecretString;
    expect(await value()).toBe('second');
    expect(await value('AWSPREVIOUS')).toBe('first');
  });

  it('is known by its ARN, which ends with six characters of AWS, and never tells its value where it is listed', async () => {
    const { ARN } = await client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'hidden' }));
    expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:a-\w{6}$/);
    const described = await client.send(new DescribeSecretCommand({ SecretId: ARN }));
    const { SecretList } = await client.send(new ListSecretsCommand({}));
    expect(described.Name).toBe('a');
    expect(SecretList!.map(({ Name }) => Name)).toEqual(['a']);
    expect(JSON.stringify([described, SecretList])).not.toContain('hidden');
  });

  it('that is not there, is there already or is deleted is said so with the code of AWS', async () => {
    const get = (SecretId: string) => client.send(new GetSecretValueCommand({ SecretId }));
    await expect(get('none')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'x' }));
    await expect(
      client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'x' })),
    ).rejects.toMatchObject({ name: 'ResourceExistsException' });
    await client.send(new DeleteSecretCommand({ SecretId: 'a' }));
    await expect(get('a')).rejects.toMatchObject({ name: 'InvalidRequestException' });
    await client.send(new DeleteSecretCommand({ SecretId: 'a', ForceDeleteWithoutRecovery: true }));
    await expect(get('a')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('is granted by its ARN', () => {
    const { arn } = secrets.seed('shop/cloud', 'x');
    expect(secrets.authorization('GetSecretValue', { SecretId: 'shop/cloud' })).toEqual([
      { action: 'secretsmanager:GetSecretValue', resources: [arn] },
    ]);
  });
});
