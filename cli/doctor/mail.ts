import type { FleetInCloud } from '../cloud.ts';
import { deafAddresses, deafness } from '../mail-addresses.ts';
import { type Finding, fine, problem, warning } from './finding.ts';

/** Somebody hears of what happens. */
export async function checkMail(cloud: FleetInCloud): Promise<Finding[]> {
  const check = 'mail';
  const { email } = cloud.scaler.fleet.notify;
  if (email.length === 0)
    return [warning(check, 'nobody is written to', 'Name an address under notify.email')];
  const deaf = await deafAddresses(cloud);
  if (!deaf) return [];
  if (deaf.length === 0) return [fine(check, `${email.join(', ')} confirmed`)];
  return deaf.map((address) =>
    problem(
      check,
      deafness(address),
      address.state === 'pending'
        ? 'Follow the link in the mail "AWS Notification - Subscription Confirmation". No such mail: aws sns subscribe --protocol email with that address and the topic sends another.'
        : 'aws sns subscribe --protocol email with that address and the topic, then follow the link in the mail: SNS deletes what nobody confirms within two days.',
    ),
  );
}
