import { ApiError } from './api-error.ts';
import type { Instant } from './timeline.ts';
import { type Claims, type KeySet, verifiedClaims } from './verify-token.ts';

/** An OIDC identity provider (身份提供商), as `CreateOIDCConfig` of CAM makes one. */
export interface IdentityProvider {
  readonly name: string;
  /** What the tokens have for their issuer. */
  readonly identityUrl: string;
  readonly clientIds: readonly string[];
  /** Its public keys (签名公钥) as they are now: rotated by themselves, where `AutoRotateKey` is on. */
  readonly keys: () => KeySet;
}

/** A policy that says who may take a role, in the language of CAM. */
interface TrustPolicy {
  readonly version: string;
  readonly statement: readonly {
    readonly effect: string;
    readonly action: string | readonly string[];
    readonly principal: { readonly federated?: string | readonly string[] };
    readonly condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  }[];
}

/** A role that may be taken with a token of an identity provider. */
export interface Role {
  /** `qcs::cam::uin/100000000001:roleName/rushhour` */
  readonly roleArn: string;
  readonly trust: TrustPolicy;
}

const action = 'name/sts:AssumeRoleWithWebIdentity';

/** Who of other clouds may take which role (角色 SSO). */
export class Identity {
  readonly #providers: IdentityProvider[] = [];
  readonly #roles: Role[] = [];

  addProvider(provider: IdentityProvider): void {
    this.#providers.push(provider);
  }

  addRole(role: Role): void {
    this.#roles.push(role);
  }

  /**
   * Lets the bearer of a token take a role, or not: the token is to be signed by a key of the provider, of its issuer, for one of its
   * clients and not over; then the role's policy is asked.
   * @throws ApiError
   * @see https://www.tencentcloud.com/document/product/598/47191
   */
  require(input: Readonly<Record<string, unknown>>, now: Instant): void {
    const { RoleArn, ProviderId, WebIdentityToken } = input as Record<string, string>;
    const provider = this.#providers.find(({ name }) => name === ProviderId);
    if (!provider)
      throw new ApiError('InvalidParameter.ParamError', `The provider ${ProviderId} does not exist.`);
    const claims = verifiedClaims(WebIdentityToken!, provider.keys());
    const wrong = claims === undefined ? 'signature' : problemOf(claims, provider, now);
    if (wrong || !claims)
      throw new ApiError('InvalidParameter.WebIdentityTokenError', `The token is not valid: ${wrong}.`);
    const role = this.#roles.find(({ roleArn }) => roleArn === RoleArn);
    if (!role) throw new ApiError('InternalError.GetRoleError', `The role ${RoleArn} is not found.`);
    const [uin] = role.roleArn.split(':roleName/');
    const federated = `${uin}:oidc-provider/${provider.name}`;
    if (!role.trust.statement.some((statement) => allows(statement, federated, claims)))
      throw new ApiError('UnauthorizedOperation', `${claims.sub} may not take the role ${RoleArn}.`);
  }
}

function problemOf({ iss, aud, exp = 0 }: Claims, provider: IdentityProvider, now: Instant) {
  if (iss !== provider.identityUrl) return 'iss';
  if (![aud ?? []].flat().some((one) => provider.clientIds.includes(one))) return 'aud';
  return exp * 1000 <= now ? 'exp' : undefined;
}

/** Of the operators there is `string_equal`, of the keys those of OIDC: what else is asked for never holds. */
function allows(
  { effect, action: actions, principal, condition = {} }: TrustPolicy['statement'][number],
  federated: string,
  { iss = '', sub = '', aud = [] }: Claims,
): boolean {
  const values: Readonly<Record<string, readonly string[]>> = {
    'oidc:iss': [iss],
    'oidc:sub': [sub],
    'oidc:aud': [aud].flat(),
  };
  const holds = Object.entries(condition).every(
    ([operator, keys]) =>
      operator === 'string_equal' &&
      Object.entries(keys).every(([key, wanted]) =>
        values[key]?.some((one) => [wanted].flat().includes(one)),
      ),
  );
  const isMeant = [actions].flat().includes(action) && [principal.federated ?? []].flat().includes(federated);
  return effect === 'allow' && isMeant && holds;
}
