import { ArnFormat, CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Fleet } from '../shared/fleet/fleet.ts';
import {
  deadLettersName,
  functionName,
  tableName,
  topicName,
  type topicNames,
  versionTag,
} from '../shared/fleet/names.ts';
import { version } from '../shared/version.ts';
import { Dashboard } from './dashboard.ts';
import { mayGiveUp } from './give-up.ts';
import { InstanceEvents } from './instance-events.ts';
import { accept } from './nag.ts';
import { exportAll, output } from './own-stack.ts';
import { ScalerFunctions } from './scaler-functions.ts';
import type { ScheduleTarget } from './schedules.ts';
import { setTags } from './set-tags.ts';
import { Watch } from './watch.ts';

export interface FleetScalerProps {
  readonly fleet: Fleet;
  /** Of each function, by its name. */
  readonly code: Readonly<Record<string, lambda.Code>>;
  /** What people read, if there is a topic for it. */
  readonly topic?: sns.ITopic | undefined;
  readonly logRetention?: logs.RetentionDays | undefined;
}

/** All that scales: functions, tables, topic, and the watch over them. It knows its groups by name only. */
export class FleetScaler extends Construct {
  readonly topic: sns.ITopic;
  readonly deadLetters: sqs.Queue;
  readonly ledger: dynamodb.Table;
  readonly activities: dynamodb.Table;
  readonly functions: Readonly<Record<string, lambda.Function>>;
  /** For the windows of every group. */
  readonly scheduleTarget: ScheduleTarget;

  readonly #stack: Stack;

  constructor(scope: Construct, id: string, { fleet, code, topic, logRetention }: FleetScalerProps) {
    super(scope, id);
    this.#stack = Stack.of(this);
    this.deadLetters = this.#deadLetters(fleet);
    this.topic = topic ? this.#subscribe(topic, fleet) : this.#topic('Notices', fleet, 'notices');
    this.ledger = this.#table('Ledger', fleet, {});
    this.activities = this.#table('Activities', fleet, {
      sortKey: { name: 'sort', type: dynamodb.AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
    });
    this.functions = new ScalerFunctions(this, 'Functions', {
      fleet,
      code,
      ledger: this.ledger,
      activities: this.activities,
      topic: this.topic,
      deadLetters: this.deadLetters,
      logRetention,
    }).byName;
    this.scheduleTarget = this.#schedules(fleet);
    this.#listen(fleet);
    new Watch(this, 'Watch', {
      fleet,
      functions: this.functions,
      deadLetters: this.deadLetters,
      topic: this.#alarmsTopic(fleet),
    });
    new Dashboard(this, 'Dashboard', { fleet, functions: this.functions, deadLetters: this.deadLetters });
    setTags(this, { [versionTag]: version });
    this.#outputs();
    this.#exports();
  }

  /** Behind every asynchronous path; whatever lies here was not done, and raises an alarm. */
  #deadLetters(fleet: Fleet): sqs.Queue {
    const queue = new sqs.Queue(this, 'DeadLetters', {
      queueName: deadLettersName(fleet),
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    queue.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'RulesOfThisFleet',
        principals: [new iam.ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { ArnLike: { 'aws:SourceArn': this.#rules(fleet) } },
      }),
    );
    const reason = 'This is the dead-letter queue.';
    accept(queue, { 'AwsSolutions-SQS3': reason, 'Serverless-SQSRedrivePolicy': reason });
    return queue;
  }

  #rules(fleet: Fleet): string {
    return this.#stack.formatArn({ service: 'events', resource: 'rule', resourceName: `${fleet.name}-*` });
  }

  #alarms(fleet: Fleet): string {
    const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
    return this.#stack.formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: `${fleet.name}-*`,
      arnFormat,
    });
  }

  /** Each has all addresses of the fleet file. */
  #topic(id: 'Notices' | 'Alarms', fleet: Fleet, name: (typeof topicNames)[number]): sns.Topic {
    const topic = new sns.Topic(this, id, {
      topicName: topicName(fleet, name),
      displayName: fleet.name,
      enforceSSL: true,
    });
    for (const address of fleet.notify.email) {
      topic.addSubscription(
        new subscriptions.EmailSubscription(address, { deadLetterQueue: this.deadLetters }),
      );
    }
    return topic;
  }

  /** A topic of others has subscriptions of theirs, and those that the fleet file names. */
  #subscribe(topic: sns.ITopic, fleet: Fleet): sns.ITopic {
    for (const address of fleet.notify.email) {
      new sns.Subscription(this, `Mail ${address}`, {
        topic,
        protocol: sns.SubscriptionProtocol.EMAIL,
        endpoint: address,
        deadLetterQueue: this.deadLetters,
      });
    }
    return topic;
  }

  /** What the scaler watches itself by has a topic of its own: no news of the groups may have it suspended. */
  #alarmsTopic(fleet: Fleet): sns.Topic {
    const topic = this.#topic('Alarms', fleet, 'alarms');
    topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AlarmsOfThisFleet',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': this.#stack.account },
          ArnLike: { 'aws:SourceArn': this.#alarms(fleet) },
        },
      }),
    );
    return topic;
  }

  #table(
    id: 'Ledger' | 'Activities',
    fleet: Fleet,
    props: Pick<dynamodb.TableProps, 'sortKey' | 'timeToLiveAttribute'>,
  ): dynamodb.Table {
    return new dynamodb.Table(this, id, {
      tableName: tableName(fleet, id === 'Ledger' ? 'ledger' : 'activities'),
      partitionKey: { name: 'group', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryption: dynamodb.TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...props,
    });
  }

  /** The sweep, the learning, and what the groups' own schedules need to reach `on-schedule`. */
  #schedules(fleet: Fleet): ScheduleTarget {
    const group = new scheduler.CfnScheduleGroup(this, 'Schedules', { name: fleet.name });
    const role = new iam.Role(this, 'SchedulesRole', {
      description: `Schedules of fleet ${fleet.name}`,
      assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': this.#stack.account } },
      }),
    });
    const targets = ['on-schedule', 'sweep', 'learn'].map((name) => this.functions[name]!);
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: targets.map(({ functionArn }) => functionArn),
      }),
    );
    role.addToPolicy(mayGiveUp(this.deadLetters));
    const last = this.#openActivities(fleet);
    const every = (
      id: string,
      name: string,
      props: Pick<scheduler.CfnScheduleProps, 'scheduleExpression' | 'description'>,
    ) => {
      const schedule = new scheduler.CfnSchedule(this, id, {
        ...props,
        name: functionName(fleet, name),
        groupName: group.ref,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: this.functions[name]!.functionArn,
          roleArn: role.roleArn,
          input: '{}',
          retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
          deadLetterConfig: { arn: this.deadLetters.queueArn },
        },
      });
      // The policy is a resource of its own, and the role is of no use before it.
      schedule.node.addDependency(role);
      // Deleted before what ends the activities that are under way: no sweep begins another.
      schedule.node.addDependency(last);
    };
    every('SweepSchedule', 'sweep', {
      description: 'Looks at every group: what the events missed, it heals',
      scheduleExpression: 'rate(1 minute)',
    });
    if (Object.values(fleet.groups).some(({ objective, forecast }) => objective ?? forecast)) {
      every('LearnSchedule', 'learn', {
        description: 'Learns from the load of groups that have an objective or a forecast',
        // When the last minutes of the hour are certain to be published.
        scheduleExpression: 'cron(10 * * * ? *)',
      });
    }
    return {
      scheduleGroup: group.ref,
      functionArn: this.functions['on-schedule']!.functionArn,
      roleArn: role.roleArn,
      deadLetters: this.deadLetters.queueArn,
    };
  }

  /** As it is deleted, what is under way ends in the history: in groups that stay nobody else would end it. */
  #openActivities({ name }: Fleet): CustomResource {
    return new CustomResource(this, 'OpenActivities', {
      resourceType: 'Custom::OpenActivities',
      serviceToken: this.functions['release']!.functionArn,
      serviceTimeout: Duration.minutes(5),
      properties: { fleet: name },
    });
  }

  /** Alarms and rules of this fleet, whichever stack they are in, may call their functions. */
  #listen(fleet: Fleet): void {
    const onAlarm = this.functions['on-alarm']!;
    onAlarm.addPermission('Alarms', {
      principal: new iam.ServicePrincipal('lambda.alarms.cloudwatch.amazonaws.com'),
      sourceAccount: this.#stack.account,
      sourceArn: this.#alarms(fleet),
    });
    this.functions['on-instance-event']!.addPermission('Rules', {
      principal: new iam.ServicePrincipal('events.amazonaws.com'),
      // The account is in it.
      sourceArn: this.#rules(fleet),
    });
    new InstanceEvents(this, 'InstanceEvents', {
      fleet,
      functionArn: this.functions['on-instance-event']!.functionArn,
      deadLetters: this.deadLetters.queueArn,
    });
  }

  /** Whatever any group may import: otherwise a fleet could not give up its last window. */
  #exports(): void {
    const { scheduleGroup, functionArn, roleArn, deadLetters } = this.scheduleTarget;
    const functions = ['on-alarm', 'on-instance-event', 'release'].map(
      (name) => this.functions[name]!.functionArn,
    );
    const topics = this.topic.node.scope === this ? [this.topic.topicArn] : [];
    exportAll(this, [scheduleGroup, functionArn, roleArn, deadLetters, ...topics, ...functions]);
  }

  #outputs(): void {
    for (const [name, { functionName }] of Object.entries(this.functions)) {
      const id = name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
      output(this, `${id}Function`, functionName);
    }
    output(this, 'LedgerTable', this.ledger.tableName);
    output(this, 'ActivitiesTable', this.activities.tableName);
    output(this, 'NoticesTopic', this.topic.topicArn);
    output(this, 'DeadLettersQueue', this.deadLetters.queueUrl);
    output(this, 'RushhourVersion', version, 'Of Rushhour, with which this was deployed');
  }
}
