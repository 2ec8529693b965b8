import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { functionName } from '../shared/fleet/names.ts';
import { type FunctionFacts, functions, type Permission } from './functions.ts';
import { mayRunInVpc } from './functions-vpc.ts';
import { mayGiveUp } from './give-up.ts';
import { kindPolicies } from './kind-permissions.ts';
import { accessEntries } from './kubernetes-permissions.ts';
import { accept, acceptWildcards } from './nag.ts';
import { type Holdings, importedGroupPolicies, scalingGroupArn, statementsOf } from './permissions.ts';

interface ScalerFunctionsProps extends Holdings {
  readonly deadLetters: sqs.IQueue;
  /** How long the functions' logs are kept; a month, if not given. */
  readonly logRetention?: logs.RetentionDays | undefined;
  /** By function name. */
  readonly code: Readonly<Record<string, lambda.Code>>;
}

/** The functions: each with a role, a log group and a failure destination of its own. */
export class ScalerFunctions extends Construct {
  readonly byName: Readonly<Record<string, lambda.Function>>;

  constructor(scope: Construct, id: string, props: ScalerFunctionsProps) {
    super(scope, id);
    const imported = importedGroupPolicies(this, props.fleet);
    const kinds = kindPolicies(this, props.fleet);
    const lookingRoles: Record<string, iam.IRole> = {};
    this.byName = Object.fromEntries(
      Object.entries(functions).map(([name, facts]) => {
        const role = this.#role(name, facts, props);
        const observes = facts.permissions.includes('observe') || facts.permissions.includes('learn');
        const policies = [
          ...(facts.permissions.includes('act') ? [...imported, ...kinds.act] : []),
          ...(observes ? kinds.observe : []),
        ];
        for (const policy of policies) role.addManagedPolicy(policy);
        if (observes) lookingRoles[name] = role;
        const vpc = observes ? props.fleet.functions?.vpc : undefined;
        if (vpc) mayRunInVpc(role, functionName(props.fleet, name));
        const made = this.#function(name, facts, props.code[name]!, role, props);
        if (vpc) (made.node.defaultChild as lambda.CfnFunction).vpcConfig = vpc;
        return [name, made];
      }),
    );
    accessEntries(this, props.fleet, lookingRoles);
    accept(this, {
      'Serverless-LambdaDLQ':
        'Failed events go to the dead-letter queue by failure destination, which tells the error too.',
      'Serverless-LambdaTracing':
        'One function and no chain behind it: its log says what it did, and every activity says why.',
    });
  }

  #role(name: string, facts: FunctionFacts, props: ScalerFunctionsProps): iam.Role {
    const role = new iam.Role(this, `${name}-role`, {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: `${functionName(props.fleet, name)}: ${facts.purpose}`,
    });
    for (const permission of facts.permissions) {
      for (const statement of statementsOf[permission](props)) role.addToPolicy(statement);
    }
    const may = (...permissions: Permission[]) =>
      facts.permissions.some((permission) => permissions.includes(permission));
    if (may('observe', 'learn', 'release')) {
      const reason =
        'Describe calls and GetMetricData take no resource; DescribeAlarms takes all alarms, whichever are asked for.';
      accept(role, {
        'AwsSolutions-IAM5[Resource::*]': reason,
        'Serverless-LambdaStarPermissions[Resource::*]': reason,
      });
    }
    if (may('act', 'release')) {
      const own = scalingGroupArn(`${props.fleet.name}-*`);
      acceptWildcards(
        role,
        [own],
        "The names are the fleet's, and its tag is asked for; AWS puts a random id before the name.",
      );
    }
    return role;
  }

  #function(
    name: string,
    facts: FunctionFacts,
    code: lambda.Code,
    role: iam.Role,
    { fleet, ledger, activities, topic, deadLetters, logRetention }: ScalerFunctionsProps,
  ): lambda.Function {
    const log = new logs.LogGroup(this, `${name}-log`, {
      logGroupName: `/aws/lambda/${functionName(fleet, name)}`,
      retention: logRetention ?? logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    log.grantWrite(role);
    role.addToPolicy(mayGiveUp(deadLetters));
    return new lambda.Function(this, name, {
      functionName: functionName(fleet, name),
      description: facts.purpose,
      code,
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      role,
      logGroup: log,
      memorySize: facts.memoryMiB,
      timeout: Duration.seconds(facts.timeoutSeconds),
      retryAttempts: facts.retries,
      maxEventAge: Duration.seconds(facts.eventAgeSeconds),
      // The library's own destination grants more than sending.
      onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
      environment: {
        TABLE_LEDGER: ledger.tableName,
        TABLE_ACTIVITIES: activities.tableName,
        EVENT_BUS: 'default',
        TOPIC_ARN: topic.topicArn,
        // One service, so that the functions' counts add up: each metric has its price.
        POWERTOOLS_SERVICE_NAME: fleet.name,
        POWERTOOLS_METRICS_NAMESPACE: 'Rushhour',
      },
    });
  }
}
