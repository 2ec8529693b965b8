import type { Ask } from './ask.ts';
import type { Blocker } from './decision.ts';
import { pauseSentence } from './pause.ts';
import type { ReasonCode } from './reason.ts';
import type { Scene } from './scene.ts';

/** More open activities than this would make the ledger's one item grow without bound. */
export const openAtMost = 8;

/** "cpu-low asks for 4, but …" */
export function blockerOf(
  ask: Pick<Ask, 'by' | 'asker' | 'to' | 'cause'>,
  code: ReasonCode,
  why: string,
  until?: number | undefined,
): Blocker {
  const { by, asker = by, to, cause } = ask;
  return { code, message: `${asker} asks for ${to}, but ${why}`, by, cause, until };
}

/** What forbids any change in this direction, whoever asks for it; undefined: nothing. */
export function blockerTo(scene: Scene, ask: Ask): Blocker | undefined {
  const { policy, group, ledger } = scene;
  const { pause } = ledger;
  const out = ask.to > group.desired;
  if (policy.observeOnly) {
    const message = `would go ${group.desired} → ${ask.to}: ${ask.why}; it only observes`;
    return { code: 'ObserveOnly', message, by: ask.by, cause: ask.cause };
  }
  if (pause && (pause.direction === 'both' || (pause.direction === 'out') === out)) {
    return blockerOf(ask, 'GroupPaused', pauseSentence(scene, pause), pause.until);
  }
  if (ask.attach && group.deploying)
    return blockerOf(
      ask,
      'GroupDeploying',
      'its stack is still being deployed, and could not let servers go',
    );
  const process = out ? 'launching' : 'terminating';
  if (!ask.attach && !ask.detach && group.suspended.includes(process))
    return blockerOf(ask, 'ProcessSuspended', `${process} servers is suspended`);
  if (ask.to > group.maxSize) return blockerOf(ask, 'AtMaximum', `the group's maximum is ${group.maxSize}`);
  if (ledger.open.length >= openAtMost)
    return blockerOf(ask, 'TooManyOpenActivities', `${openAtMost} activities are still under way`);
  return out ? launchHold(scene, ask) : undefined;
}

/** Failed launches hold every climb but a person's: more of the same would fail too. */
function launchHold({ ledger, policy, now }: Scene, ask: Ask): Blocker | undefined {
  const { launchHold: hold } = ledger;
  if (!hold || now >= hold.retryAt || ask.cause === 'manual') return undefined;
  const nextTry = policy.formatTime(hold.retryAt, now);
  return blockerOf(ask, 'LaunchesFailing', `${hold.message}; the next try is at ${nextTry}`, hold.retryAt);
}
