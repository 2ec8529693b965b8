import type { Ids } from './ids.ts';
import { sessionOf } from './role-session.ts';
import type { Principal } from './service.ts';

export interface SessionCredentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
}

/** Who is behind an access key. Signatures are not verified: on loopback the key alone says who calls. */
export class Credentials {
  readonly #principals = new Map<string, Principal>();
  readonly #ids: Ids;

  constructor(account: string, ids: Ids) {
    this.#ids = ids;
    const owner: Principal = { kind: 'owner', arn: `arn:aws:iam::${account}:user/owner` };
    for (const accessKey of ['local', 'test']) this.#principals.set(accessKey, owner);
  }

  principalOf(accessKeyId: string): Principal | undefined {
    return this.#principals.get(accessKeyId);
  }

  /** Temporary credentials for a session of a role. They do not expire: no session here lasts long enough. */
  issue(roleArn: string, sessionName: string): SessionCredentials {
    const accessKeyId = `ASIA${this.#ids.alphanumeric(16)}`;
    this.#principals.set(accessKeyId, sessionOf(roleArn, sessionName));
    return { AccessKeyId: accessKeyId, SecretAccessKey: this.#ids.hex(40), SessionToken: this.#ids.hex(64) };
  }
}
