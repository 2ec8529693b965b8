import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { metStage } from '../functions/fleet.ts';

const page = readFileSync(new URL('../../../docs/events.md', import.meta.url), 'utf8');
const [example] = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, text]) => JSON.parse(text!));
const explained = new Set([...page.matchAll(/`activity\.(\w+)`/g)].map(([, member]) => member));

it('the page on events shows a window as it is told, and explains every member that it has', async () => {
  const stage = await metStage();
  await stage.playUntil('2026-03-04T06:00:00Z');
  const activities = stage.ports.events.published.flatMap(({ activity }) => activity ?? []);
  // What goes out is JSON, which has no undefined.
  const told = activities.map((one) => JSON.parse(JSON.stringify(one)));
  const opened = told.find(
    ({ reason, statusCode }) => reason === 'WindowOpened' && statusCode === 'Successful',
  );
  expect(Object.keys(example.detail.activity).toSorted()).toEqual(Object.keys(opened).toSorted());
  expect(example.detail.activity).toMatchObject({ trigger: opened.trigger, by: opened.by });
  expect(told.flatMap(Object.keys).filter((member) => !explained.has(member))).toEqual([]);
});
