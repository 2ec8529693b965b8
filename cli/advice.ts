import { chainOf } from './error-chain.ts';
import { englishWords } from './words/en.ts';

/** What to ask when something of the fleet is not there. */
export const { isItDeployed } = englishWords;

const noCredentials = /CredentialsProviderError|Could not load credentials/;

/** What to do about an error of the cloud, by its name or by what it says; the first that fits. */
const advices: readonly (readonly [RegExp, string])[] = [
  [/Region is missing/, 'Name a region: --region eu-central-1, AWS_REGION, or a profile that has one.'],
  [noCredentials, 'Log in first (aws sso login, or aws configure), or name a profile: --profile NAME.'],
  [
    /ExpiredToken|InvalidClientTokenId|UnrecognizedClient|security token/,
    'Log in again: these credentials are no longer valid.',
  ],
  [
    /AccessDenied|UnauthorizedOperation|not authorized/,
    'These credentials may not do that. Ask for the right, or name another profile.',
  ],
  [
    /(aliyuncs|tencentcloudapi)\.com: .*(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET)/,
    'Nothing answers there. Check the region that the fleet file gives the group, and the network.',
  ],
  [
    /\bcluster \S+: (read|list) .*(no answer within|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET)/,
    'Nothing answers there. Check that the cluster is there and reached from here: a private endpoint is from its network alone.',
  ],
  [
    /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|TimeoutError/,
    'Nothing answers there. Check the region, the network, and AWS_ENDPOINT_URL; a local cloud is started by: npx rushhour local',
  ],
  [/InvalidInstanceID/, 'Is that its id, and does it run in this account and region?'],
  [/ResourceNotFound|Function not found|there is no scaling group|NotFound|QueueDoesNotExist/, isItDeployed],
  [/Throttl|TooManyRequests|RequestLimitExceeded/, 'AWS asks for patience: try again in a minute.'],
];

/** The local cloud takes any keys, and the SDK wants some. */
const localKeys =
  'The local cloud takes any keys: AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local (and AWS_REGION=us-east-1).';

function isLocal(endpoint: string | undefined): boolean {
  return /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:|\/|$)/.test(endpoint ?? '');
}

/**
 * Looks through an error and what caused it; undefined when nobody knows what to do about it.
 * @param endpoint the cloud that was asked, if it is not AWS itself
 */
export function adviceFor(error: unknown, endpoint = process.env['AWS_ENDPOINT_URL']): string | undefined {
  const chain = chainOf(error).map(
    (each) => `${each.name} ${(each as NodeJS.ErrnoException).code ?? ''} ${each.message}`,
  );
  if (chainOf(error).some(saysItself)) return undefined;
  if (isLocal(endpoint) && chain.some((said) => noCredentials.test(said))) return localKeys;
  return advices.find(([pattern]) => chain.some((said) => pattern.test(said)))?.[1];
}

/** What clouds besides AWS refuse is told with what to do about it: `…: InvalidScalingGroupId.NotFound: … (does the group exist?)` */
function saysItself(error: Error): boolean {
  return error.name === 'PortError' && / \(.+\)$/s.test(error.message);
}

/** Is it something that the cloud has answered, or that no answer came, and not a mistake in this program? */
export function isOfTheCloud(error: unknown): boolean {
  return (
    chainOf(error).some(
      (each) =>
        '$metadata' in each ||
        '$fault' in each ||
        each.name === 'PortError' ||
        each.name === 'CredentialsProviderError',
    ) || adviceFor(error) !== undefined
  );
}
