import { setTimeout } from 'node:timers/promises';

interface Rate {
  readonly atOnce: number;
  readonly perSecond: number;
}

/**
 * How often this command calls what: at most about half of what the services allow, for the scaler's functions and other people call
 * them, too. The first that fits `service:operation`; each operation by itself, unless they share one.
 * @see https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 */
const rates: readonly (readonly [pattern: RegExp, rate: Rate, shared?: 'shared'])[] = [
  [/^EC2:/, { atOnce: 40, perSecond: 12 }],
  [/^CloudWatch:DescribeAlarms/, { atOnce: 4, perSecond: 4 }],
  [/^CloudWatch Logs:FilterLogEvents/, { atOnce: 3, perSecond: 3 }],
  [/^CloudWatch:/, { atOnce: 15, perSecond: 15 }],
  [/^Auto Scaling:/, { atOnce: 10, perSecond: 5 }, 'shared'],
  [/^Elastic Load Balancing v2:/, { atOnce: 10, perSecond: 5 }],
  [/^Lambda:Invoke/, { atOnce: 100, perSecond: 100 }],
  [/^Lambda:/, { atOnce: 9, perSecond: 6 }, 'shared'],
  [/^Service Quotas:/, { atOnce: 5, perSecond: 2.5 }],
  [/^(SSM|SNS|SQS):/, { atOnce: 15, perSecond: 15 }],
];

/** A token bucket: a number of turns at once, then a number a second, first come, first served. */
class Pace {
  readonly #rate: Rate;
  /** When the next turn comes whose place is not taken, epoch milliseconds. */
  #next = 0;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  async turn(): Promise<void> {
    const { atOnce, perSecond } = this.#rate;
    const now = Date.now();
    const spacingMs = 1000 / perSecond;
    const next = Math.max(this.#next, now - (atOnce - 1) * spacingMs);
    this.#next = next + spacingMs;
    if (next > now) await setTimeout(next - now);
  }
}

/** Of the whole process: several clients of one service share what it allows. */
const paces = new Map<string, Pace>();

/** What every client of the SDK has of itself, as far as it is used here. */
interface Client {
  readonly config: { readonly serviceId: string };
  readonly middlewareStack: {
    add(
      // biome-ignore lint/suspicious/noExplicitAny: each client has types of its own for the same.
      middleware: any,
      options: { step: 'finalizeRequest'; priority: 'low'; name: string; override: true },
    ): void;
  };
}

type Next = (args: unknown) => Promise<unknown>;

/** Lets a client call no operation more often than its service allows, whatever calls it; retries wait for their turn, too. */
export function paced<C extends Client>(client: C): C {
  const { serviceId } = client.config;
  const pace =
    (next: Next, { commandName = '' }: { commandName?: string }) =>
    async (args: unknown) => {
      await paceOf(`${serviceId}:${commandName.replace(/Command$/, '')}`)?.turn();
      return next(args);
    };
  client.middlewareStack.add(pace, {
    step: 'finalizeRequest',
    priority: 'low',
    name: 'pace',
    override: true,
  });
  return client;
}

function paceOf(operation: string): Pace | undefined {
  const known = paces.get(operation);
  if (known) return known;
  const found = rates.find(([pattern]) => pattern.test(operation));
  if (!found) return undefined;
  const [pattern, rate, shared] = found;
  const pace = (shared && paces.get(pattern.source)) || new Pace(rate);
  if (shared) paces.set(pattern.source, pace);
  paces.set(operation, pace);
  return pace;
}
