import { awsRegions } from '../shared/fleet/aws-regions.ts';
import { didYouMean } from '../shared/fleet/did-you-mean.ts';
import { type CloudSettings, type Setting, titleOf } from './cloud-settings.ts';
import { chainOf } from './error-chain.ts';
import { Failure } from './failure.ts';

/** What is wrong, and what to do about it. */
type Blame = readonly [message: string, advice: string];

/**
 * Says which setting made the first call fail: the region or the endpoint, and who has set it.
 * @returns undefined when it is neither
 */
export function settingToBlame(error: unknown, settings: CloudSettings): Failure | undefined {
  const chain = chainOf(error);
  const blame = blameOf(chain, settings);
  if (!blame) return undefined;
  const [message, advice] = blame;
  const cause = chain.find((each) => silences.has(codeOf(each))) ?? chain[0];
  return new Failure(message, { advice, cause });
}

function blameOf(chain: readonly Error[], settings: CloudSettings): Blame | undefined {
  const said = chain.map(({ name, message }) => `${name} ${message}`).join('\n');
  const { endpoint, region, profile } = settings;
  if (/Region is missing/.test(said))
    return [
      profile ? `No region is named, and the profile ${titleOf(profile)} has none.` : 'No region is named.',
      'Name one: --region eu-central-1, or AWS_REGION.',
    ];
  if (/scoped to a valid region/.test(said))
    return [
      `The region ${titleOf(region)} is not that of the cloud: ${lastWords(chain)}`,
      'Correct the region.',
    ];
  const silence = chain.map(codeOf).find((code) => silences.has(code));
  if (silence) return blameForSilence(silence, chain, settings);
  if (endpoint && noAws.test(said))
    return [
      `What answers at the endpoint ${titleOf(endpoint)} is no AWS API: ${lastWords(chain)}`,
      'Does another program listen there? A local cloud says its address when it starts: npx rushhour local',
    ];
  return undefined;
}

/** The SDK could not read the answer, or found no error of AWS's in it. */
const noAws = /Deserialization error|is not valid JSON|is not expected|UnknownError|Unclosed tag|Unexpected/;

/** Why no answer came. */
const silences: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'the connection is refused'],
  ['ENOTFOUND', 'no such host is known'],
  ['EAI_AGAIN', 'no name server answers'],
  ['ECONNRESET', 'the connection is cut off'],
  ['EHOSTUNREACH', 'no way leads there'],
  ['ENETUNREACH', 'no way leads there'],
  ['ETIMEDOUT', 'no answer came in time'],
  ['TimeoutError', 'no answer came in time'],
]);

function blameForSilence(
  silence: string,
  chain: readonly Error[],
  { endpoint, region }: CloudSettings,
): Blame {
  const why = silences.get(silence)!;
  if (endpoint)
    return [
      `Nothing answers at the endpoint ${titleOf(endpoint)}: ${why}.`,
      'A local cloud is started by npx rushhour local, and says its address. For AWS itself, unset AWS_ENDPOINT_URL.',
    ];
  const meant = region && suggestion(region);
  if (silence === 'ENOTFOUND' && meant !== undefined)
    return [`There seems to be no region ${titleOf(region)}: ${lastWords(chain)}`, meant];
  return [
    `AWS does not answer${region ? ` in the region ${titleOf(region)}` : ''}: ${why}.`,
    'Is this machine online? A local cloud is named by AWS_ENDPOINT_URL or --endpoint-url.',
  ];
}

/** @returns undefined for a region that there is */
function suggestion({ value }: Setting): string | undefined {
  if (awsRegions.includes(value)) return undefined;
  const meant = didYouMean(value, awsRegions);
  return meant ? `Did you mean ${meant}?` : 'Expected one like eu-central-1.';
}

function codeOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? error.name;
}

function lastWords(chain: readonly Error[]): string {
  const { message, name } = chain.find((each) => each.message) ?? chain[0]!;
  return (message || name).split('\n')[0]!;
}
