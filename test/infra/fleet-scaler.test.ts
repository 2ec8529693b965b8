import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { functions } from '../../infra/functions.ts';
import { exampleFleet, existingVpc, synthesize } from '../kit/synthesis.ts';

const scaler = synthesize(exampleFleet).template('lunch-scaler');
const names = Object.keys(functions);

describe('the functions', () => {
  it('are small machines of the newest kind, with limits', () => {
    expect(Object.keys(scaler.findResources('AWS::Lambda::Function'))).toHaveLength(names.length);
    scaler.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: Match.anyValue(),
      MemorySize: Match.anyValue(),
    });
  });

  it('have a role and a log group each, kept for a month', () => {
    const deployed = Object.values(scaler.findResources('AWS::Lambda::Function'));
    const roles = new Set(deployed.map(({ Properties }) => Properties.Role['Fn::GetAtt'][0]));
    expect(roles.size).toBe(names.length);
    scaler.resourceCountIs('AWS::Logs::LogGroup', names.length);
    scaler.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
    scaler.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'lunch-sweep',
      LoggingConfig: { LogGroup: Match.anyValue() },
    });
  });

  it('are retried, and leave what they could not do in the dead-letter queue', () => {
    scaler.resourceCountIs('AWS::Lambda::EventInvokeConfig', names.length);
    scaler.allResourcesProperties('AWS::Lambda::EventInvokeConfig', {
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
      MaximumEventAgeInSeconds: Match.anyValue(),
    });
    const retries = Object.values(scaler.findResources('AWS::Lambda::EventInvokeConfig')).map(
      ({ Properties }) => Properties.MaximumRetryAttempts,
    );
    expect(retries.sort()).toEqual([0, ...Array(names.length - 1).fill(2)]);
  });

  it('are not open to the world: only alarms and rules of this fleet call them', () => {
    scaler.resourceCountIs('AWS::Lambda::Url', 0);
    scaler.resourceCountIs('AWS::Lambda::Permission', 2);
    scaler.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'lambda.alarms.cloudwatch.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
      SourceArn: { 'Fn::Join': ['', Match.arrayWith([':alarm:lunch-*'])] },
    });
    scaler.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'events.amazonaws.com',
      SourceAccount: Match.absent(),
      SourceArn: { 'Fn::Join': ['', Match.arrayWith([':rule/lunch-*'])] },
    });
  });
});

describe('the policies', () => {
  it('let functions change only groups that carry the tag of this fleet', () => {
    for (const statement of statements('sweep')) {
      const writes = actionsOf(statement).filter((action) => /^autoscaling:(?!Describe)/.test(action));
      if (writes.length === 0) continue;
      expect(statement.Condition).toEqual({ StringEquals: { 'aws:ResourceTag/rushhour:fleet': 'lunch' } });
      expect(JSON.stringify(statement.Resource)).toContain('autoScalingGroupName/lunch-*');
    }
  });

  it('grant no action by wildcard, and everything only where a call takes no resource', () => {
    for (const name of names) {
      for (const statement of statements(name)) {
        for (const action of actionsOf(statement)) {
          expect(action).not.toContain('*');
          if (statement.Resource === '*') expect(action).toMatch(/:Describe|:GetMetricData$/);
        }
      }
    }
  });

  it('let the history be read, and nothing else', () => {
    const actions = statements('history').flatMap(actionsOf);
    expect(actions.filter((action) => /^(autoscaling|cloudwatch|events|sns):/.test(action))).toEqual([]);
    expect(actions).toContain('dynamodb:Query');
    expect(actions).not.toContain('dynamodb:PutItem');
  });

  it('let events be told under our own name only', () => {
    const put = statements('sweep').find((statement) => actionsOf(statement).includes('events:PutEvents'));
    expect(put!.Condition).toEqual({ 'ForAllValues:StringEquals': { 'events:source': 'rushhour' } });
  });
});

describe('the tables', () => {
  it('are encrypted, kept, protected from deletion, and can be turned back to any point in time', () => {
    scaler.resourceCountIs('AWS::DynamoDB::Table', 2);
    scaler.allResources('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        SSESpecification: { SSEEnabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
        BillingMode: 'PAY_PER_REQUEST',
      },
    });
  });

  it('hold one item per group, and activities by time until they expire', () => {
    scaler.hasResourceProperties('AWS::DynamoDB::Table', {
      TableName: 'lunch-ledger',
      KeySchema: [{ AttributeName: 'group', KeyType: 'HASH' }],
    });
    scaler.hasResourceProperties('AWS::DynamoDB::Table', {
      TableName: 'lunch-activities',
      KeySchema: [
        { AttributeName: 'group', KeyType: 'HASH' },
        { AttributeName: 'sort', KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });
});

describe('the sweep', () => {
  it('runs every minute, and is its own retry', () => {
    scaler.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(1 minute)',
      Target: { RetryPolicy: { MaximumRetryAttempts: 0 }, DeadLetterConfig: Match.anyValue() },
    });
  });
});

describe('servers that come and go', () => {
  it('are told to the scaler by the exact names of its groups, so that another fleet stays apart', () => {
    scaler.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { detail: { AutoScalingGroupName: ['lunch-business', 'lunch-session'] } },
      Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
    });
  });
});

describe('Spot servers that are wanted back', () => {
  const rules = (launch: string) =>
    synthesize(
      `name: shop\nnetwork: ${existingVpc}\ngroups:\n  web:\n    launch: { imageId: ami-0a1b2c3d4e5f60718, instanceType: c7g.large${launch} }\n    minSize: 1\n    maxSize: 4\n    schedules: { lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 2 } }\n`,
    )
      .template('shop-scaler')
      .findResources('AWS::Events::Rule', {
        Properties: { EventPattern: { 'detail-type': ['EC2 Spot Instance Interruption Warning'] } },
      });

  it('are told to the scaler where a group may launch some, and nowhere else', () => {
    expect(Object.keys(rules(', purchase: { onDemandPercentageAboveBaseCapacity: 50 }'))).toHaveLength(1);
    expect(Object.keys(rules(', purchase: { onDemandBaseCapacity: 1 }'))).toHaveLength(0);
    expect(Object.keys(rules(''))).toHaveLength(0);
  });
});

describe('notices', () => {
  it('reach every address of the fleet file', () => {
    scaler.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'ops@example.com',
      RedrivePolicy: { deadLetterTargetArn: Match.anyValue() },
    });
  });

  it('come over TLS only, and from the scaler alone; alarms of the scaler itself have a topic of their own', () => {
    const policies = Object.values(scaler.findResources('AWS::SNS::TopicPolicy'));
    const byTopic = new Map(
      policies.map(({ Properties }) => [Properties.Topics[0].Ref, Properties.PolicyDocument.Statement]),
    );
    const [notices, alarms] = ['Notices', 'Alarms'].map(
      (id) => [...byTopic].find(([topic]) => topic.startsWith(`Scaler${id}`))![1],
    );
    const tls = { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    expect(notices).toEqual([expect.objectContaining(tls)]);
    expect(alarms).toEqual([
      expect.objectContaining(tls),
      expect.objectContaining({ Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' } }),
    ]);
  });

  it('are mailed by the sweep, and by no other function', () => {
    const mail = names.filter((name) => statements(name).flatMap(actionsOf).includes('sns:Publish'));
    expect(mail).toEqual(['sweep']);
  });
});

describe('the watch over the scaler', () => {
  const alarms = scaler.findResources('AWS::CloudWatch::Alarm');

  it('is four alarms, and each tells people', () => {
    expect(Object.values(alarms).map(({ Properties }) => Properties.AlarmName)).toEqual([
      'lunch-dead-letters',
      'lunch-function-errors',
      'lunch-function-throttles',
      'lunch-sweep-heartbeat',
    ]);
    for (const { Properties } of Object.values(alarms))
      expect(Properties.AlarmActions).toEqual([{ Ref: expect.stringMatching(/^ScalerAlarms/) }]);
  });

  it('sees errors and throttles of every function', () => {
    for (const name of ['lunch-function-errors', 'lunch-function-throttles']) {
      const alarm = Object.values(alarms).find(({ Properties }) => Properties.AlarmName === name);
      expect(alarm!.Properties.Metrics).toHaveLength(names.length + 1);
    }
  });

  it('hears the heart stop within five minutes, and takes silence for death', () => {
    scaler.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'lunch-sweep-heartbeat',
      EvaluationPeriods: 5,
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'breaching',
      Metrics: Match.arrayWith([Match.objectLike({ MetricStat: Match.objectLike({ Period: 60 }) })]),
    });
  });

  it('has a queue that is encrypted and takes nothing over plain HTTP', () => {
    scaler.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'lunch-dead-letters',
      SqsManagedSseEnabled: true,
    });
    scaler.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });
});

describe('what a person needs', () => {
  it('is printed by the deploy', () => {
    const outputs = Object.keys(scaler.toJSON().Outputs);
    expect(outputs).toEqual(
      expect.arrayContaining(['BumpFunction', 'HistoryFunction', 'LedgerTable', 'DashboardAddress']),
    );
  });

  it('leads to the console of its own partition', () => {
    const { Outputs, Mappings } = scaler.toJSON();
    const [map] = Outputs.DashboardAddress.Value['Fn::Join'][1][1]['Fn::FindInMap'];
    expect(Mappings[map]['aws-cn']).toEqual({ host: 'console.amazonaws.cn' });
  });

  it('is on one dashboard: servers, load against thresholds, decisions, and the scaler itself', () => {
    const [dashboard] = Object.values(scaler.findResources('AWS::CloudWatch::Dashboard'));
    const body = JSON.stringify(dashboard!.Properties.DashboardBody);
    for (const title of [
      'business: servers',
      'business: cpu-high',
      'Decisions by reason',
      'Scaler: failures',
    ])
      expect(body).toContain(title);
    expect(dashboard!.Properties.DashboardName).toBe('lunch');
  });

  it('shows what is tracked beside its target, as far as servers tell it', () => {
    const targets = ['cpu', 'networkOut', 'requestsPerTarget'].map(
      (metric) => `{ metric: ${metric}, targetValue: 70 }`,
    );
    const tracked = exampleFleet.replace('initialCapacity: 5', `targets: [${targets}]`);
    const [dashboard] = Object.values(
      synthesize(tracked).template('lunch-scaler').findResources('AWS::CloudWatch::Dashboard'),
    );
    const body = JSON.stringify(dashboard!.Properties.DashboardBody);
    for (const metric of ['cpu', 'networkOut'])
      expect(body).toContain(`business: ${metric} against its target`);
    expect(body).not.toContain('requestsPerTarget');
  });
});

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** Statements of one function's own role. */
function statements(name: string): Statement[] {
  const [id] = Object.keys(
    scaler.findResources('AWS::IAM::Role', {
      Properties: { Description: Match.stringLikeRegexp(`^lunch-${name}:`) },
    }),
  );
  const policies = scaler.findResources('AWS::IAM::Policy', { Properties: { Roles: [{ Ref: id }] } });
  return Object.values(policies).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

function actionsOf(statement: Statement): string[] {
  return [statement.Action].flat();
}
