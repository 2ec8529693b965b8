import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../../local/day/day-record.ts';
import { Storyteller } from '../../../local/day/storyteller.ts';

const noon = Date.parse('2026-03-04T12:00:00+08:00');

function sample(desired: number, inService: number, utilization: number): Sample {
  return { at: noon, desired, inService, running: inService, utilization, requests: 0, unserved: 0 };
}

/** What a terminal, or a pipe, is told of one minute. */
function told(
  groups: Record<string, { max: number; sample: Sample }>,
  terminal?: { columns: number },
): string[] {
  const out = Object.assign(new PassThrough(), { isTTY: terminal !== undefined, ...terminal });
  const maxSizes = new Map(Object.entries(groups).map(([name, { max }]) => [name, max]));
  const story = new Storyteller(out as unknown as NodeJS.WriteStream, 'Asia/Shanghai', maxSizes);
  story.minute(noon, new Map(Object.entries(groups).map(([name, group]) => [name, group.sample])));
  return stripVTControlCharacters(String(out.read()))
    .split(/[\r\n]/)
    .filter((line) => line !== '');
}

const example = {
  business: { max: 10, sample: sample(10, 10, 1.2) },
  session: { max: 6, sample: sample(3, 1, 0.05) },
};

describe('the story of a day', () => {
  it.each([80, 100, 200])('fits the example fleet into one line of a terminal of %d columns', (columns) => {
    const lines = told(example, { columns });
    expect(lines).toHaveLength(2); // The live one, and the hour's.
    for (const line of lines) expect(line.length).toBeLessThan(columns);
  });

  it('shows servers in service, those that are coming, and the room above them', () => {
    expect(told(example)).toEqual([
      '12:00  business ██████████ 10/10 load 120 %   session ██▒▒▒····· 1/3 load   5 %',
    ]);
  });

  it('breaks what does not fit between groups', () => {
    const many = Object.fromEntries(
      ['one', 'two', 'three', 'four', 'five'].map((name) => [name, { max: 4, sample: sample(2, 2, 0.5) }]),
    );
    const lines = told(many, { columns: 60 });
    for (const line of lines) expect(line.length).toBeLessThan(60);
    // The live line is one, so that it can be taken back.
    expect(lines[0]).toMatch(/^12:00 {2}one \S+ 2\/2 load {2}50 % {3}two /);
    expect(lines.slice(1).join('\n')).toMatch(/^12:00 {2}one[\s\S]*\n {7}\S/);
    expect(lines.join().match(/five/g)).toHaveLength(1);
  });
});
