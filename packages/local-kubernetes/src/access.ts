import { forbidden, type Named, unauthorized } from './status.ts';

/** @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/ */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  /** `deployments/scale` is a resource of its own. */
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[] | undefined;
  readonly verbs: readonly string[];
}

export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

/** What is asked for. */
export interface Access extends Named {
  readonly verb: string;
  readonly namespace: string;
  readonly subresource?: string | undefined;
}

interface Binding {
  /** A user's name, or a group's. */
  readonly subject: string;
  /** undefined: of the whole cluster. */
  readonly namespace: string | undefined;
  readonly rules: readonly PolicyRule[];
}

/** May do everything. */
const masters = 'system:masters';

/** Who somebody is by a token, and what he may do. */
export class AccessControl {
  readonly #tokens = new Map<string, User>();
  readonly #authenticators: ((token: string) => User | undefined)[] = [];
  readonly #bindings: Binding[] = [];

  addToken(token: string, user: User): void {
    this.#tokens.set(token, user);
  }

  removeToken(token: string): void {
    this.#tokens.delete(token);
  }

  /** Somebody else knows tokens, such as a webhook. */
  addAuthenticator(authenticate: (token: string) => User | undefined): void {
    this.#authenticators.push(authenticate);
  }

  bind(subject: string, rules: readonly PolicyRule[], namespace?: string): void {
    this.#bindings.push({ subject, namespace, rules });
  }

  unbind(subject: string): void {
    for (const [index, binding] of [...this.#bindings.entries()].reverse())
      if (binding.subject === subject) this.#bindings.splice(index, 1);
  }

  /** @throws StatusError Unauthorized */
  userOf(authorization: string | undefined): User {
    const [, token] = /^Bearer (\S+)$/.exec(authorization ?? '') ?? [];
    if (token === undefined) throw unauthorized();
    const known = this.#tokens.get(token);
    if (known) return known;
    for (const authenticate of this.#authenticators) {
      const user = authenticate(token);
      if (user) return user;
    }
    throw unauthorized();
  }

  /** @throws StatusError Forbidden */
  require(user: User, access: Access): void {
    if (user.groups.includes(masters)) return;
    const subjects = [user.name, ...user.groups];
    const path =
      access.subresource === undefined ? access.resource : `${access.resource}/${access.subresource}`;
    const may = this.#bindings.some(
      ({ subject, namespace, rules }) =>
        subjects.includes(subject) &&
        (namespace === undefined || namespace === access.namespace) &&
        rules.some((rule) => allows(rule, access, path)),
    );
    if (!may) throw forbidden(user.name, access.verb, access, path, access.namespace);
  }
}

function allows(
  { apiGroups, resources, resourceNames, verbs }: PolicyRule,
  access: Access,
  path: string,
): boolean {
  const has = (list: readonly string[], value: string) => list.includes('*') || list.includes(value);
  if (!has(apiGroups, access.group) || !has(resources, path) || !has(verbs, access.verb)) return false;
  // A list has no name, so a rule of names allows none.
  return resourceNames === undefined || (access.name !== undefined && resourceNames.includes(access.name));
}
