import { Aws, Stack } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { Draining as Settings } from '../shared/fleet/draining.ts';
import { accept, acceptWildcards } from './nag.ts';
import { fitted } from './names.ts';
import { scalingGroupArn } from './permissions.ts';

interface DrainingProps {
  /** The scaling group's name in AWS. */
  readonly scalingGroup: string;
  /** FLEET-GROUP */
  readonly name: string;
  readonly settings: Settings;
  readonly deadLetters: string;
}

/** Beside the command's own time: for the event, the automation and the agent to get going. */
const marginSeconds = 60;

/**
 * A lifecycle hook holds a leaving server until the user's command has run on it. EventBridge starts an SSM automation,
 * which runs the command and completes the hook, with the default result if the command fails or takes too long. Should
 * all of that fail, the hook ends by its own timeout: no server waits forever.
 */
export class Draining extends Construct {
  constructor(scope: Construct, id: string, props: DrainingProps) {
    super(scope, id);
    const { name, scalingGroup, settings, deadLetters } = props;
    const hook = fitted(`${name}-draining`, 64);
    const lifecycleHook = new autoscaling.CfnLifecycleHook(this, 'Hook', {
      autoScalingGroupName: scalingGroup,
      lifecycleHookName: hook,
      lifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      heartbeatTimeout: Math.min(settings.timeoutSeconds + marginSeconds, 7200),
      defaultResult: settings.defaultResult,
    });
    const document = new ssm.CfnDocument(this, 'Document', {
      name: hook,
      documentType: 'Automation',
      documentFormat: 'JSON',
      updateMethod: 'NewVersion',
      content: automation(hook, settings),
    });
    const worker = this.#worker(props);
    const automationArn = this.#ssmArn('automation-definition', `${hook}:$DEFAULT`);
    const starter = this.#starter(name, hook, worker);
    const rule = new events.CfnRule(this, 'Rule', {
      name: hook,
      description: `Servers that leave ${scalingGroup} run a command first`,
      eventPattern: {
        source: ['aws.autoscaling'],
        'detail-type': ['EC2 Instance-terminate Lifecycle Action'],
        detail: { AutoScalingGroupName: [scalingGroup], LifecycleHookName: [hook] },
      },
      targets: [
        {
          id: 'automation',
          arn: automationArn,
          roleArn: starter.roleArn,
          inputTransformer: {
            inputPathsMap: {
              server: '$.detail.EC2InstanceId',
              group: '$.detail.AutoScalingGroupName',
              token: '$.detail.LifecycleActionToken',
            },
            inputTemplate: JSON.stringify({
              Server: ['<server>'],
              Group: ['<group>'],
              Token: ['<token>'],
              AutomationAssumeRole: [worker.roleArn],
            }),
          },
          deadLetterConfig: { arn: deadLetters },
        },
      ],
    });
    rule.node.addDependency(document, lifecycleHook);
  }

  /** Who runs the command and completes the hook. */
  #worker({ scalingGroup, name }: DrainingProps): iam.Role {
    const stack = Stack.of(this);
    const worker = new iam.Role(this, 'Worker', {
      description: `Drains servers that leave ${name}`,
      assumedBy: new iam.ServicePrincipal('ssm.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    const servers = stack.formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' });
    worker.addToPolicy(
      new iam.PolicyStatement({
        actions: ['ssm:SendCommand'],
        resources: [`arn:${Aws.PARTITION}:ssm:${Aws.REGION}::document/AWS-RunShellScript`],
      }),
    );
    worker.addToPolicy(
      new iam.PolicyStatement({
        actions: ['ssm:SendCommand'],
        resources: [servers],
        conditions: { StringEquals: { 'aws:ResourceTag/aws:autoscaling:groupName': scalingGroup } },
      }),
    );
    worker.addToPolicy(
      new iam.PolicyStatement({
        actions: [
          'ssm:DescribeInstanceInformation',
          'ssm:GetCommandInvocation',
          'ssm:ListCommandInvocations',
          'ssm:ListCommands',
        ],
        resources: ['*'],
      }),
    );
    worker.addToPolicy(
      new iam.PolicyStatement({
        actions: ['autoscaling:CompleteLifecycleAction'],
        resources: [scalingGroupArn(scalingGroup)],
      }),
    );
    accept(worker, {
      'AwsSolutions-IAM5[Resource::*]': 'Reading how a command went takes no resource.',
    });
    const reason = 'Ids are random; the tag of the group, or its name, is asked for.';
    acceptWildcards(worker, [servers, scalingGroupArn(scalingGroup)], reason);
    return worker;
  }

  #ssmArn(resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({ service: 'ssm', resource, resourceName });
  }

  /**
   * As whom EventBridge starts the automation: allowed on the document and the execution, and on the definition, which was
   * asked for before those and still is in places. On behalf of this rule alone, which EventBridge names when it assumes a role.
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup-identity-based-policies.html
   */
  #starter(name: string, document: string, worker: iam.Role): iam.Role {
    const executions = this.#ssmArn('automation-execution', '*');
    const starter = new iam.Role(this, 'Starter', {
      description: `Starts the draining of servers that leave ${name}`,
      assumedBy: new iam.ServicePrincipal('events.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnEquals: {
            'aws:SourceArn': Stack.of(this).formatArn({
              service: 'events',
              resource: 'rule',
              resourceName: document,
            }),
          },
        },
      }),
    });
    starter.addToPolicy(
      new iam.PolicyStatement({
        actions: ['ssm:StartAutomationExecution'],
        resources: [
          this.#ssmArn('document', document),
          executions,
          this.#ssmArn('automation-definition', `${document}:$DEFAULT`),
        ],
      }),
    );
    starter.addToPolicy(
      new iam.PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [worker.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } },
      }),
    );
    acceptWildcards(starter, [executions], 'An execution has no id before it is started.');
    return starter;
  }
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html */
function automation(hook: string, settings: Settings): object {
  const complete = (name: string, result: string, isEnd: boolean) => ({
    name,
    action: 'aws:executeAwsApi',
    isEnd,
    inputs: {
      Service: 'autoscaling',
      Api: 'CompleteLifecycleAction',
      LifecycleHookName: hook,
      AutoScalingGroupName: '{{ Group }}',
      LifecycleActionToken: '{{ Token }}',
      LifecycleActionResult: result,
    },
  });
  return {
    schemaVersion: '0.3',
    description: 'Runs a command on a server that leaves, and lets it go.',
    assumeRole: '{{ AutomationAssumeRole }}',
    parameters: {
      Server: { type: 'String' },
      Group: { type: 'String' },
      Token: { type: 'String' },
      AutomationAssumeRole: { type: 'AWS::IAM::Role::Arn' },
    },
    mainSteps: [
      {
        name: 'drain',
        action: 'aws:runCommand',
        timeoutSeconds: settings.timeoutSeconds,
        onFailure: 'step:giveUp',
        nextStep: 'continueTermination',
        inputs: {
          DocumentName: 'AWS-RunShellScript',
          InstanceIds: ['{{ Server }}'],
          Parameters: {
            commands: [settings.command],
            executionTimeout: [String(settings.timeoutSeconds)],
          },
        },
      },
      complete('continueTermination', 'CONTINUE', true),
      complete('giveUp', settings.defaultResult, true),
    ],
  };
}
