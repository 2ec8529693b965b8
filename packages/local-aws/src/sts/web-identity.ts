import type { CloudContext } from '../cloud-context.ts';
import { requireOneOf } from '../constraints.ts';
import type { Iam } from '../iam/iam.ts';
import { type AuthorizationTarget, type Call, ServiceError } from '../service.ts';
import { keySet, type SigningAlgorithm, signedToken, signingAlgorithms } from './signing-keys.ts';

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface WebIdentityInput {
  readonly Audience: readonly string[];
  readonly SigningAlgorithm: SigningAlgorithm;
  readonly DurationSeconds?: number;
  readonly Tags?: readonly Tag[];
}

const usualSeconds = 300;
const secondsAtLeast = 60;
const secondsAtMost = 3600;
const audiencesAtMost = 10;
const audienceLengthAtMost = 1000;
const tagsAtMost = 50;

/**
 * A token that says who calls, for somebody who is not AWS.
 * @throws ServiceError `OutboundWebIdentityFederationDisabledException`, `ValidationError`
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html and, on what it claims,
 *   https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_token_claims.html
 */
export function webIdentityToken(
  cloud: CloudContext,
  iam: Iam,
  input: WebIdentityInput,
  { now, principal, requestId }: Call,
): { readonly WebIdentityToken: string; readonly Expiration: Date } {
  validate(input);
  const { issuer } = iam.outbound;
  if (issuer === undefined)
    throw new ServiceError(
      'OutboundWebIdentityFederationDisabledException',
      'Outbound web identity federation is not enabled for this account.',
      403,
    );
  const { Audience, SigningAlgorithm, DurationSeconds = usualSeconds, Tags = [] } = input;
  const issuedAt = Math.floor(now / 1000);
  const subject = iam.identityOf(principal);
  const claims = {
    ...{ iss: issuer, aud: Audience.length === 1 ? Audience[0] : Audience, sub: subject },
    ...{ iat: issuedAt, exp: issuedAt + DurationSeconds, jti: requestId },
    'https://sts.amazonaws.com/': {
      aws_account: cloud.account,
      source_region: cloud.region,
      principal_id: subject,
      ...(Tags.length > 0 && {
        request_tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
      }),
    },
  };
  return {
    WebIdentityToken: signedToken(claims, SigningAlgorithm),
    Expiration: new Date((issuedAt + DurationSeconds) * 1000),
  };
}

/**
 * What IAM asks of such a call; tags need a permission of their own.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_policies.html
 */
export function webIdentityTargets(input: WebIdentityInput): AuthorizationTarget[] {
  const { Audience = [], SigningAlgorithm, DurationSeconds = usualSeconds, Tags = [] } = input;
  const conditions = {
    'sts:IdentityTokenAudience': Audience,
    'sts:SigningAlgorithm': SigningAlgorithm,
    'sts:DurationSeconds': `${DurationSeconds}`,
    ...Object.fromEntries(Tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
    ...(Tags.length > 0 && { 'aws:TagKeys': Tags.map(({ Key }) => Key) }),
  };
  const actions = ['sts:GetWebIdentityToken', ...(Tags.length > 0 ? ['sts:TagGetWebIdentityToken'] : [])];
  return actions.map((action) => ({ action, resources: ['*'], conditions }));
}

/** What whoever verifies tokens finds below the issuer, while it is enabled: OpenID Connect Discovery 1.0, section 3. */
export function discoveryDocuments(iam: Iam): Readonly<Record<string, () => unknown>> {
  return {
    '/.well-known/openid-configuration': () => {
      const { issuer } = iam.outbound;
      return (
        issuer && {
          issuer,
          jwks_uri: `${issuer}/.well-known/jwks.json`,
          response_types_supported: ['id_token'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: signingAlgorithms,
        }
      );
    },
    '/.well-known/jwks.json': () => iam.outbound.issuer && keySet(),
  };
}

function validate({
  Audience,
  SigningAlgorithm,
  DurationSeconds = usualSeconds,
  Tags = [],
}: WebIdentityInput) {
  requireOneOf(SigningAlgorithm, signingAlgorithms, 'signingAlgorithm');
  if (Audience.length < 1 || Audience.length > audiencesAtMost)
    throw invalid('audience', `Member must have length between 1 and ${audiencesAtMost}`);
  if (Audience.some(({ length }) => length < 1 || length > audienceLengthAtMost))
    throw invalid('audience', `Member must have length between 1 and ${audienceLengthAtMost}`);
  if (DurationSeconds < secondsAtLeast || DurationSeconds > secondsAtMost)
    throw invalid('durationSeconds', `Member must have value between ${secondsAtLeast} and ${secondsAtMost}`);
  if (Tags.length > tagsAtMost)
    throw invalid('tags', `Member must have length less than or equal to ${tagsAtMost}`);
}

function invalid(member: string, constraint: string): ServiceError {
  const message = `1 validation error detected: Value at '${member}' failed to satisfy constraint: ${constraint}`;
  return new ServiceError('ValidationError', message);
}
