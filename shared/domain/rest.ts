import type { Blocker, Decision } from './decision.ts';
import type { Ledger } from './ledger.ts';
import { decided } from './outcome.ts';
import { pauseSentence } from './pause.ts';
import type { CompiledRule } from './policy.ts';
import type { ReasonCode } from './reason.ts';
import { remark } from './remark.ts';
import type { Scene } from './scene.ts';

/** Refusals that end by themselves within minutes: a sentence in the decision, but no row in the history. */
const routine: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'AtGoal',
  'AtMinimum',
  'ProtectedServers',
  'InCooldown',
  'EpisodeAlreadyAnswered',
  'ScaleOutInFlight',
  'WithinTolerance',
  'Stabilizing',
  'RateLimited',
]);

/** Nothing changes, for a reason. One that goes on is recorded when it begins and, with its count, when it ends. */
export function rest(scene: Scene): Decision {
  const { policy, group, blockers, tracking, ledger } = scene;
  const refused = blockers.find(({ code }) => !routine.has(code));
  const told = refused ?? blockers[0] ?? tracking.note ?? (ledger.pause ? undefined : blind(scene));
  const because =
    told?.message ?? (ledger.pause ? pauseSentence(scene, ledger.pause) : 'it is where it should be');
  const message = `${policy.name} stays at ${group.desired}: ${because}`;
  const reason = told?.code ?? (ledger.pause ? 'GroupPaused' : 'AtGoal');
  return withRefusal(scene, refused, { reason, message });
}

/** Who cannot see asks for nothing, as if all were well: to be at rest is then not to be in order. */
function blind({ policy, observation: { alarms }, tracking }: Scene): Blocker | undefined {
  if (tracking.missing) {
    const { by, message } = tracking;
    return { code: 'MetricMissing', message, by, cause: policy.forecast ? 'forecast' : 'metric' };
  }
  if (!alarms) return undefined;
  const isMute = ({ name }: CompiledRule) => alarms[name] === undefined;
  const by = (policy.scaleOutRules.find(isMute) ?? policy.scaleInRules.find(isMute))?.name;
  if (by === undefined) return undefined;
  const message = `nobody asks, but ${by} has no alarm and cannot: deploy the fleet`;
  return { code: 'AlarmDataMissing', message, by, cause: 'alarm' };
}

function withRefusal(
  scene: Scene,
  refused: Blocker | undefined,
  said: { reason: ReasonCode; message: string },
): Decision {
  const { ledger } = scene;
  const key = refused && `${refused.code}:${refused.by}`;
  if (key === ledger.refusal?.key) return decided(scene, { ...said, ledger });
  const rows = ledger.refusal ? [ended(scene, ledger.refusal)] : [];
  if (!refused || key === undefined)
    return decided(scene, { ...said, ledger: { ...ledger, refusal: undefined }, activities: rows });
  const row = remark(scene, { ...said, cause: refused.cause, by: refused.by, statusCode: 'Cancelled' });
  return decided(scene, {
    ...said,
    ledger: { ...ledger, refusal: { key, row } },
    activities: [...rows, row],
  });
}

/** The sweep asks every minute, so that minutes count how often it was refused. */
function ended({ now }: Scene, { row }: NonNullable<Ledger['refusal']>) {
  const count = 1 + Math.floor((now - row.startedAt) / 60_000);
  return { ...row, endedAt: now, statusMessage: count === 1 ? 'refused once' : `refused ${count} times` };
}
