import { version } from '../../shared/version.ts';
import type { Answers } from './answers.ts';
import { exampleScript, fleetFile } from './fleet-file.ts';

/** Of what a new project is deployed with. The construct asks for these or newer ones. */
const versions = {
  rushhour: `^${version}`,
  'aws-cdk-lib': '^2.276.0',
  constructs: '^10.5.1',
  'aws-cdk': '^2.1148.1',
  tsx: '^4.20.0',
} as const;

const dependencies = {
  rushhour: versions.rushhour,
  'aws-cdk-lib': versions['aws-cdk-lib'],
  constructs: versions.constructs,
};

const devDependencies = { 'aws-cdk': versions['aws-cdk'], tsx: versions.tsx };

const app = `import { App } from 'aws-cdk-lib';
import { RushhourFleet } from 'rushhour';

const app = new App();
new RushhourFleet(app, 'Fleet', { fleet: process.env.FLEET ?? 'fleet.yaml' });
`;

/** As the fleet's stacks refer to each other in any case; said, so that the CDK does not recommend to say it. */
const context = { '@aws-cdk/core:defaultCrossStackReferences': 'strong' };

const workflow = `# Checks the fleet file at each change, and says in the summary what a deploy would change.
name: fleet
on:
  pull_request:
  push: { branches: [main] }
permissions:
  contents: read
  id-token: write
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with: { node-version: 24 }
      - run: npm ci
      - run: npx rushhour validate
      - run: npx rushhour plan
      - run: npx cdk synth --quiet
      # The rest once the repository's variables AWS_ROLE and AWS_REGION name a role that may read the account.
      - if: vars.AWS_ROLE != ''
        uses: aws-actions/configure-aws-credentials@v5
        with:
          role-to-assume: \${{ vars.AWS_ROLE }}
          aws-region: \${{ vars.AWS_REGION }}
      - if: vars.AWS_ROLE != ''
        # 1: something differs.
        run: npx rushhour diff --markdown >> "$GITHUB_STEP_SUMMARY" || [ $? -eq 1 ]
`;

/** @returns the files of a project, by their path in its folder; within an app of others only what is the fleet's */
export function projectFiles(answers: Answers, inTheirApp: boolean): ReadonlyMap<string, string> {
  const files = new Map([['fleet.yaml', fleetFile(answers)]]);
  if (answers.existing.length === 0) files.set('web.sh', exampleScript);
  if (!inTheirApp) {
    files.set('bin/app.ts', app);
    files.set('cdk.json', json({ app: 'npx tsx bin/app.ts', notices: false, context }));
    files.set('.gitignore', 'node_modules\ncdk.out\n');
  }
  files.set('.github/workflows/fleet.yml', workflow);
  return files;
}

interface PackageFile {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/**
 * A `package.json`, with what it lacks; what it says already stays.
 * @param text of the one that is there
 * @returns undefined when it lacks nothing
 * @throws SyntaxError when it is no JSON
 */
export function packageFile(name: string, text: string | undefined, inTheirApp: boolean): string | undefined {
  const there: PackageFile = text === undefined ? { name, private: true, type: 'module' } : JSON.parse(text);
  const known = { ...there.dependencies, ...there.devDependencies };
  const lacking = (wanted: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(wanted).filter(([one]) => !(one in known)));
  const more = lacking(inTheirApp ? { rushhour: dependencies.rushhour } : dependencies);
  const moreDev = lacking(inTheirApp ? {} : devDependencies);
  if (text !== undefined && Object.keys({ ...more, ...moreDev }).length === 0) return undefined;
  return json({
    ...there,
    dependencies: { ...there.dependencies, ...more },
    ...((there.devDependencies ?? Object.keys(moreDev).length > 0) && {
      devDependencies: { ...there.devDependencies, ...moreDev },
    }),
  });
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
