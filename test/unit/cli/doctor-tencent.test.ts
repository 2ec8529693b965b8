import { expect, it } from 'vitest';
import { checkHooks } from '../../../cli/doctor/hooks.ts';
import { judgeTencent } from '../../../cli/doctor/tencent.ts';
import type { ScalingGroup } from '../../../shared/domain/observation.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import { PortError } from '../../../shared/ports/port-error.ts';

const file = (more = '') => `
name: shop
groups:
  web:
    tencent: { region: ap-guangzhou, scalingGroup: asg-00000001, credentials: key }
    minSize: 1
    maxSize: 6
    instances: [ins-fixed001]
${more}`;

function groupOf(more?: string) {
  return { name: 'web', config: readFleet(file(more)).groups['web']! };
}

const server = { id: 'ins-fixed001', lifecycle: 'ready', protectedFromScaleIn: true, weight: 1 } as const;
const found: ScalingGroup = {
  name: 'tencent:ap-guangzhou/asg-00000001',
  minSize: 0,
  maxSize: 10,
  desired: 1,
  servers: [server],
  suspended: [],
  trafficSources: [],
};

it('a group whose bounds hold those of the file, with its servers protected, is as it should be', () => {
  expect(judgeTencent(groupOf(), found, [])).toMatchObject([{ verdict: 'fine' }]);
});

it('bounds that would refuse what the file allows are a problem, with the command that widens them', () => {
  const [finding] = judgeTencent(groupOf(), { ...found, minSize: 2, maxSize: 4 }, []);
  expect(finding).toMatchObject({
    verdict: 'problem',
    message:
      'web: its group takes 2 to 4 servers, by the fleet file it is 1 to 6: what is outside is refused',
    advice:
      'tccli as ModifyAutoScalingGroup --region ap-guangzhou --AutoScalingGroupId asg-00000001 --MinSize 1 --MaxSize 6',
  });
});

it('a group that is disabled, and a server that is not protected, are told', () => {
  const group = { ...found, suspended: ['launching', 'terminating'] as const };
  const servers = [{ ...server, protectedFromScaleIn: false }];
  const messages = judgeTencent(groupOf(), { ...group, servers }, []).map(({ message }) => message);
  expect(messages).toEqual([
    'web: its group is disabled (停用) and takes no orders',
    'web: ins-fixed001 is not protected (免于缩容)',
  ]);
});

it('rules of its own fight with ours, and are to go on while it is only observed', () => {
  const native = [
    { name: 'scheduled task lunch', isAsleep: false },
    { name: 'scheduled task old', isAsleep: true },
  ];
  expect(judgeTencent(groupOf(), found, native).at(-1)).toMatchObject({
    verdict: 'problem',
    message: 'web: its own rules would fight: scheduled task lunch',
    advice: expect.stringContaining('tccli as DeleteScheduledAction --region ap-guangzhou'),
  });
  expect(judgeTencent(groupOf('    mode: observe\n'), found, native).at(-1)).toMatchObject({
    verdict: 'fine',
  });
});

it('lifecycle hooks are told, with who must complete them', async () => {
  const hooks = {
    lifecycleHooks: async () => [
      { name: 'drain', holds: 'leaving', seconds: 300, givesUp: false } as const,
      { name: 'warm-up', holds: 'coming', seconds: 60, givesUp: true } as const,
    ],
  };
  const group = { name: 'web', scalingGroup: found.name };
  expect(await checkHooks(hooks, [group])).toMatchObject([
    {
      verdict: 'fine',
      message:
        'web: its lifecycle hook drain holds servers that leave for up to 300 s, and then lets them go on',
    },
    { verdict: 'fine', advice: expect.stringContaining('must complete it in time') },
  ]);
  const denied = { lifecycleHooks: () => Promise.reject(new PortError('Denied', 'no')) };
  expect(await checkHooks(denied, [group])).toMatchObject([{ verdict: 'unknown' }]);
});
