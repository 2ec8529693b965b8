import { minuteMs } from '../../shared/units.ts';
import { withCoincidences } from './coincidences.ts';
import { Dice, type Draw } from './dice.ts';
import { isElsewhere, type ProviderElsewhere, strayServer } from './elsewhere/fleet-elsewhere.ts';
import type { Deed, Happening, Plan } from './plan.ts';
import { type Provider, randomFleet } from './random-fleet.ts';
import { withOddSteps } from './random-steps.ts';
import { strayServers } from './stray-servers.ts';

/** @param only whose groups they are; default: drawn */
export function drawPlan(seed: number, only?: Provider): Plan {
  const draw = new Dice(seed).of('plan');
  const hour = draw.between(0, 23);
  const start = Date.UTC(2026, 2, draw.between(1, 28), hour);
  const calmAt = start + draw.between(15, 100) * minuteMs;
  const others = new Dice(seed).of('provider');
  const drawn = others.chance(0.15) ? 'by-number' : 'auto-scaling';
  const provider = only ?? drawn;
  const fleet = randomFleet(draw, hour, draw.of([1, 1, 1, 2, 3]), provider);
  const groups = Object.keys(fleet.groups);
  const count = draw.chance(0.05) ? 60 : draw.between(1, 18);
  const usual = { start, calmAt, groups };
  return withCoincidences({
    seed,
    start,
    calmAt,
    fleet: withOddSteps(new Dice(seed).of('steps'), fleet),
    laterFleet: randomFleet(draw, hour, groups.length, provider),
    desired: draw.between(0, 6),
    foundAt: start + (draw.chance(0.05) ? draw.between(1, 4) * minuteMs : 0),
    happenings: [
      ...Array.from({ length: count }, (_, index) => happening(draw, usual, `h${index}`, randomDeed)),
      ...(hasMoreDeeds(provider) ? deedsElsewhere(new Dice(seed).of('elsewhere'), usual) : []),
    ]
      .filter(({ kind }) => !impossible[provider].has(kind))
      .map((one) => (isElsewhere(provider) ? withIdsOf(provider, one) : one)),
    deployedAt: start + (others.chance(0.1) ? others.between(1, 60) * minuteMs : 0),
    provider,
    faultRate: draw.of([0, 0.003, 0.01, 0.04]),
  });
}

interface Span {
  readonly start: number;
  readonly calmAt: number;
  readonly groups: readonly string[];
}

function happening(
  draw: Draw,
  { start, calmAt, groups }: Span,
  id: string,
  deed: (draw: Draw) => Deed,
): Happening {
  const at = draw.between(start, calmAt);
  return { id, at, group: draw.of(groups), ...deed(draw) };
}

/** Services of ECS have rules by metrics that are not of CloudWatch, too. */
function hasMoreDeeds(provider: Provider): boolean {
  return provider === 'ecs' || isElsewhere(provider);
}

/** What happens at providers that are not AWS, and at their metrics. */
function deedsElsewhere(draw: Draw, span: Span): Happening[] {
  return Array.from({ length: draw.between(0, 4) }, (_, index) =>
    happening(draw, span, `e${index}`, () => {
      const seconds = draw.between(30, 900);
      return draw.of<Deed>([
        { kind: 'provider-hangs', seconds: draw.between(30, 300) },
        { kind: 'credentials-end' },
        { kind: 'others-write', seconds },
        { kind: 'native-rule', servers: draw.between(0, 12) },
        { kind: 'metrics-refused', seconds },
      ]);
    }),
  );
}

function withIdsOf(provider: ProviderElsewhere, one: Happening): Happening {
  return one.kind === 'adopt' ? { ...one, server: strayServer(provider, one.server) } : one;
}

/** What nobody can do to groups of a provider. */
const impossible: Readonly<Record<Provider, ReadonlySet<Deed['kind']>>> = {
  'auto-scaling': new Set(),
  ecs: new Set([
    'adopt',
    'set-bounds',
    'suspend',
    'standby',
    'provider-hangs',
    'credentials-end',
    'others-write',
    'native-rule',
  ]),
  'by-number': new Set([
    'adopt',
    'set-bounds',
    'suspend',
    'refresh',
    'protect',
    'server-unhealthy',
    'standby',
    'target-unhealthy',
    'second-target-group',
    'balancer-moves',
  ]),
  kubernetes: new Set([
    'adopt',
    'set-bounds',
    'suspend',
    'protect',
    'detach',
    'standby',
    'native-rule',
    'second-target-group',
    'balancer-moves',
  ]),
  tencent: new Set(['refresh', 'standby', 'others-write', 'second-target-group', 'balancer-moves']),
  alibaba: new Set(['refresh', 'standby', 'others-write', 'second-target-group', 'balancer-moves']),
};

const lossCauses = ['terminated', 'unhealthy', 'interrupted', 'replaced', 'byHand', 'unknown'] as const;

function randomDeed(draw: Draw): Deed {
  const seconds = draw.between(30, 1200);
  const nth = draw.between(0, 5);
  return draw.of<() => Deed>([
    () => ({ kind: 'load', load: draw.between(0, 900) }),
    () => ({ kind: 'load', load: draw.between(0, 300) }),
    () => ({ kind: 'load', load: 0 }),
    () => ({ kind: 'metrics-silent', seconds }),
    () => ({ kind: 'ask', ask: randomRequest(draw, seconds), again: draw.chance(0.3) }),
    () => ({ kind: 'ask', ask: randomRequest(draw, seconds), again: draw.chance(0.3) }),
    () => ({ kind: 'crowd', people: draw.between(2, 14) }),
    () => ({ kind: 'adopt', server: draw.of(strayServers) }),
    () => ({ kind: 'set-desired', servers: draw.between(0, 12) }),
    () => ({ kind: 'set-bounds', minSize: draw.between(0, 4), maxSize: draw.between(4, 12) }),
    () => ({ kind: 'suspend', process: draw.of(['launching', 'terminating'] as const), seconds }),
    () => ({ kind: 'refresh', seconds }),
    () => ({ kind: 'protect', nth, seconds }),
    () => ({ kind: 'detach', nth }),
    () => ({ kind: 'server-dies', nth }),
    () => ({ kind: 'server-unhealthy', nth }),
    () => ({ kind: 'server-lost', nth, cause: draw.of(lossCauses) }),
    () => ({ kind: 'launches-fail', seconds }),
    () => ({ kind: 'launches-hang', seconds }),
    () => ({ kind: 'standby', nth, seconds }),
    () => ({ kind: 'target-unhealthy', nth, seconds }),
    () =>
      draw.of<Deed>([
        { kind: 'second-target-group' },
        { kind: 'metrics-late', seconds },
        { kind: 'metrics-false', seconds },
        { kind: 'balancer-moves' },
        { kind: 'subscription-unconfirmed', seconds },
      ]),
    () => ({ kind: 'load', load: draw.of([0, 900]) }),
    () => draw.of<Deed>([{ kind: 'replace', seconds }, { kind: 'lose-ledger' }]),
    () => ({ kind: 'deploy', fleet: draw.of(['later', 'later', 'first']) }),
  ])();
}

function randomRequest(draw: Draw, seconds: number): object {
  return draw.of<object>([
    { adjustment: draw.of([-3, -2, -1, 1, 2, 3]) },
    { adjustment: draw.of([-2, -1, 1, 2, 3]), for: seconds },
    { desiredCapacity: draw.between(0, 12) },
    { pause: draw.of(['both', 'both', 'out', 'in']), for: seconds },
    { resume: true },
  ]);
}
