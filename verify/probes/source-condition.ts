import { CreateEventBusCommand, EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { Bench } from '../bench.ts';
import { Differs, expectEqual } from '../differs.ts';
import type { Probe } from '../probe.ts';
import { makeRole } from '../role.ts';

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html events:source, which has several values */
export const sourceCondition: Probe = {
  name: 'source-condition',
  fact: 'ForAllValues:StringEquals on events:source lets events of that source through, and refuses those of another, alone or among them',
  creates: 'an event bus without rules, a role',
  cents: 0,
  run: async (bench) => {
    const EventBusName = bench.name('bus');
    const { EventBusArn } = await bench.clients.events.send(
      new CreateEventBusCommand({ Name: EventBusName, Tags: bench.tagList }),
    );
    const events = await asRole(bench, EventBusArn!);
    const put = (...sources: string[]) =>
      events.send(
        new PutEventsCommand({
          Entries: sources.map((Source) => ({ EventBusName, Source, DetailType: 'Verify', Detail: '{}' })),
        }),
      );
    const own = await bench.persist(120, /AccessDenied/, () => put('rushhour'));
    expectEqual('failed entries of the source that is allowed', own.FailedEntryCount, 0);
    for (const sources of [['somebody'], ['rushhour', 'somebody']]) {
      const refusal = await put(...sources).then(
        () => undefined,
        (error: Error) => error,
      );
      if (!refusal)
        throw new Differs(`events of ${sources.join(' and ')}: expected a refusal, were accepted`);
      expectEqual('the refusal', refusal.name, 'AccessDeniedException');
    }
    return 'Its own source was let through, another one refused, alone and in one call with its own';
  },
};

/** A client with the rights of a role that may put events of one source. */
async function asRole(bench: Bench, bus: string): Promise<EventBridgeClient> {
  const [, partition] = bus.split(':');
  const account = { AWS: `arn:${partition}:iam::${bench.account}:root` };
  const RoleArn = await makeRole(bench, 'source', account, {
    Effect: 'Allow',
    Action: 'events:PutEvents',
    Resource: bus,
    Condition: { 'ForAllValues:StringEquals': { 'events:source': 'rushhour' } },
  });
  const assume = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'verify', DurationSeconds: 900 });
  const { Credentials } = await bench.persist(60, /AccessDenied/, () => bench.clients.sts.send(assume));
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
  return new EventBridgeClient({
    ...bench.clients.settings,
    region: bench.region,
    credentials: {
      accessKeyId: AccessKeyId!,
      secretAccessKey: SecretAccessKey!,
      sessionToken: SessionToken!,
    },
  });
}
