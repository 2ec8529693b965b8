import { exitCodes, Failure } from './failure.ts';

/** The options that say which cloud a command speaks to. */
export interface CloudSelection {
  readonly region?: string;
  readonly profile?: string;
  readonly endpointUrl?: string;
}

/** A setting, and who has made it: an error names both. */
export interface Setting {
  readonly value: string;
  /** `--region`, `AWS_REGION` … */
  readonly from: string;
}

/** What was set; whatever was not, the SDK finds in the profile, if anywhere. */
export interface CloudSettings {
  readonly region: Setting | undefined;
  readonly profile: Setting | undefined;
  readonly endpoint: Setting | undefined;
}

/**
 * Puts the settings where every client of the SDK finds them: in the environment.
 * @throws Failure for text that is no region and no address
 */
export function settleCloud({ region, profile, endpointUrl }: CloudSelection): CloudSettings {
  const settings = {
    // The SDK for JavaScript knows only the first variable, other tools only the second.
    region: settingOf(region, '--region', 'AWS_REGION', 'AWS_DEFAULT_REGION'),
    profile: settingOf(profile, '--profile', 'AWS_PROFILE'),
    endpoint: settingOf(endpointUrl, '--endpoint-url', 'AWS_ENDPOINT_URL'),
  };
  refuseUnless(settings.region, (text) => /^[a-z0-9-]+$/.test(text), 'no region', 'eu-central-1');
  refuseUnless(settings.endpoint, isAddress, 'no address', 'http://127.0.0.1:4566');
  const { env } = process;
  if (settings.region) env['AWS_REGION'] = settings.region.value;
  if (settings.profile) env['AWS_PROFILE'] = settings.profile.value;
  if (settings.endpoint) env['AWS_ENDPOINT_URL'] = settings.endpoint.value;
  return settings;
}

/** `eu-west-1 (AWS_REGION)` */
export function titleOf(setting: Setting | undefined): string {
  return setting ? `${setting.value} (${setting.from})` : 'of your profile';
}

/** An empty variable is none; an empty option is a mistake. */
function settingOf(
  given: string | undefined,
  option: string,
  ...variables: readonly string[]
): Setting | undefined {
  if (given !== undefined) return { value: given, from: option };
  const from = variables.find((name) => process.env[name]);
  return from === undefined ? undefined : { value: process.env[from]!, from };
}

function isAddress(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text);
}

function refuseUnless(
  setting: Setting | undefined,
  isRight: (text: string) => boolean,
  what: string,
  example: string,
): void {
  if (!setting || isRight(setting.value)) return;
  throw new Failure(`${setting.from} ${setting.value} is ${what}.`, {
    advice: `Expected one like ${example}`,
    exitCode: exitCodes.misused,
  });
}
