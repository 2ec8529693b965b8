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

class LiveScreen {
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
    const screen = new LiveScreen();
    screen.table.draw();
    expect(screen.lines).toHaveLength(24);
    expect(screen.names()).toEqual(sixty.slice(0, 21).map(({ name }) => name));
    expect(screen.lines[1]).toMatch(/^GROUP +SERVERS +MIN–MAX +ALARMS +NEXT +NOW/);
    expect(screen.lines.at(-1)).toMatch(/^1–21 of 60; ↑↓ choose/);
  });

  it('reaches every group with the arrows, and wraps no line of a narrow screen', async () => {
    const screen = new LiveScreen();
    screen.size = { columns: 40, lines: 10 };
    const met = new Set<string>();
    for (let step = 0; step < 60; step++) {
      await screen.press('down');
      for (const name of screen.names()) met.add(name);
      expect(Math.max(...screen.lines.map(widthOf))).toBeLessThanOrEqual(40);
      expect(screen.lines).toHaveLength(10);
    }
    expect(met.size).toBe(60);
    await screen.press('home');
    expect(screen.names()[0]).toBe('group-00');
    await screen.press('pagedown', 'end');
    expect(screen.names().at(-1)).toBe('group-59');
  });

  it('leaves what contains what is typed after /, until Escape', async () => {
    const screen = new LiveScreen();
    await screen.press('/', '4', '2');
    expect(screen.names()).toEqual(['group-42']);
    expect(screen.lines.at(-1)).toContain('/42');
    await screen.press('backspace', 'return');
    expect(screen.names()).toHaveLength(15);
    await screen.press('escape');
    expect(screen.names()).toHaveLength(21);
  });

  it('types q into a filter, and is left by q and Ctrl-C otherwise', async () => {
    const screen = new LiveScreen();
    expect(await screen.press('/', 'q')).toBe(true);
    expect(await screen.press('escape', 'q')).toBe(false);
    expect(await screen.press({ name: 'c', ctrl: true, sequence: '\u0003' })).toBe(false);
  });

  it('explains the chosen group on Enter, which scrolls, and comes back on Escape', async () => {
    const screen = new LiveScreen();
    await screen.press('down', 'down', 'return');
    expect(screen.explained).toEqual(['group-02']);
    expect(screen.lines[0]).toBe('group-02 stays at 2');
    await screen.press('down');
    expect(screen.lines[0]).toBe('');
    await screen.press('escape');
    expect(screen.names()).toHaveLength(21);
  });

  it('keeps who is chosen although rows come and go', async () => {
    const screen = new LiveScreen();
    await screen.press('down', 'down');
    screen.seen = { ...screen.seen, rows: [row('a-new-one'), ...sixty] };
    await screen.table.refresh();
    await screen.press('return');
    expect(screen.explained).toEqual(['group-02']);
  });

  it('shows what it saw last when it cannot look, and says so', async () => {
    const screen = new LiveScreen();
    const broken = new LiveTable(screen.seen, {
      look: () => Promise.reject(new Error('no answer came in time\nat somewhere')),
      explain: async () => '',
      screen: () => screen.size,
      draw: (lines) => {
        screen.lines = lines.map((line) => stripVTControlCharacters(line));
      },
    });
    await broken.refresh();
    expect(screen.lines[0]).toBe('shop in 000000000000, us-east-1; now: no answer came in time');
    expect(screen.names()).toHaveLength(21);
  });

  it('has nothing to choose where a filter leaves nothing', async () => {
    const screen = new LiveScreen();
    await screen.press('/', 'z', 'z', 'down', 'return', 'return');
    expect(screen.names()).toEqual([]);
    expect(screen.explained).toEqual([]);
  });
});
