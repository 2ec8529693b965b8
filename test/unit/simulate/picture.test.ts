import { expect, it } from 'vitest';
import { drawPicture } from '../../../simulate/picture.ts';

const noon = Date.parse('2026-03-04T12:00:00Z');

it('marks a server that was lost with a cross, beside what came and went', () => {
  const at = (minute: number) => noon + minute * 60_000;
  const points = Array.from({ length: 60 }, (_, minute) => ({
    at: at(minute),
    desired: 3,
    inService: 3,
    needed: 2,
  }));
  const activities = [
    { startedAt: at(10), from: 3, to: 3, message: 'web lost i-1: failed a health check' },
    { startedAt: at(20), from: 3, to: 4, message: 'web 3 → 4: +1 by ann' },
  ];
  const svg = drawPicture('day', [{ title: 'web', points, activities, windows: [], maxSize: 9 }], 'UTC');
  expect(svg).toMatch(
    /<path class="lost" d="[^"]+"><title>12:10 web lost i-1: failed a health check<\/title>/,
  );
  expect(svg.match(/<polygon/g)).toHaveLength(1);
  expect(svg).toContain('>server lost</text>');
});
