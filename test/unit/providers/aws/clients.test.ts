import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import {
  type AutoScalingServiceException,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeClients } from '../../../../shared/providers/aws/clients.ts';

/** Who acts has 15 seconds to begin, and nobody else tries before 50 have passed. */
const leftForTheCallMs = 35_000;

let server: Server;

beforeEach(async () => {
  // It takes requests and answers none.
  server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

describe('a call that never gets an answer', () => {
  it('is tried again, and given up before anybody else may act instead', async () => {
    const { autoScaling } = makeClients({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    });
    const start = Date.now();
    let failure: AutoScalingServiceException | undefined;
    const call = autoScaling
      .send(new DescribeAutoScalingGroupsCommand({}))
      .catch((error: AutoScalingServiceException) => {
        failure = error;
      });
    while (!failure) {
      await setImmediate();
      // Short, as a connection takes real turns of the loop meanwhile, and more of them on a busy machine.
      await vi.advanceTimersByTimeAsync(5);
    }
    await call;
    expect(failure.name).toBe('TimeoutError');
    expect(failure.$metadata.attempts).toBeGreaterThan(1);
    expect(Date.now() - start).toBeLessThan(leftForTheCallMs);
  });
});
