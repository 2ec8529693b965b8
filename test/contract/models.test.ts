import { expect, it } from 'vitest';
import { contract } from './contract.ts';

contract('The models', (tested) => {
  it('give back what was learnt, and nothing of a group that was not', async () => {
    const { models } = tested().ports;
    const learnt = { beta: [0.1, 0.9], histogram: { '12': [1, 2] }, since: 1_772_593_200_000 };
    await models.write('business', learnt);
    expect(await models.read(['business', 'session'])).toEqual(new Map([['business', learnt]]));
  });

  it('keep the newest', async () => {
    const { models } = tested().ports;
    await models.write('business', { hour: 1 });
    await models.write('business', { hour: 2 });
    expect((await models.read(['business'])).get('business')).toEqual({ hour: 2 });
  });

  it('lie apart from the ledgers', async () => {
    const { models, ledger } = tested().ports;
    await models.write('business', { hour: 1 });
    expect((await ledger.read(['business'])).size).toBe(0);
  });
});
