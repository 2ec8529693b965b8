import { describe, expect, it } from 'vitest';
import { judgeVersion } from '../../../cli/doctor/deployed-version.ts';
import { version } from '../../../shared/version.ts';

describe('what doctor says of the version', () => {
  it('is fine where the deployed one is the installed one', () => {
    expect(judgeVersion(version)).toMatchObject({ verdict: 'fine' });
  });

  it('warns where an older one is deployed, and where a newer one is', () => {
    const older = judgeVersion('0.0.9');
    expect(older).toMatchObject({ verdict: 'warning', advice: 'npx cdk deploy --all' });
    expect(older.message).toBe(`0.0.9 is deployed, and this is ${version}`);
    expect(judgeVersion('99.10.0')).toMatchObject({
      verdict: 'warning',
      advice: 'npm install rushhour@99.10.0',
    });
  });

  it('warns where what is deployed carries none', () => {
    expect(judgeVersion(undefined).message).toBe(
      `one that does not say which is deployed, and this is ${version}`,
    );
  });
});
