import { loadSharedConfigFiles } from '@smithy/core/config';
import { didYouMean } from '../shared/fleet/did-you-mean.ts';
import { type CloudSettings, titleOf } from './cloud-settings.ts';
import { exitCodes, Failure } from './failure.ts';

/** The SDK would take a profile that is in neither file for missing credentials. @throws Failure */
export async function requireProfile({ profile }: CloudSettings): Promise<void> {
  if (!profile) return;
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  const sections = [...Object.keys(configFile), ...Object.keys(credentialsFile)];
  // Other sections of these files have a dot in their name here: sso-session.NAME.
  const known = [...new Set(sections)].filter((name) => !name.includes('.'));
  if (sections.includes(profile.value)) return;
  throw new Failure(`There is no profile ${titleOf(profile)} in ~/.aws/config or ~/.aws/credentials.`, {
    advice: adviceFor(profile.value, known),
    exitCode: exitCodes.misused,
  });
}

function adviceFor(name: string, known: readonly string[]): string {
  if (known.length === 0) return 'There is none at all: aws configure makes one.';
  const meant = didYouMean(name, known);
  return meant ? `Did you mean ${meant}?` : `There are: ${known.join(', ')}.`;
}
