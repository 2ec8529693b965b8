import { Cloud } from '@rushhour/local-aws/cloud';
import { Endpoint } from '@rushhour/local-aws/endpoint';
import { SecretStore } from '@rushhour/local-aws/secrets';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AwsSecrets } from '../../../../shared/providers/aws/secrets.ts';

const keys = ['secretId', 'secretKey'] as const;
let cloud: Cloud;
let endpoint: Endpoint;
let manager: SecretStore;
let secrets: AwsSecrets;
let now = 0;

beforeEach(async () => {
  for (const [name, value] of Object.entries({
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  }))
    vi.stubEnv(name, value);
  cloud = new Cloud({ start: 0 });
  manager = new SecretStore(cloud);
  cloud.add(manager);
  endpoint = new Endpoint(cloud);
  now = 0;
  secrets = new AwsSecrets({ now: () => now }, await endpoint.listen());
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await endpoint.close();
  await cloud.close();
});

function put(name: string, value: string): void {
  manager.operations['PutSecretValue']!({ SecretId: name, SecretString: value }, {} as never);
}

const credentials = (secretKey: string) => JSON.stringify({ secretId: 'id', secretKey });

describe('A secret', () => {
  it('is read once an hour, and then anew', async () => {
    manager.seed('cloud', credentials('first'));
    expect(await secrets.read('cloud', keys)).toEqual({ secretId: 'id', secretKey: 'first' });
    put('cloud', credentials('second'));
    now = 3_599_999;
    expect((await secrets.read('cloud', keys)).secretKey).toBe('first');
    now = 3_600_000;
    expect((await secrets.read('cloud', keys)).secretKey).toBe('second');
  });

  it('is the same object until it is read anew, so that what is derived of a key is kept and forgotten with it', async () => {
    manager.seed('cloud', credentials('first'));
    const known = await secrets.read('cloud', keys);
    expect(await secrets.read('cloud', keys)).toBe(known);
    secrets.forget('cloud');
    expect(await secrets.read('cloud', keys)).not.toBe(known);
  });

  it('that was refused is read anew at once', async () => {
    manager.seed('cloud', credentials('wrong'));
    await secrets.read('cloud', keys);
    put('cloud', credentials('right'));
    secrets.forget('cloud');
    expect((await secrets.read('cloud', keys)).secretKey).toBe('right');
  });

  it('that is not there says how to put it there, and is looked for again', async () => {
    await expect(secrets.read('cloud', keys)).rejects.toMatchObject({
      code: 'NotFound',
      message: `there is no secret cloud: create it with aws secretsmanager create-secret --name cloud --secret-string '{"secretId":"…","secretKey":"…"}'`,
    });
    manager.seed('cloud', credentials('first'));
    expect((await secrets.read('cloud', keys)).secretKey).toBe('first');
  });

  it.each([
    ['hidden', 'the secret cloud is no JSON: expected JSON with text under secretId and secretKey'],
    ['{"secretId":"hidden"}', 'the secret cloud lacks secretKey: expected JSON with'],
    ['null', 'the secret cloud lacks secretId and secretKey'],
  ])('that says something else is told without a word of what it says: %s', async (text, message) => {
    manager.seed('cloud', text);
    const failure = await secrets.read('cloud', keys).catch((error: Error) => error);
    expect((failure as Error).message).toContain(message);
    expect((failure as Error).message).not.toContain('hidden');
  });
});
