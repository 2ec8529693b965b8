import { expect, it } from 'vitest';
import type { Activity } from '../../../shared/domain/activity.ts';
import { tell } from '../../../shared/engine/record.ts';
import { createScaler } from '../../../shared/engine/scaler.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import { memoryPorts } from '../../../shared/providers/memory/ports.ts';
import { mailCatalogue } from '../../../shared/runtime/mail-catalogue.ts';

const now = Date.parse('2026-03-04T04:00:00Z');
const world = {
  launch: () => ({ inServiceAfterSeconds: 0, healthyAfterSeconds: 0 }),
  terminationSeconds: () => 0,
};
const opened: Activity = {
  activityId: 'web-1',
  group: 'web',
  startedAt: now,
  from: 3,
  to: 5,
  trigger: 'schedule',
  reason: 'WindowOpened',
  why: { key: 'windowOpened', window: 'lunch', added: 2 },
  statusCode: 'PreInService',
};

it.each([
  ['en', "web 3 → 5: window 'lunch' opened (+2)"],
  ['zh', 'web 3 → 5：时间窗口 lunch 开始（+2）'],
  ['ko', "web 3 → 5: 'lunch' 기간 시작(+2)"],
])(
  'people read their mail in %s; its subject and events for machines are English',
  async (language, text) => {
    const fleet = readFleet(
      `name: shop\nnotify: { language: ${language} }\ngroups: { web: { existing: web, minSize: 1, maxSize: 9 } }`,
    );
    const ports = memoryPorts(now, world);
    const scaler = createScaler(fleet, ports, undefined, undefined, await mailCatalogue(fleet));
    await tell(scaler, scaler.groups.get('web')!, [opened]);
    await ports.events.sendMail(now, scaler.mail.frames);
    const english = "web 3 → 5: window 'lunch' opened (+2)";
    expect(ports.events.mails).toEqual([{ at: now, subject: `[shop] ${english}`, text }]);
    expect(ports.events.published[0]!.activity).toMatchObject({ message: english, why: opened.why });
  },
);
