import { expect, it } from 'vitest';
import { type AbsoluteAction, windowsOf } from '../../../../cli/take-over/absolute-actions.ts';

const now = Date.parse('2026-03-04T00:00:00Z');
const sizes = { minSize: 2, maxSize: 10 };

function action(name: string, when: string, sets: Partial<AbsoluteAction>): AbsoluteAction {
  return { name, subject: `scheduled action ${name}`, when, timeZone: 'Asia/Shanghai', ...sets };
}

const cases: {
  title: string;
  actions: AbsoluteAction[];
  schedules: object;
  sizes?: object;
  remarks?: unknown[];
}[] = [
  {
    title: 'a minimum that rises and falls is a floor',
    actions: [
      action('up', '0 11 * * *', { minSize: 5 }),
      action('down', '0 13 * * *', { minSize: 2, desired: 2 }),
    ],
    schedules: { up: { start: '0 11 * * *', end: '0 13 * * *', minSize: 5 } },
  },
  {
    title: 'a desired capacity that rises and falls is an adjustment',
    actions: [action('up', '0 11 * * *', { desired: 5 }), action('down', '0 13 * * *', { desired: 3 })],
    schedules: { up: { start: '0 11 * * *', end: '0 13 * * *', scalingAdjustment: 2 } },
  },
  {
    title: 'levels lie on top of each other',
    actions: [
      action('morning', '0 8 * * *', { minSize: 4, desired: 4 }),
      action('noon', '0 11 * * *', { minSize: 8, desired: 8 }),
      action('afternoon', '0 13 * * *', { minSize: 4, desired: 4 }),
      action('night', '0 20 * * *', { minSize: 2, desired: 2 }),
    ],
    schedules: {
      morning: { start: '0 8 * * *', end: '0 20 * * *', minSize: 4 },
      noon: { start: '0 11 * * *', end: '0 13 * * *', minSize: 8 },
    },
  },
  {
    title: 'a fall in two steps is two windows from the same start',
    actions: [
      action('noon', '0 11 * * *', { desired: 8 }),
      action('afternoon', '0 13 * * *', { desired: 6 }),
      action('night', '0 20 * * *', { desired: 2 }),
    ],
    schedules: {
      noon: { start: '0 11 * * *', end: '0 13 * * *', scalingAdjustment: 2 },
      'noon-2': { start: '0 11 * * *', end: '0 20 * * *', scalingAdjustment: 4 },
    },
  },
  {
    title: 'a group that is closed at night has a maximum of none then',
    actions: [
      action('open', '0 8 * * MON-FRI', { minSize: 2, maxSize: 10, desired: 4 }),
      action('close', '0 20 * * MON-FRI', { minSize: 0, maxSize: 0, desired: 0 }),
    ],
    schedules: {
      open: { start: '0 8 * * MON-FRI', end: '0 20 * * MON-FRI', minSize: 2, scalingAdjustment: 4 },
      close: { start: '0 20 * * MON-FRI', end: '0 8 * * MON-FRI', maxSize: 0 },
    },
    sizes: { minSize: 0, maxSize: 10 },
    remarks: [{ kind: 'note', subject: 'sizes' }],
  },
  {
    title: 'what comes once is a window that comes once',
    actions: [
      action('sale', '2026-11-10T23:30:00', { minSize: 8, maxSize: 20 }),
      action('over', '2026-11-11T02:00:00', { minSize: 2, maxSize: 10, desired: 2 }),
    ],
    schedules: {
      sale: { start: '2026-11-10T23:30:00', end: '2026-11-11T02:00:00', minSize: 8 },
    },
    sizes: { minSize: 2, maxSize: 20 },
    remarks: [{ kind: 'note', subject: 'sizes' }],
  },
  {
    title: 'an action that nobody takes back is said',
    actions: [action('morning', '0 8 * * *', { desired: 5 })],
    schedules: {},
    remarks: [
      { kind: 'lost', message: expect.stringContaining('5 servers, and no other action takes that back') },
    ],
  },
  {
    title: 'an action that is past is said',
    actions: [action('sale', '2025-11-10T23:30:00', { minSize: 8 })],
    schedules: {},
    remarks: [{ kind: 'lost', message: expect.stringContaining('is past') }],
  },
  {
    title: 'an action that says day of month and day of week is said',
    actions: [action('both', '0 8 1 * MON', { minSize: 8 })],
    schedules: {},
    remarks: [{ kind: 'lost', message: expect.stringContaining('EventBridge cannot say both') }],
  },
  {
    title: 'an action by another clock is said',
    actions: [
      action('up', '0 11 * * *', { minSize: 5 }),
      action('down', '0 13 * * *', { minSize: 2, desired: 2 }),
      { ...action('other', '0 9 * * *', { minSize: 7 }), timeZone: 'UTC' },
    ],
    schedules: { up: { start: '0 11 * * *', end: '0 13 * * *', minSize: 5 } },
    remarks: [{ kind: 'lost', subject: 'scheduled action other' }],
  },
  {
    title: 'a minimum that falls alone leaves its servers, which a window does not',
    actions: [action('up', '0 11 * * *', { minSize: 5 }), action('down', '0 13 * * *', { minSize: 2 })],
    schedules: { up: { start: '0 11 * * *', end: '0 13 * * *', minSize: 5 } },
    remarks: [{ kind: 'differs', subject: 'scheduled action down' }],
  },
  {
    title: 'where days differ the first difference is said',
    actions: [
      action('up', '0 11 * * *', { minSize: 4 }),
      action('early', '0 13 * * MON-FRI', { minSize: 2, desired: 2 }),
      action('late', '0 20 * * *', { minSize: 2, desired: 2 }),
    ],
    schedules: {
      up: { start: '0 11 * * *', end: '0 13 * * MON-FRI', minSize: 4 },
      'up-2': { start: '0 11 * * *', end: '0 20 * * *', minSize: 4 },
    },
    remarks: [
      {
        kind: 'differs',
        subject: 'scheduled action early',
        message: expect.stringContaining(
          'on 2026-03-04 at 13:00 it sets a minimum of 2, and the windows hold 4',
        ),
      },
    ],
  },
];

it.each(cases)('$title', ({ actions, schedules, sizes: outside = sizes, remarks = [] }) => {
  const windows = windowsOf(actions, sizes, now);
  expect(windows.schedules).toEqual(schedules);
  expect(windows).toMatchObject(outside);
  expect(windows.remarks).toEqual(remarks.map((remark) => expect.objectContaining(remark)));
});
