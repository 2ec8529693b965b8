import { describe, expect, it } from 'vitest';
import { handle } from '../../../functions/sweep.ts';
import { PortError } from '../../../shared/ports/port-error.ts';
import { invocation } from '../../kit/stage.ts';
import { metStage } from './fleet.ts';

const refused = () => Promise.reject(new PortError('Unavailable', 'no topic'));
const news = { group: 'business', at: 0, forPeople: true, subject: 'news', message: 'news' };

describe('sweep', () => {
  it('mails what was laid up, though a group fails', async () => {
    const { scaler, ports } = await metStage();
    await ports.events.publish([news]);
    const blind = { ...scaler.ports, ledger: { ...ports.ledger, read: refused, write: refused } };
    await expect(handle({}, { ...scaler, ports: blind }, invocation)).rejects.toThrow(
      'could not be reconciled',
    );
    expect(ports.events.mails.map(({ subject }) => subject)).toContain('news');
  });

  it('sweeps though no mail can be sent, and fails for it', async () => {
    const stage = await metStage();
    stage.alarm('business', 'cpu-high', 'ALARM');
    const { events } = stage.ports;
    const mute = { publish: events.publish.bind(events), sendMail: refused };
    const scaler = { ...stage.scaler, ports: { ...stage.scaler.ports, events: mute } };
    await expect(handle({}, scaler, invocation)).rejects.toThrow('no topic');
    expect(stage.desired('business')).toBe(4);
  });
});
