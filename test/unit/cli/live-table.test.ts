import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { LiveTable, type Seen } from '../../../cli/live/live-table.ts';
import type { Row } from '../../../cli/live/row.ts';
import type { Key } from '../../../cli/live/view.ts';
import { widthOf } from '../../../cli/text-width.ts';

function row(name: string, changes: Partial<Row> = {}): Row {
  const now = 'stays at 2: it is where it should be';
  return {
    name,
    servers: '2/2',
    bounds: '2–8',
    alarms: '',
    next: 'lunch opens 11:00',
    now,
    tone: 'fine',
    ...changes,
  };
}

const sixty = Array.from({ length: 60 }, (_, index) => row(`group-${String(index).padStart(2, '0')}`));

class Stage {
  lines: string[] = [];
  seen: Seen = { title: 'shop in 000000000000, us-east-1', rows: sixty };
  size = { columns: 100, lines: 24 };
  readonly explained: string[] = [];
  readonly table = new LiveTable(this.seen, {
    look: async () => this.seen,
    explain: async (group) => {
      this.explained.push(group);
      return `${group} stays at 2\n\nWho asks for what\n${'  base  2  because\n'.repeat(40)}`;
    },
    screen: () => this.size,
    draw: (lines) => {
      this.lines = lines.map((line) => stripVTControlCharacters(line));
    },
  });

  async press(...keys: (string | Key)[]): Promise<boolean> {
    let goesOn = true;
    for (const key of keys)
      goesOn = await this.table.press(typeof key === 'string' ? { name: key, sequence: key } : key);
    return goesOn;
  }

  names(): string[] {
    return this.lines.flatMap((line) => /^group-\d\d/.exec(line) ?? []);
  }
}

describe('the live table', () => {
  it('fills the screen with as many of sixty groups as there is room for, and says where it is', () => {
    const stage = new Stage();
    stage.table.draw();
    expect(stage.lines).toHaveLength(24);
    expect(stage.names()).toEqual(sixty.slice(0, 21).map(({ name }) => name));
    expect(stage.lines[1]).toMatch(/^GROUP +SERVERS +MIN–MAX +ALARMS +NEXT +NOW/);
    expect(stage.lines.at(-1)).toMatch(/^1–21 of 60; ↑↓ choose/);
  });

  it('reaches every group with the arrows, and wraps no line of a narrow screen', async () => {
    const stage = new Stage();
    stage.size = { columns: 40, lines: 10 };
    const met = new Set<string>();
    for (let step = 0; step < 60; step++) {
      await stage.press('down');
      for (const name of stage.names()) met.add(name);
      expect(Math.max(...stage.lines.map(widthOf))).toBeLessThanOrEqual(40);
      expect(stage.lines).toHaveLength(10);
    }
    expect(met.size).toBe(60);
    await stage.press('home');
    expect(stage.names()[0]).toBe('group-00');
    await stage.press('pagedown', 'end');
    expect(stage.names().at(-1)).toBe('group-59');
  });

  it('leaves what contains what is typed after /, until Escape', async () => {
    const stage = new Stage();
    await stage.press('/', '4', '2');
    expect(stage.names()).toEqual(['group-42']);
    expect(stage.lines.at(-1)).toContain('/42');
    await stage.press('backspace', 'return');
    expect(stage.names()).toHaveLength(15);
    await stage.press('escape');
    expect(stage.names()).toHaveLength(21);
  });

  it('types q into a filter, and is left by q and Ctrl-C otherwise', async () => {
    const stage = new Stage();
    expect(await stage.press('/', 'q')).toBe(true);
    expect(await stage.press('escape', 'q')).toBe(false);
    expect(await stage.press({ name: 'c', ctrl: true, sequence: '\u0003' })).toBe(false);
  });

  it('explains the chosen group on Enter, which scrolls, and comes back on Escape', async () => {
    const stage = new Stage();
    await stage.press('down', 'down', 'return');
    expect(stage.explained).toEqual(['group-02']);
    expect(stage.lines[0]).toBe('group-02 stays at 2');
    await stage.press('down');
    expect(stage.lines[0]).toBe('');
    await stage.press('escape');
    expect(stage.names()).toHaveLength(21);
  });

  it('keeps who is chosen although rows come and go', async () => {
    const stage = new Stage();
    await stage.press('down', 'down');
    stage.seen = { ...stage.seen, rows: [row('a-new-one'), ...sixty] };
    await stage.table.refresh();
    await stage.press('return');
    expect(stage.explained).toEqual(['group-02']);
  });

  it('shows what it saw last when it cannot look, and says so', async () => {
    const stage = new Stage();
    const broken = new LiveTable(stage.seen, {
      look: () => Promise.reject(new Error('no answer came in time\nat somewhere')),
      explain: async () => '',
      screen: () => stage.size,
      draw: (lines) => {
        stage.lines = lines.map((line) => stripVTControlCharacters(line));
      },
    });
    await broken.refresh();
    expect(stage.lines[0]).toBe('shop in 000000000000, us-east-1; now: no answer came in time');
    expect(stage.names()).toHaveLength(21);
  });

  it('has nothing to choose where a filter leaves nothing', async () => {
    const stage = new Stage();
    await stage.press('/', 'z', 'z', 'down', 'return', 'return');
    expect(stage.names()).toEqual([]);
    expect(stage.explained).toEqual([]);
  });
});
