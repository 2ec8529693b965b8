import { beforeEach, describe, expect, it } from 'vitest';
import { handle as sweep } from '../../../functions/sweep.ts';
import type { Scaler } from '../../../shared/engine/scaler.ts';
import { PortError } from '../../../shared/ports/port-error.ts';
import { invocation, Stage } from '../../kit/stage.ts';

const fleet = `
name: f
groups:
  near: { existing: near, minSize: 1, maxSize: 4 }
  far: { existing: far, minSize: 1, maxSize: 4 }
`;

let stage: Stage;
let scaler: Scaler;
let failure: PortError | undefined;
let told: string[];

beforeEach(() => {
  failure = undefined;
  told = [];
  stage = new Stage(fleet, {
    start: '2026-03-04T00:00:00Z',
    around: (ports) => ({
      ...ports,
      groups: {
        ...ports.groups,
        describe: async (names) => {
          if (failure && names.includes('far')) throw failure;
          return ports.groups.describe(names);
        },
        setDesired: (name, desired) => ports.groups.setDesired(name, desired),
      },
      events: {
        publish: async (notices) =>
          void told.push(...notices.map(({ group, message }) => `${group}: ${message}`)),
        sendMail: async () => {},
      },
    }),
  });
  const groups = new Map(
    [...stage.scaler.groups].map(([name, group]) => [
      name,
      { ...group, source: name === 'far' ? 'elsewhere' : 'aws' },
    ]),
  );
  scaler = { ...stage.scaler, groups };
});

async function minutes(count: number): Promise<void> {
  for (let minute = 0; minute < count; minute++) {
    stage.ports.clock.advance(60);
    await sweep({}, scaler, invocation).catch(() => {});
  }
}

const news = () => told.filter((message) => message.includes('cannot be reached'));
const ledger = async (name: string) => (await stage.ports.ledger.read([name])).get(name);

describe('A provider that cannot be asked', () => {
  it('because its key is wrong is told once, at once, with what to do, and holds up nobody else', async () => {
    await minutes(1);
    failure = new PortError('Denied', 'the key is wrong: put another one into the secret');
    await minutes(30);
    expect(news()).toEqual(
      [
        '[f] far: far cannot be reached: nothing is changed meanwhile. the key is wrong: put another one into the secret',
      ].map((text) => `far: ${text}`),
    );
    expect((await ledger('near'))!.unreached).toBeUndefined();
  });

  it('for a while is told once when it has not passed for ten minutes', async () => {
    await minutes(1);
    failure = new PortError('Unavailable', 'no answer within 5 s');
    await minutes(9);
    expect(news()).toEqual([]);
    await minutes(20);
    expect(news()).toHaveLength(1);
  });

  it('is told of again when it was reached in between', async () => {
    failure = new PortError('Denied', 'the key is wrong');
    await minutes(3);
    failure = undefined;
    await minutes(2);
    expect((await ledger('far'))!.unreached).toBeUndefined();
    expect((await ledger('far'))!.desired).toBe(1);
    failure = new PortError('Denied', 'the key is wrong');
    await minutes(3);
    expect(news()).toHaveLength(2);
  });
});

describe('Services of ECS in another region', () => {
  const service = (name: string) =>
    `  ${name}: { ecs: { region: eu-west-1, cluster: shop, service: ${name} }, minSize: 1, maxSize: 4 }`;
  let asked: number;

  /** @param refused of the services */
  function stageOf(refused: readonly string[], failure: PortError): Stage {
    asked = 0;
    const text = `name: f\ngroups:\n${['a', 'b', 'hidden', 'c'].map(service).join('\n')}\n`;
    return new Stage(text, {
      start: '2026-03-04T00:00:00Z',
      around: (ports) => ({
        ...ports,
        groups: {
          setDesired: (name, desired) => ports.groups.setDesired(name, desired),
          describe: async (names) => {
            asked++;
            if (names.some((name) => refused.includes(name.split('/').at(-1)!))) throw failure;
            return ports.groups.describe(names);
          },
        },
      }),
    });
  }

  async function met(refused: readonly string[], failure: PortError): Promise<string[]> {
    const { scaler, ports } = stageOf(refused, failure);
    ports.clock.advance(60);
    await sweep({}, scaler, invocation).catch(() => {});
    const ledgers = await ports.ledger.read(['a', 'b', 'c', 'hidden']);
    return [...ledgers].filter(([, { unreached }]) => unreached === undefined).map(([name]) => name);
  }

  it('of which one may not be looked at hold up no other, as services here', async () => {
    const found = await met(
      ['hidden'],
      new PortError('Denied', 'not authorized to perform ecs:DescribeServices'),
    );
    expect(found.sort()).toEqual(['a', 'b', 'c']);
  });

  it('are asked once where the region does not answer at all', async () => {
    const silent = new PortError('Unavailable', 'no answer within 5 s');
    expect(await met(['a', 'b', 'c', 'hidden'], silent)).toEqual([]);
    expect(asked).toBe(1);
  });
});
