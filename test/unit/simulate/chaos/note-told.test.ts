import { beforeEach, describe, expect, it } from 'vitest';
import type { FunctionRun } from '../../../../simulate/chaos/function-run.ts';
import { noteTold } from '../../../../simulate/chaos/note-told.ts';
import { OwnReads } from '../../../../simulate/chaos/own-reads.ts';

const at = Date.parse('2026-03-20T08:03:46Z');
let by: FunctionRun;

beforeEach(() => {
  const told = { groups: new Map(), truest: new Map(), acted: new Map(), outside: new Map() };
  const scaler = { groups: new Map([['web', { scalingGroup: 'asg-web' }]]) };
  by = { told, scaler, reads: new OwnReads() } as unknown as FunctionRun;
  tell('groups.describe', [['asg-web']], shown(5), at);
  tell('groups.setDesired', ['asg-web', 3], undefined, at);
});

function tell(name: string, args: readonly unknown[], answer: unknown, asOf: number): void {
  noteTold({ by, name, args, place: 'sweep@1/1#1' } as never, answer, asOf, new Map());
}

const shown = (desired: number) =>
  new Map([['asg-web', { name: 'asg-web', desired, minSize: 1, maxSize: 9 }]]);
const known = () => by.told.groups.get('asg-web')!.desired;

describe('A group that shows what it was before a function has set it', () => {
  it('is told late', () => {
    tell('groups.describe', [['asg-web']], shown(5), at + 3_000);
    expect(known()).toBe(3);
  });

  it('is not that late a quarter of a minute after', () => {
    tell('groups.describe', [['asg-web']], shown(5), at + 17_000);
    expect(known()).toBe(5);
  });

  it('is as it is where the ledger knows that others have decided since', () => {
    tell('ledger.read', [['web']], new Map([['web', { desired: 5 }]]), at + 2_000);
    tell('groups.describe', [['asg-web']], shown(5), at + 3_000);
    expect(known()).toBe(5);
  });

  it('is told late where the ledger knows of nothing else', () => {
    tell('ledger.read', [['web']], new Map([['web', { desired: 3 }]]), at + 2_000);
    tell('groups.describe', [['asg-web']], shown(5), at + 3_000);
    expect(known()).toBe(3);
  });

  it('is as it is where a server has been let go since', () => {
    tell('adopt.detach', ['asg-web', ['i-1']], undefined, at + 2_000);
    tell('groups.describe', [['asg-web']], shown(5), at + 3_000);
    expect(known()).toBe(5);
  });
});
