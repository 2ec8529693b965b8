import { describe, expect, it } from 'vitest';
import { deniedFall, unhealthyDrop } from '../../../shared/domain/contradiction.ts';

/** A load and the CPU in the same periods. */
const said = (load: number[], cpu: number[]) =>
  deniedFall({
    name: 'requestsPerTarget',
    load: Float64Array.from(load),
    busy: Float64Array.from(cpu),
    cpu: Float64Array.from(cpu),
  });
const times = (count: number, value: number) => Array.from({ length: count }, () => value);

describe('A load that falls', () => {
  it('is denied by servers that are as busy as before', () => {
    expect(said([50, 50, 0], [60, 60, 58])).toEqual({
      key: 'busyAsBefore',
      metric: 'requestsPerTarget',
      from: 50,
      to: 0,
      cpu: 58,
    });
  });

  it('is believed when the servers have less to do', () => {
    expect(said([50, 50, 20], [60, 60, 30])).toBeUndefined();
  });

  it('is believed when it is gentle', () => {
    expect(said([50, 45, 40, 35, 30], [60, 60, 60, 60, 60])).toBeUndefined();
  });

  it('is believed of servers whose CPU says nothing: they are busy with themselves', () => {
    expect(said([50, 50, 0], [5, 5, 5])).toBeUndefined();
  });

  it('is believed where CPU was as high at as low a load before: it does not depend on it', () => {
    const night = times(6, 1);
    expect(said([...night, ...times(6, 50), 1], times(13, 95))).toBeUndefined();
  });

  it('is still denied an hour later', () => {
    expect(said([...times(24, 50), ...times(12, 0)], times(36, 60))).toMatchObject({ from: 50, to: 0 });
  });

  it('is no fall where nothing is known', () => {
    expect(said([50, 50, Number.NaN], [60, 60, 60])).toBeUndefined();
    expect(said([], [])).toBeUndefined();
  });
});

describe('Servers that are unhealthy', () => {
  it('deny a fall when they are more than half of all', () => {
    expect(unhealthyDrop(3, 20)).toEqual({ key: 'fewAreHealthy', healthy: 3, inService: 20 });
    expect(unhealthyDrop(10, 20)).toBeUndefined();
    expect(unhealthyDrop(0, 0)).toBeUndefined();
  });
});
