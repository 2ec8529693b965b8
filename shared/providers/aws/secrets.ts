import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Instant } from '../../domain/observation.ts';
import type { Clock } from '../../ports/clock.ts';
import { PortError } from '../../ports/port-error.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { hourMs } from '../../units.ts';
import { clientSettings } from './clients.ts';
import { toPortError } from './to-port-error.ts';

interface Kept {
  readonly readAt: Instant;
  /** What its JSON says; undefined: it is none. */
  readonly said: Promise<unknown>;
}

/**
 * Secrets Manager. A secret is read once an hour at most, while nobody refuses what it says. Until it is read anew each read gives the
 * same object, so that what is derived of a key can be kept with it.
 */
export class AwsSecrets implements Secrets {
  readonly #client: SecretsManagerClient;
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();

  constructor(clock: Clock, endpoint?: string) {
    this.#client = new SecretsManagerClient(clientSettings({ endpoint }));
    this.#clock = clock;
  }

  async read<K extends string>(name: string, keys: readonly K[]): Promise<Readonly<Record<K, string>>> {
    return valuesOf(name, await this.#saidBy(name, keys), keys);
  }

  forget(name: string): void {
    this.#kept.delete(name);
  }

  #saidBy(name: string, keys: readonly string[]): Promise<unknown> {
    const now = this.#clock.now();
    const kept = this.#kept.get(name);
    if (kept && now - kept.readAt < hourMs) return kept.said;
    const said = this.#fetch(name, keys);
    this.#kept.set(name, { readAt: now, said });
    // What could not be read is tried again at the next look.
    said.catch(() => this.#kept.delete(name));
    return said;
  }

  async #fetch(name: string, keys: readonly string[]): Promise<unknown> {
    try {
      const { SecretString } = await this.#client.send(new GetSecretValueCommand({ SecretId: name }));
      return parsed(SecretString ?? '');
    } catch (error) {
      throw withAdvice(name, keys, toPortError(`read the secret ${name}`, error));
    }
  }
}

/** What to do about it, at 3 a.m. */
function withAdvice(name: string, keys: readonly string[], error: PortError): PortError {
  if (error.code === 'NotFound') {
    const json = JSON.stringify(Object.fromEntries(keys.map((key) => [key, '…'])));
    const create = `aws secretsmanager create-secret --name ${name} --secret-string '${json}'`;
    return new PortError('NotFound', `there is no secret ${name}: create it with ${create}`, {
      cause: error,
    });
  }
  if (error.code !== 'Denied') return error;
  const message = `the secret ${name} may not be read: deploy the fleet, which allows its functions to; an operator needs secretsmanager:GetSecretValue on it`;
  return new PortError('Denied', message, { cause: error });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @throws PortError `Invalid`, which never quotes what the secret says */
function valuesOf<K extends string>(
  name: string,
  said: unknown,
  keys: readonly K[],
): Readonly<Record<K, string>> {
  const expected = `expected JSON with text under ${keys.join(' and ')}`;
  if (said === undefined) throw new PortError('Invalid', `the secret ${name} is no JSON: ${expected}`);
  const found = said as Partial<Record<K, unknown>> | null;
  const missing = keys.filter((key) => typeof found?.[key] !== 'string' || found[key] === '');
  if (missing.length === 0) return found as Readonly<Record<K, string>>;
  throw new PortError('Invalid', `the secret ${name} lacks ${missing.join(' and ')}: ${expected}`);
}
