import { describe, expect, it } from 'vitest';
import { ActionRefused } from '../../../console/action-refused.ts';
import { readAction } from '../../../console/read-action.ts';

const bump = { action: 'bump', group: 'business', adjustment: 2, reason: 'press release' };
const read = (action: object) => readAction(JSON.stringify(action));

describe('what the page asks for', () => {
  it('is read as it was meant', () => {
    expect(read({ ...bump, for: '2h' })).toEqual({ ...bump, for: '2h' });
    expect(read({ action: 'resume', group: 'business', reason: ' done ' })).toMatchObject({ reason: 'done' });
    expect(read({ action: 'speed', speed: 60 })).toEqual({ action: 'speed', speed: 60 });
  });

  it.each([
    [{ ...bump, reason: '  ' }, 'reason: expected a reason'],
    [{ ...bump, reason: 'sale \u202efdp' }, 'reason: expected a reason without control, direction or'],
    [{ ...bump, reason: 'sa\u200ble' }, 'reason: expected a reason without control, direction or'],
    [{ ...bump, adjustment: 0 }, 'adjustment: expected a change other than 0'],
    [{ ...bump, for: 'a while' }, 'for: expected a duration like 30m or 2h'],
    [{ ...bump, group: 'Robert; DROP' }, 'group: '],
    [{ ...bump, force: true }, 'action: Unrecognized key: "force"'],
    [{ action: 'adopt', group: 'business', instances: ['server-1'], reason: 'x' }, 'instances.0: '],
    [{ action: 'pause', group: 'business', direction: 'up', reason: 'x' }, 'direction: '],
    [{ action: 'terminate', group: 'business' }, 'action: '],
    [{ action: 'speed', speed: 1e9 }, 'speed: '],
  ])('is refused with its place: %j', (action, message) => {
    expect(() => read(action)).toThrow(ActionRefused);
    expect(() => read(action)).toThrow(message);
  });

  it('is refused when it is no JSON', () => {
    expect(() => readAction('bump')).toThrow('expected JSON');
  });
});
