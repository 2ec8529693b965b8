import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { byPattern } from '../shared/fleet/portions.ts';
import { fitted } from './names.ts';

interface AdoptedServersProps {
  /** FLEET-GROUP */
  readonly name: string;
  readonly servers: readonly string[];
  /** Tells people. */
  readonly functionArn: string;
  readonly deadLetters: string;
}

/** People hear of an adopted server that stops: no scaling group replaces it. */
export class AdoptedServers extends Construct {
  constructor(scope: Construct, id: string, props: AdoptedServersProps) {
    super(scope, id);
    for (const [index, servers] of byPattern(props.servers).entries())
      this.#tellPeople(index, servers, props);
  }

  #tellPeople(
    index: number,
    servers: string[],
    { name, functionArn, deadLetters }: AdoptedServersProps,
  ): void {
    new events.CfnRule(this, `Rule${index}`, {
      name: fitted(`${name}-adopted-${index}`, 64),
      description: `Adopted servers of ${name} that stop`,
      eventPattern: {
        source: ['aws.ec2'],
        'detail-type': ['EC2 Instance State-change Notification'],
        detail: { 'instance-id': servers, state: ['stopping', 'stopped', 'shutting-down', 'terminated'] },
      },
      targets: [
        {
          id: 'on-instance-event',
          arn: functionArn,
          retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 900 },
          deadLetterConfig: { arn: deadLetters },
        },
      ],
    });
  }
}
