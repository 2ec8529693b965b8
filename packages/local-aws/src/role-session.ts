import type { Principal } from './service.ts';

/** Who calls once a service has assumed a role. */
export function sessionOf(roleArn: string, session: string): Principal {
  const [, , , , account] = roleArn.split(':');
  const role = roleArn.split('/').at(-1);
  return { kind: 'role', arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}` };
}
