import type { Command } from 'commander';
import { adviceFor } from '../advice.ts';
import { type FleetInCloud, openCloud } from '../cloud.ts';
import { type CloudOptions, takesCloud } from '../cloud-options.ts';
import { checkBootstrap, checkClock, checkQuotas } from '../doctor/account.ts';
import { checkCalendars } from '../doctor/calendars.ts';
import { checkClusters } from '../doctor/clusters.ts';
import { checkVersion } from '../doctor/deployed-version.ts';
import { checkDeadLetters, checkFunctions, checkWatch } from '../doctor/deployment.ts';
import { type Finding, fine } from '../doctor/finding.ts';
import { checkFleetFile } from '../doctor/fleet-file.ts';
import { checkGroups } from '../doctor/groups.ts';
import { checkLaunches } from '../doctor/instance-types.ts';
import { checkMail } from '../doctor/mail.ts';
import { checkMeasuring } from '../doctor/measuring.ts';
import { checkServers } from '../doctor/servers.ts';
import { exitCodes } from '../failure.ts';
import { type OutputOptions, print, printData, table, withJsonOption } from '../print.ts';
import { inProgress } from '../progress.ts';
import { styled } from '../terminal.ts';

const help = `
Checks the account before and after a deploy: credentials, clock, bootstrap, quotas against the fleet's maxima, images and
instance types, the servers to be adopted, scheduled actions or policies of AWS's own that would fight, drift between fleet
file and account, the functions' health, the dead-letter queue, calendars that end soon, and addresses that hear nothing. It
changes nothing.

  $ rushhour doctor
  ! quotas   vCPUs On-Demand: the account may have 5, the fleet at its largest needs 52
             Ask for more: Service Quotas, ec2, L-1216C47A

Exit codes: 0 no problem (warnings do not count), 1 problems.`;

type DoctorOptions = CloudOptions & OutputOptions;

/** By what they are called when they could not look. */
const checks: Readonly<Record<string, (cloud: FleetInCloud) => Promise<Finding[]>>> = {
  clock: checkClock,
  bootstrap: checkBootstrap,
  quotas: checkQuotas,
  launches: checkLaunches,
  functions: checkFunctions,
  version: checkVersion,
  'fleet file': checkFleetFile,
  health: checkWatch,
  'dead letters': checkDeadLetters,
  mail: checkMail,
  clusters: checkClusters,
  groups: checkGroups,
  servers: checkServers,
  metrics: checkMeasuring,
  calendars: checkCalendars,
};

export function define(command: Command): void {
  withJsonOption(takesCloud(command)).addHelpText('after', help).action(doctor);
}

async function doctor(options: DoctorOptions): Promise<void> {
  const cloud = await inProgress('logging in', openCloud(options));
  const found = await inProgress(
    'examining',
    Promise.all(Object.entries(checks).map((check) => run(cloud, check))),
  );
  const findings = [
    fine('credentials', `${cloud.arn} in ${cloud.account}, ${cloud.region}`),
    ...found.flat(),
  ];
  if (findings.some(({ verdict }) => verdict === 'problem')) process.exitCode = exitCodes.failed;
  if (options.json) printData({ findings }, options);
  else printFindings(findings);
}

/** One check that cannot look must not hide what the others find. */
async function run(
  cloud: FleetInCloud,
  [check, look]: [string, (cloud: FleetInCloud) => Promise<Finding[]>],
): Promise<Finding[]> {
  try {
    return await look(cloud);
  } catch (error) {
    const { name, message } = error as Error;
    const advice = adviceFor(error);
    return [
      {
        check,
        verdict: 'unknown',
        message: `could not look: ${name}: ${message}`,
        ...(advice && { advice }),
      },
    ];
  }
}

const marks = {
  fine: styled('green', '✓'),
  warning: styled('yellow', '!'),
  problem: styled('red', '✗'),
  unknown: styled('yellow', '?'),
};

/** With more groups than this, what is fine takes one line. */
const fineOnesTold = 12;

/** Five hundred groups that are fine would hide the one that is not. */
function withoutCrowds(findings: readonly Finding[]): Finding[] {
  const fineOnes = Map.groupBy(
    findings.filter(({ verdict }) => verdict === 'fine'),
    ({ check }) => check,
  );
  return findings.flatMap((finding) => {
    const alike = finding.verdict === 'fine' ? fineOnes.get(finding.check)! : [];
    if (alike.length <= fineOnesTold) return [finding];
    const message = `${finding.message}; and ${alike.length - 1} others`;
    return finding === alike[0] ? [{ ...finding, message }] : [];
  });
}

function printFindings(findings: readonly Finding[]): void {
  const rows = withoutCrowds(findings).flatMap(({ check, verdict, message, advice }) => [
    [marks[verdict], check, message],
    ...(advice ? [['', '', styled('dim', advice)]] : []),
  ]);
  print(table(rows));
}
