import type { Instant, LossCause, Suspension } from '../../shared/domain/observation.ts';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import { minuteMs } from '../../shared/units.ts';
import { Dice, type Draw } from './dice.ts';
import { type Provider, randomFleet, strayServers } from './random-fleet.ts';
import { withOddSteps } from './random-steps.ts';

/** Something that happens in the world, by whatever cause. */
export type Happening = { readonly id: string; readonly at: Instant; readonly group: string } & Deed;

export type Deed =
  | { readonly kind: 'load'; readonly load: number }
  | { readonly kind: 'metrics-silent'; readonly seconds: number }
  /** Nobody has confirmed the subscription through which alarms tell their news: all of them are sent, and none arrives. */
  | { readonly kind: 'subscription-unconfirmed'; readonly seconds: number }
  | { readonly kind: 'ask'; readonly ask: object; readonly again: boolean }
  /** So many people who each want one server more. */
  | { readonly kind: 'crowd'; readonly people: number }
  | { readonly kind: 'adopt'; readonly server: string }
  | { readonly kind: 'set-desired'; readonly servers: number }
  | { readonly kind: 'set-bounds'; readonly minSize: number; readonly maxSize: number }
  | { readonly kind: 'suspend'; readonly process: Suspension; readonly seconds: number }
  | { readonly kind: 'refresh'; readonly seconds: number }
  | { readonly kind: 'protect'; readonly nth: number; readonly seconds: number }
  | { readonly kind: 'detach'; readonly nth: number }
  | { readonly kind: 'server-dies'; readonly nth: number }
  /** Its group takes a server out and replaces it, and says why. */
  | { readonly kind: 'server-lost'; readonly nth: number; readonly cause: LossCause }
  | { readonly kind: 'server-unhealthy'; readonly nth: number }
  | { readonly kind: 'launches-fail'; readonly seconds: number }
  | { readonly kind: 'launches-hang'; readonly seconds: number }
  /** Somebody takes a server out, so that desired falls, and puts it back. */
  | { readonly kind: 'standby'; readonly nth: number; readonly seconds: number }
  /** A server fails the check of its load balancer, and its group leaves it. */
  | { readonly kind: 'target-unhealthy'; readonly nth: number; readonly seconds: number }
  /** The group is attached to a target group that no listener uses. */
  | { readonly kind: 'second-target-group' }
  /** What is measured is published minutes after it happened. */
  | { readonly kind: 'metrics-late'; readonly seconds: number }
  /** News of alarms is held up on its way, and arrives when what it tells of is long over. */
  | { readonly kind: 'news-held'; readonly seconds: number }
  /** Every metric says 0, as a broken collector does. */
  | { readonly kind: 'metrics-false'; readonly seconds: number }
  /** The target group is given to another load balancer, whose metrics have another name. */
  | { readonly kind: 'balancer-moves' }
  /** The group is gone, and then another of the same name is there. */
  | { readonly kind: 'replace'; readonly seconds: number }
  /** Somebody deletes the item, or restores the table from before it was there. */
  | { readonly kind: 'lose-ledger' }
  | { readonly kind: 'deploy'; readonly fleet: 'first' | 'later' };

/** Everything that a run is made of; the same plan always plays the same. */
export interface Plan {
  readonly seed: number;
  readonly start: Instant;
  /** From then on nothing fails and nobody interferes. */
  readonly calmAt: Instant;
  readonly fleet: Fleet;
  /** What deploys in the middle of it all bring; some bring the first one back. */
  readonly laterFleet: Fleet;
  readonly desired: number;
  /** Until then the groups are still being made. */
  readonly foundAt: Instant;
  /** Until then their stacks are not finished. */
  readonly deployedAt: Instant;
  readonly provider: Provider;
  readonly happenings: readonly Happening[];
  /** The probability with which a call fails. */
  readonly faultRate: number;
}

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
  return {
    seed,
    start,
    calmAt,
    fleet: withOddSteps(new Dice(seed).of('steps'), fleet),
    laterFleet: randomFleet(draw, hour, groups.length, provider),
    desired: draw.between(0, 6),
    foundAt: start + (draw.chance(0.05) ? draw.between(1, 4) * minuteMs : 0),
    happenings: [
      ...Array.from({ length: count }, (_, index) => {
        const at = draw.between(start, calmAt);
        return { id: `h${index}`, at, group: draw.of(groups), ...randomDeed(draw) };
      }).filter(({ kind }) => !impossible[provider].has(kind)),
      ...briefCrowd(new Dice(seed).of('brief crowd'), groups, start, calmAt),
    ],
    deployedAt: start + (others.chance(0.1) ? others.between(1, 60) * minuteMs : 0),
    provider,
    faultRate: draw.of([0, 0.003, 0.01, 0.04]),
  };
}

/** A crowd that has gone again when the news of it arrives. */
function briefCrowd(draw: Draw, groups: readonly string[], start: Instant, calmAt: Instant): Happening[] {
  if (!draw.chance(0.08)) return [];
  const group = draw.of(groups);
  const comes = draw.between(start, calmAt);
  const goes = comes + draw.between(1, 4) * minuteMs;
  const seconds = draw.between(300, 900);
  const happenings: Happening[] = [
    { id: 'b0', at: comes, group, kind: 'news-held', seconds },
    { id: 'b1', at: comes, group, kind: 'load', load: draw.between(300, 900) },
    { id: 'b2', at: goes, group, kind: 'load', load: draw.between(0, 200) },
  ];
  return happenings.filter(({ at }) => at < calmAt);
}

/** What nobody can do to groups of a provider. */
const impossible: Readonly<Record<Provider, ReadonlySet<Deed['kind']>>> = {
  'auto-scaling': new Set(),
  ecs: new Set(['adopt', 'set-bounds', 'suspend', 'protect', 'standby']),
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
