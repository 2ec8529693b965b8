import { describe, expect, it } from 'vitest';
import { OwnReads } from '../../../../simulate/chaos/own-reads.ts';

const describing = 'groups.describe';

describe('what a function has to read of what it works on', () => {
  it('is not read while a read of it has failed, and is once another has told', () => {
    const reads = new OwnReads();
    reads.failed('alarms.describe', ['cpu-high'], 0);
    expect(reads.isBlind).toBe(true);
    reads.told('alarms.describe', ['cpu-high'], 1);
    expect(reads.isBlind).toBe(false);
  });

  it('is a group whose ledger it has read', () => {
    const reads = new OwnReads();
    reads.due('session', 0);
    reads.failed(describing, ['session'], 1);
    expect(reads.isBlind).toBe(true);
  });

  it('is no leader of that group, which may stay unknown', () => {
    const reads = new OwnReads();
    reads.due('session', 0);
    reads.failed(describing, ['session', 'business'], 1);
    reads.told(describing, ['session'], 2);
    reads.failed(describing, ['business'], 3);
    expect(reads.isBlind).toBe(false);
  });

  it('is a leader once, where it works on that, too: a sweep that has read it may fail to read it again for a follower', () => {
    const reads = new OwnReads();
    reads.due('business', 0);
    reads.told(describing, ['business'], 1);
    reads.due('session', 2);
    reads.failed(describing, ['session', 'business'], 3);
    reads.told(describing, ['session'], 4);
    reads.failed(describing, ['business'], 5);
    expect(reads.isBlind).toBe(false);
  });

  it('is a leader that it works on, and has not read before', () => {
    const reads = new OwnReads();
    reads.due('business', 0);
    reads.failed(describing, ['business'], 1);
    reads.due('session', 2);
    reads.told(describing, ['session'], 3);
    expect(reads.isBlind).toBe(true);
  });

  it('is a group again once it has changed it', () => {
    const reads = new OwnReads();
    reads.due('business', 0);
    reads.told(describing, ['business'], 1);
    reads.due('business', 2);
    reads.failed(describing, ['business'], 3);
    expect(reads.isBlind).toBe(true);
  });

  it('is not taken back by an older read that fails later', () => {
    const reads = new OwnReads();
    reads.due('business', 0);
    reads.told(describing, ['business'], 2);
    reads.failed(describing, ['business'], 1);
    expect(reads.isBlind).toBe(false);
  });
});
